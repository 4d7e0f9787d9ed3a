//! The curve of the mean silhouette over the number of clusters, and the values of k that it proposes.

use leptos::{html, prelude::*};

use crate::chart::{Chart, watch};
use crate::save_plot::SavePlot;
use crate::state::State;
use crate::text;
use shoal::collection::arrangement::EditKind;
use shoal::plot::{ChartKind, CurveData, draw_curve};

/// The curve, and a button for each proposed k; nothing while no clustering has tried several.
#[component]
pub fn CurvePlot(state: State) -> impl IntoView {
    let has_curve = move || state.sweep.with(Option::is_some);
    // 0, which no curve has, where the clusters are not those of a point of the curve: edits and other methods make others.
    let chosen_k = move || {
        let (last_edit, _) = state.engine().edits_to_undo_and_redo();
        let is_found = matches!(last_edit, None | Some(EditKind::Cluster));
        state.clustering.with(|clustering| {
            let found = clustering.as_ref().filter(|found| is_found && found.method.info().needs_k);
            found.map_or(0, |found| found.k)
        })
    };
    let proposals = move || {
        let sweep = state.sweep.get()?;
        let curve = sweep.curve.clone()?;
        let silhouette = move |k: usize| curve.iter().find(|point| point.k == k).and_then(|point| point.silhouette);
        let proposals = sweep.proposals.clone().unwrap_or_default();
        Some(proposals.into_iter().map(|k| (k, silhouette(k), k == chosen_k())).collect::<Vec<_>>())
    };
    let canvas = NodeRef::<html::Canvas>::new();
    let surface = watch(canvas);
    view! {
        <Show when=has_curve>
            <section class="plot counts" aria-label=text::CURVE part="curve">
                <header>
                    <h2>{text::CURVE}</h2>
                    <SavePlot state kind=|| ChartKind::Curve/>
                </header>
                <Chart
                    description=text::CURVE_DESCRIPTION
                    canvas
                    surface
                    paint=move |area, style| {
                        let Some(sweep) = state.sweep.get() else { return Ok(()) };
                        let points: Vec<_> =
                            sweep.curve.iter().flatten().map(|point| (point.k, point.silhouette)).collect();
                        let proposals = sweep.proposals.clone().unwrap_or_default();
                        let curve = CurveData { points: &points, chosen: chosen_k(), proposals: &proposals };
                        draw_curve(area, &curve, &style).map_err(|error| error.to_string())
                    }
                />
                <p class="soft">{text::PROPOSALS}</p>
                <div class="buttons proposals">
                    {move || proposals().into_iter().flatten().map(|(k, silhouette, is_chosen)| view! {
                        <button
                            type="button"
                            aria-pressed=is_chosen.to_string()
                            disabled=move || state.busy.get()
                            on:click=move |_| state.cluster_with_k(k)
                        >
                            {text::proposal(k, silhouette)}
                        </button>
                    }).collect_view()}
                </div>
            </section>
        </Show>
    }
}
