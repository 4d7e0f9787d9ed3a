//! The charts beside the groups: the map of the pictures, and how well each number of groups does.

use leptos::prelude::*;

use crate::plot::{Curve, PlotStyle, ScatterPoint, draw_curve, draw_scatter};
use crate::web::view::chart::Chart;
use crate::web::view::state::State;
use crate::web::view::text;

/// PCA in two dimensions.
#[component]
pub fn Map(state: State) -> impl IntoView {
    view! {
        <section class="plot" aria-label=text::PLOT part="plot">
            <h2>{text::PLOT}</h2>
            <Chart
                describe=text::PLOT_DESCRIPTION
                paint=move |area, style| {
                    let Some(outcome) = state.outcome.get() else { return Ok(()) };
                    let points: Vec<ScatterPoint> = outcome
                        .items
                        .iter()
                        .map(|item| ScatterPoint { x: item.pca[0], y: item.pca[1], cluster: item.cluster })
                        .collect();
                    let style = PlotStyle { explained: outcome.explained, ..style };
                    draw_scatter(area, &points, &style).map_err(|error| error.to_string())
                }
            />
        </section>
    }
}

/// The curve over the number of groups, and the counts worth a look to choose from.
#[component]
pub fn Counts(state: State) -> impl IntoView {
    let has_curve = move || state.sweep.with(Option::is_some);
    let chosen = move || state.outcome.with(|outcome| outcome.as_ref().map_or(0, |outcome| outcome.k));
    let proposals = move || {
        let sweep = state.sweep.get()?;
        let curve = sweep.curve.clone()?;
        let silhouette = move |k: usize| curve.iter().find(|point| point.k == k).and_then(|point| point.silhouette);
        let proposals = sweep.proposals.clone().unwrap_or_default();
        Some(proposals.into_iter().map(|k| (k, silhouette(k), k == chosen())).collect::<Vec<_>>())
    };
    view! {
        <Show when=has_curve>
            <section class="plot counts" aria-label=text::COUNTS part="curve">
                <h2>{text::COUNTS}</h2>
                <Chart
                    describe=text::COUNTS_DESCRIPTION
                    paint=move |area, style| {
                        let Some(sweep) = state.sweep.get() else { return Ok(()) };
                        let points: Vec<_> =
                            sweep.curve.iter().flatten().map(|point| (point.k, point.silhouette)).collect();
                        let proposals = sweep.proposals.clone().unwrap_or_default();
                        let curve = Curve { points: &points, chosen: chosen(), proposals: &proposals };
                        draw_curve(area, &curve, &style).map_err(|error| error.to_string())
                    }
                />
                <p class="soft">{text::PROPOSALS}</p>
                <div class="buttons proposals">
                    {move || proposals().into_iter().flatten().map(|(k, silhouette, chosen)| view! {
                        <button
                            type="button"
                            aria-pressed=chosen.to_string()
                            disabled=move || state.busy.get()
                            on:click=move |_| state.try_count(k)
                        >
                            {format!("{} · {}", text::groups(k), text::silhouette(silhouette))}
                        </button>
                    }).collect_view()}
                </div>
            </section>
        </Show>
    }
}
