//! The charts beside the groups: the map of the pictures, how well each number of groups does, how well each picture fits.

mod card;
mod counts;
mod flat;
mod gesture;
mod layers;
mod motion;
mod paint;
mod pictures;
mod selection;
mod silhouettes;
mod space;
mod toolbar;

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::save_plot::SavePlot;
use crate::state::State;
use crate::text;
use shoal::plot::ChartKind;

pub use counts::Counts;
pub use silhouettes::Silhouettes;

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
                <SavePlot state kind=move || if in_space.get_untracked() { ChartKind::Pca3d } else { ChartKind::Pca2d }/>
            </header>
            <Show when=move || in_space.get() fallback=move || view! { <flat::FlatMap state/> }>
                <space::SpaceMap state/>
            </Show>
            <selection::Selection state/>
        </section>
    }
}

/// Where on a map a pointer is, in CSS pixels from its top left.
fn place_of(event: &web_sys::MouseEvent) -> gesture::Place {
    let target = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let (left, top) = target.map_or((0.0, 0.0), |target| {
        let edges = target.get_bounding_client_rect();
        (edges.left(), edges.top())
    });
    (f64::from(event.client_x()) - left, f64::from(event.client_y()) - top)
}

/// Lets a pointer be heard beyond the map while it is down.
fn capture(event: &web_sys::PointerEvent) {
    let target = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    if let Some(target) = target {
        // Without it a drag ends where the pointer leaves.
        let _ = target.set_pointer_capture(event.pointer_id());
    }
}

/// How much nearer a turn of the wheel brings; two fingers on a touchpad are told as a wheel too.
fn wheel_factor(event: &web_sys::WheelEvent) -> f64 {
    let line_px = if event.delta_mode() == web_sys::WheelEvent::DOM_DELTA_LINE { 16.0 } else { 1.0 };
    (-event.delta_y() * line_px / 100.0).clamp(-0.25, 0.25).exp()
}

/// Whether a key is one of the browser's own shortcuts, which a map leaves alone; with Enter it adds to a selection.
fn is_shortcut(event: &web_sys::KeyboardEvent) -> bool {
    (event.ctrl_key() || event.meta_key() || event.alt_key()) && event.key() != "Enter"
}
