//! The picture under the pointer, beside its point: what it shows, its name and its group.

use leptos::prelude::*;

use crate::state::State;
use crate::text;
use shoal::collection::file_name;

/// How far from the point the card is, in CSS pixels.
const APART_PX: f64 = 14.0;
/// How wide the card is, in CSS pixels, as the style sheet has it.
const WIDTH_PX: f64 = 144.0;

/// Where a card is: its point, and the size of the map, in CSS pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spot {
    /// The point's place from the left and the top.
    pub place: (f64, f64),
    /// Width and height of the map.
    pub size: (f64, f64),
}

/// The card of the picture at `path`, on the side of its point that has more room.
#[component]
pub fn Card(state: State, path: String, spot: Spot) -> impl IntoView {
    let Spot { place: (x, y), size: (width, height) } = spot;
    let left = if x > width / 2.0 { x - APART_PX - WIDTH_PX } else { x + APART_PX };
    let left = left.clamp(0.0, (width - WIDTH_PX).max(0.0));
    let rise = if y > height / 2.0 { "-100%" } else { "0" };
    let group = state.clustering.with_untracked(|clustering| {
        let clustering = clustering.as_ref()?;
        Some(clustering.cluster(clustering.item(&path)?.cluster?)?.name.clone())
    });
    let name = file_name(&path).to_owned();
    view! {
        <div class="card-at-point" style:transform=format!("translate({left}px, {y}px) translateY({rise})")>
            <img src=state.engine().thumbnail_url(&path).unwrap_or_default() alt="" decoding="async"/>
            <strong>{name}</strong>
            <span>{group.map_or_else(|| text::ASIDE.to_owned(), |name| text::in_group(&name))}</span>
        </div>
    }
}
