//! The silhouette plot; a click on a group's bars opens the group.

use leptos::{html, prelude::*};

use crate::library::Outcome;
use crate::plot::{SilhouetteBars, band_at, draw_silhouettes};
use crate::web::view::chart::{Chart, watch};
use crate::web::view::state::{Opened, State};
use crate::web::view::text;

/// The silhouette plot.
#[component]
pub fn Silhouettes(state: State) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let surface = watch(canvas);
    let bars = Memo::new(move |_| state.outcome.with(|outcome| outcome.as_deref().map(bars).unwrap_or_default()));
    let open = move |event: web_sys::MouseEvent| {
        let Some(surface) = surface.get_untracked() else { return };
        let y_px = surface.to_px(f64::from(event.offset_y()));
        let group = bars.with_untracked(|bars| band_at(bars, surface.size_px, &surface.style, y_px));
        if let Some(id) = group {
            state.open(Opened::Group(id));
        }
    };
    view! {
        <section class="plot silhouettes" aria-label=text::SILHOUETTES part="silhouettes">
            <h2>{text::SILHOUETTES}</h2>
            // The groups' cards open them too, also without a pointer.
            <div on:click=open>
                <Chart
                    describe=text::SILHOUETTES_DESCRIPTION
                    canvas
                    surface
                    paint=move |area, style| {
                        bars.with(|bars| draw_silhouettes(area, bars, &style)).map_err(|error| error.to_string())
                    }
                />
            </div>
        </section>
    }
}

/// Every cluster's silhouettes.
fn bars(outcome: &Outcome) -> Vec<SilhouetteBars> {
    let mut bars: Vec<SilhouetteBars> = outcome
        .clusters
        .iter()
        .map(|group| SilhouetteBars { cluster: group.id, name: group.name.clone(), silhouettes: Vec::new() })
        .collect();
    for item in &outcome.items {
        // Clusters are in id order.
        let place = item.cluster.and_then(|id| bars.binary_search_by_key(&id, |bars| bars.cluster).ok());
        if let (Some(place), Some(silhouette)) = (place, item.silhouette) {
            bars[place].silhouettes.push(silhouette);
        }
    }
    bars
}
