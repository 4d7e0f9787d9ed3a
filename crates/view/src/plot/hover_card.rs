//! The hover card of a map: thumbnail, name and cluster of the image under the pointer.

use leptos::prelude::*;

use crate::state::State;
use crate::text;
use shoal::collection::file_name;

/// The distance between point and card, in CSS pixels.
const DISTANCE_PX: f64 = 14.0;
/// The card's width, in CSS pixels; the same as in the style sheet.
const WIDTH_PX: f64 = 144.0;

/// Where a card is attached, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Anchor {
    /// The image's point, from the map's top left.
    pub point: (f64, f64),
    /// Width and height of the map.
    pub map_size: (f64, f64),
}

/// The card of the image at `path`, on the side of its point that has more room.
#[component]
pub fn HoverCard(state: State, path: String, anchor: Anchor) -> impl IntoView {
    let Anchor { point: (x, y), map_size: (width, height) } = anchor;
    let left = if x > width / 2.0 { x - DISTANCE_PX - WIDTH_PX } else { x + DISTANCE_PX };
    let left = left.clamp(0.0, (width - WIDTH_PX).max(0.0));
    let rise = if y > height / 2.0 { "-100%" } else { "0" };
    let cluster_name = state.clustering.with_untracked(|clustering| {
        let clustering = clustering.as_ref()?;
        Some(clustering.cluster(clustering.item(&path)?.cluster?)?.name.clone())
    });
    let name = file_name(&path).to_owned();
    view! {
        <div class="card-at-point" style:transform=format!("translate({left}px, {y}px) translateY({rise})")>
            <img src=state.engine().thumbnail_url(&path).unwrap_or_default() alt="" decoding="async"/>
            <strong>{name}</strong>
            <span>{cluster_name.map_or_else(|| text::UNASSIGNED.to_owned(), |name| text::in_group(&name))}</span>
        </div>
    }
}
