//! A short list of thumbnails, each of which opens in the lightbox and can be dragged to another cluster.

use std::sync::Arc;

use leptos::prelude::*;

use crate::drag_drop;
use crate::state::{LightboxImage, State};

/// The thumbnails of the images at `paths`.
#[component]
pub fn Thumbnails(state: State, paths: Vec<String>) -> impl IntoView {
    let engine = state.engine();
    let siblings: Arc<[String]> = paths.into();
    let items = siblings
        .iter()
        .map(|path| (engine.thumbnail_url(path), path.clone()))
        .map(|(url, path)| {
            let image = LightboxImage { path: path.clone(), siblings: siblings.clone() };
            let (dragged, hovered) = (path.clone(), path.clone());
            view! {
                <li>
                    <button
                        type="button"
                        class="picture"
                        title=path.clone()
                        draggable="true"
                        on:click=move |_| state.lightbox.set(Some(image.clone()))
                        on:pointerenter=move |_| state.hovered.set(Some(hovered.clone()))
                        on:pointerleave=move |_| state.hovered.set(None)
                        on:dragstart=move |event| drag_drop::start(state, &event, dragged.clone())
                        on:dragend=move |_| drag_drop::end(state)
                    >
                        {url.map(|url| view! { <img src=url alt="" decoding="async" loading="lazy" draggable="false"/> })}
                        <span class="visually-hidden">{path.clone()}</span>
                    </button>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="thumbnails">{items}</ul> }
}
