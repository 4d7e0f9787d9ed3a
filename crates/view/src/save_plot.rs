//! The links at a chart that save it as a picture.

use leptos::prelude::*;

use crate::state::State;
use crate::text;
use shoal::plot::Figure;
use shoal_engine::{PlotFormat, PlotKind};

/// The two buttons; `kind` is asked for when one is clicked.
#[component]
pub fn SavePlot(state: State, kind: impl Fn() -> PlotKind + Copy + Send + Sync + 'static) -> impl IntoView {
    let button = move |format: PlotFormat, words: &'static str| {
        view! {
            <button
                type="button"
                class="quiet"
                title=text::save_as(words)
                aria-label=text::save_as(words)
                on:click=move |_| state.save_plot(kind(), format)
            >
                {words}
            </button>
        }
    };
    view! {
        <span class="save-plot">{button(PlotFormat::Png, "PNG")} {button(PlotFormat::Svg, "SVG")}</span>
    }
}

/// The name of the file that a plot is saved as.
pub fn file_name(kind: PlotKind, format: PlotFormat) -> String {
    let name = match kind {
        PlotKind::Chart(Figure::Pca2d) => "map-2d",
        PlotKind::Chart(Figure::Pca3d) => "map-3d",
        PlotKind::Chart(Figure::Silhouette) => "silhouettes",
        PlotKind::Chart(Figure::Curve) => "curve",
        PlotKind::Contact => "contact-sheet",
    };
    let extension = match format {
        PlotFormat::Png => "png",
        PlotFormat::Svg => "svg",
    };
    format!("shoal-{name}.{extension}")
}
