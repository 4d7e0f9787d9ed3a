//! The silhouette plot. A click on a cluster's bars opens the cluster in the image panel.

use leptos::{html, prelude::*};

use crate::chart::{Chart, watch};
use crate::save_plot::SavePlot;
use crate::state::{ImageSet, State};
use crate::text;
use shoal::plot::{ChartKind, band_at, draw_silhouettes, silhouette_bars};

/// The plot; nothing where silhouettes are undefined.
#[component]
pub fn SilhouettePlot(state: State) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let surface = watch(canvas);
    let bars = Memo::new(move |_| {
        state.clustering.with(|clustering| clustering.as_deref().map(silhouette_bars).unwrap_or_default())
    });
    // Silhouettes are undefined for a single cluster.
    let has_silhouettes =
        move || state.clustering.with(|clustering| clustering.as_ref().is_some_and(|one| one.silhouette.is_some()));
    let open = move |event: web_sys::MouseEvent| {
        let Some(surface) = surface.get_untracked() else { return };
        let y_px = surface.to_px(f64::from(event.offset_y()));
        let cluster = bars.with_untracked(|bars| band_at(bars, surface.size_px, &surface.style, y_px));
        if let Some(id) = cluster {
            state.show_images(ImageSet::Cluster(id));
        }
    };
    view! {
        <Show when=has_silhouettes>
            <section class="plot silhouettes" aria-label=text::SILHOUETTES part="silhouettes">
                <header>
                    <h2>{text::SILHOUETTES}</h2>
                    <SavePlot state kind=|| ChartKind::Silhouette/>
                </header>
                // Without a pointer, the clusters' cards do the same.
                <div on:click=open>
                    <Chart
                        description=text::SILHOUETTES_DESCRIPTION
                        canvas
                        surface
                        paint=move |area, style| {
                            bars.with(|bars| draw_silhouettes(area, bars, &style)).map_err(|error| error.to_string())
                        }
                    />
                </div>
            </section>
        </Show>
    }
}
