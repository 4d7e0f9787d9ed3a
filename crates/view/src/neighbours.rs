//! The images most similar to the one in the lightbox.

use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::state::{LightboxImage, State};
use crate::text;
use shoal_engine::Neighbour;

/// The number of similar images shown.
const SHOWN: usize = 12;

/// The most similar images, each of which opens in the lightbox.
#[component]
pub fn Neighbours(state: State, path: String) -> impl IntoView {
    let found = RwSignal::new_local(Rc::<[Neighbour]>::from([]));
    let query = path.clone();
    spawn_local(async move {
        // Without neighbours the lightbox still shows the image.
        if let Ok(neighbours) = state.engine().current_neighbours(&query, SHOWN).await {
            // Disposed if the lightbox shows another image by now.
            let _ = found.try_set(neighbours.into());
        }
    });
    let items = move || {
        let found = found.get();
        let siblings: Arc<[String]> =
            std::iter::once(path.clone()).chain(found.iter().map(|neighbour| neighbour.path.clone())).collect();
        found
            .iter()
            .filter_map(|neighbour| Some((state.engine().thumbnail_url(&neighbour.path)?, neighbour.clone())))
            .map(|(url, Neighbour { path, cosine })| {
                let title = text::neighbour(&path, cosine);
                let image = LightboxImage { path, siblings: siblings.clone() };
                view! {
                    <li>
                        <button
                            type="button"
                            class="picture"
                            title=title.clone()
                            on:click=move |_| state.lightbox.set(Some(image.clone()))
                        >
                            <img src=url alt=title.clone() decoding="async"/>
                        </button>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <Show when=move || found.with(|found| !found.is_empty())>
            <h3>{text::MOST_LIKE_THIS}</h3>
        </Show>
        <ul class="thumbnails">{items}</ul>
    }
}
