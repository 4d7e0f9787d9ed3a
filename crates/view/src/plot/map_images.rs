//! Thumbnails on the map in place of points, as many as fit without overlap.

use leptos::prelude::*;

use crate::plot::layers::Layers;
use shoal::plot::{css_colour, spread_out};

/// The room per thumbnail, in CSS pixels: its side in the style sheet, and some space.
const SPACING_PX: f64 = 36.0;
/// The most thumbnails shown.
const COUNT_MAX: usize = 400;

/// A thumbnail on the map.
#[derive(Clone, PartialEq)]
struct MapImage {
    path: String,
    url: String,
    /// Its centre, in CSS pixels from the map's top left.
    point: (f64, f64),
    colour: String,
}

/// The thumbnails.
#[component]
pub fn MapImages(layers: Layers) -> impl IntoView {
    let Layers { state, surface, marks, .. } = layers;
    let images = move || {
        let Some(surface) = surface.get() else { return Vec::new() };
        let engine = state.engine();
        marks.with(|marks| {
            spread_out(marks, surface.to_px(SPACING_PX).round() as i32, COUNT_MAX)
                .into_iter()
                .filter_map(|mark| {
                    let path = layers.path_of(mark)?;
                    Some(MapImage {
                        url: engine.thumbnail_url(&path)?,
                        path,
                        point: (surface.to_css_px(mark.centre_px.0.into()), surface.to_css_px(mark.centre_px.1.into())),
                        colour: css_colour(mark.style.colour),
                    })
                })
                .collect()
        })
    };
    view! {
        <div class="pictures" aria-hidden="true">
            {move || images().into_iter().map(|MapImage { path, url, point: (x, y), colour }| view! {
                <img
                    src=url
                    alt=""
                    decoding="async"
                    class:pale=move || state.selected.with(|selected| !selected.is_empty() && !selected.contains(&path))
                    style:transform=format!("translate({x}px, {y}px)")
                    style:border-color=colour
                />
            }).collect_view()}
        </div>
    }
}
