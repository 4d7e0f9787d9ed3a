//! The charts beside the clusters: the map of the images, the curve over k, the silhouettes.

mod curve;
mod gesture;
mod hover_card;
mod layers;
mod map_2d;
mod map_3d;
mod map_images;
mod paint;
mod pointer;
mod selection;
mod silhouettes;
mod throttle;
mod toolbar;
mod viewport_2d;

use leptos::prelude::*;

use crate::save_plot::SavePlot;
use crate::state::State;
use crate::text;
use shoal::plot::{ChartKind, ChartView};

pub use curve::CurvePlot;
pub use silhouettes::SilhouettePlot;

/// The map of the images on their first two or three principal components. It is saved as it is shown.
#[component]
pub fn Map(state: State) -> impl IntoView {
    let (is_3d, view) = (RwSignal::new(false), RwSignal::new(ChartView::default()));
    let button = move |shows_3d: bool, label: &'static str| {
        view! {
            <button type="button" aria-pressed=move || (is_3d.get() == shows_3d).to_string() on:click=move |_| is_3d.set(shows_3d)>
                {label}
            </button>
        }
    };
    let kind = move || if is_3d.get_untracked() { ChartKind::Pca3d } else { ChartKind::Pca2d };
    view! {
        <section class="plot" aria-label=text::MAP part="plot">
            <header>
                <h2>{text::MAP}</h2>
                <div class="buttons" role="group" aria-label=text::DIMENSIONS>
                    {button(false, text::MAP_2D)}
                    {button(true, text::MAP_3D)}
                </div>
                <SavePlot state kind view/>
            </header>
            <Show when=move || is_3d.get() fallback=move || view! { <map_2d::Map2d state view/> }>
                <map_3d::Map3d state view/>
            </Show>
            <selection::SelectedImages state/>
        </section>
    }
}
