//! Pictures in place of points, as many as have room.

use leptos::prelude::*;

use crate::plot::layers::Layers;
use shoal::plot::{css_colour, spread_out};

/// The side of a picture, in CSS pixels, as the style sheet has it, with some room between two.
const SIDE_PX: f64 = 36.0;
/// At most so many are shown.
const MOST: usize = 400;

/// A picture on the map.
#[derive(Clone, PartialEq)]
struct Image {
    path: String,
    url: String,
    place: (f64, f64),
    colour: String,
}

/// The pictures.
#[component]
pub fn Pictures(layers: Layers) -> impl IntoView {
    let Layers { state, surface, marks, .. } = layers;
    let pictures = move || {
        let Some(surface) = surface.get() else { return Vec::new() };
        let engine = state.engine();
        marks.with(|marks| {
            spread_out(marks, surface.to_px(SIDE_PX).round() as i32, MOST)
                .into_iter()
                .filter_map(|mark| {
                    let path = layers.path_of(mark)?;
                    Some(Image {
                        url: engine.thumbnail_url(&path)?,
                        path,
                        place: (surface.to_css_px(mark.centre_px.0.into()), surface.to_css_px(mark.centre_px.1.into())),
                        colour: css_colour(mark.style.colour),
                    })
                })
                .collect()
        })
    };
    view! {
        <div class="pictures" aria-hidden="true">
            {move || pictures().into_iter().map(|Image { path, url, place: (x, y), colour }| view! {
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
