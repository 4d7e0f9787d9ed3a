//! The charts beside the groups: the map of the pictures, and how well each number of groups does.

use leptos::prelude::*;

use crate::plot::{
    Curve, Figure, PlotStyle, ScatterPoint, SpacePoint, Viewpoint, draw_curve, draw_scatter, draw_silhouettes,
    draw_space, silhouette_bars,
};
use crate::web::engine::PlotKind;
use crate::web::view::chart::Chart;
use crate::web::view::save_plot::SavePlot;
use crate::web::view::state::State;
use crate::web::view::text;

/// One step of an arrow key, in radians.
const KEY_TURN: f32 = 0.1;
/// One step of `+`, `-` or the wheel.
const ZOOM_STEP: f32 = 1.15;
/// So far a pointer moves for a turn of one radian, in CSS pixels.
const PX_A_RADIAN: f32 = 150.0;
/// More points than this are thinned out while the map is turned.
const MOST_WHILE_TURNED: usize = 2000;

/// PCA in two or three dimensions.
#[component]
pub fn Map(state: State) -> impl IntoView {
    let in_space = RwSignal::new(false);
    let switch = move |space: bool, words: &'static str| {
        view! {
            <button type="button" aria-pressed=move || (in_space.get() == space).to_string() on:click=move |_| in_space.set(space)>
                {words}
            </button>
        }
    };
    view! {
        <section class="plot" aria-label=text::PLOT part="plot">
            <header>
                <h2>{text::PLOT}</h2>
                <div class="buttons" role="group" aria-label=text::DIMENSIONS>
                    {switch(false, text::FLAT_MAP)}
                    {switch(true, text::SPACE_MAP)}
                </div>
                <SavePlot state kind=move || PlotKind::Chart(if in_space.get_untracked() { Figure::Pca3d } else { Figure::Pca2d })/>
            </header>
            <Show when=move || in_space.get() fallback=move || view! { <FlatMap state/> }>
                <SpaceMap state/>
            </Show>
        </section>
    }
}

#[component]
fn FlatMap(state: State) -> impl IntoView {
    view! {
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
    }
}

/// The map to turn: by dragging, by the arrow keys, `+`, `-` and `0`.
#[component]
fn SpaceMap(state: State) -> impl IntoView {
    let viewpoint = RwSignal::new(Viewpoint::default());
    let dragged = RwSignal::new(false);
    let on_key = move |event: web_sys::KeyboardEvent| {
        let change: fn(Viewpoint) -> Viewpoint = match event.key().as_str() {
            "ArrowLeft" => |view| view.turned(-KEY_TURN, 0.0),
            "ArrowRight" => |view| view.turned(KEY_TURN, 0.0),
            "ArrowUp" => |view| view.turned(0.0, KEY_TURN),
            "ArrowDown" => |view| view.turned(0.0, -KEY_TURN),
            "+" | "=" => |view| view.nearer(ZOOM_STEP),
            "-" => |view| view.nearer(1.0 / ZOOM_STEP),
            "0" => |_| Viewpoint::default(),
            _ => return,
        };
        event.prevent_default();
        viewpoint.update(|view| *view = change(*view));
    };
    let on_down = move |event: web_sys::PointerEvent| {
        dragged.set(true);
        // Without it the map stops turning where the pointer leaves it.
        let _ = event_target::<web_sys::Element>(&event).set_pointer_capture(event.pointer_id());
    };
    let on_move = move |event: web_sys::PointerEvent| {
        if dragged.get_untracked() {
            let turn = |px: i32| px as f32 / PX_A_RADIAN;
            viewpoint.update(|view| *view = view.turned(turn(event.movement_x()), turn(event.movement_y())));
        }
    };
    let on_wheel = move |event: web_sys::WheelEvent| {
        // Only with the key that zooms pages too: the wheel alone scrolls past.
        if event.ctrl_key() {
            event.prevent_default();
            let factor = if event.delta_y() < 0.0 { ZOOM_STEP } else { 1.0 / ZOOM_STEP };
            viewpoint.update(|view| *view = view.nearer(factor));
        }
    };
    view! {
        <div
            class="space"
            tabindex="0"
            role="application"
            aria-label=text::SPACE_HINT
            on:keydown=on_key
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=move |_| dragged.set(false)
            on:pointercancel=move |_| dragged.set(false)
            on:wheel=on_wheel
            on:dblclick=move |_| viewpoint.set(Viewpoint::default())
        >
            <Chart
                describe=text::PLOT_DESCRIPTION
                paint=move |area, style| {
                    let Some(outcome) = state.outcome.get() else { return Ok(()) };
                    let step = if dragged.get() { outcome.items.len().div_ceil(MOST_WHILE_TURNED).max(1) } else { 1 };
                    let items = outcome.items.iter().step_by(step);
                    let points: Vec<SpacePoint> =
                        items.map(|item| SpacePoint { place: item.pca, cluster: item.cluster }).collect();
                    let style = PlotStyle { explained: outcome.explained, ..style };
                    draw_space(area, &points, viewpoint.get(), &style).map_err(|error| error.to_string())
                }
            />
            <p class="soft">{text::SPACE_HINT}</p>
        </div>
    }
}

/// The silhouette plot.
#[component]
pub fn Silhouettes(state: State) -> impl IntoView {
    view! {
        <section class="plot silhouettes" aria-label=text::SILHOUETTES part="silhouettes">
            <header>
                <h2>{text::SILHOUETTES}</h2>
                <SavePlot state kind=|| PlotKind::Chart(Figure::Silhouette)/>
            </header>
            <Chart
                describe=text::SILHOUETTES_DESCRIPTION
                paint=move |area, style| {
                    let Some(outcome) = state.outcome.get() else { return Ok(()) };
                    draw_silhouettes(area, &silhouette_bars(&outcome), &style).map_err(|error| error.to_string())
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
                <header>
                    <h2>{text::COUNTS}</h2>
                    <SavePlot state kind=|| PlotKind::Chart(Figure::Curve)/>
                </header>
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
