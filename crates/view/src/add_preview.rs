//! The preview while images are added: the latest thumbnails and preliminary clusters.

use leptos::prelude::*;

use crate::state::{LATEST_SHOWN, State};
use crate::text;

/// The number of thumbnails per preliminary cluster.
const PREVIEW_SHOWN: usize = 8;

/// The latest thumbnails, and the preliminary clusters once there are any.
#[component]
pub fn AddPreview(state: State) -> impl IntoView {
    let preview_clusters = move || {
        let engine = state.engine();
        let clusters = state.preview_clusters.get().into_iter();
        clusters
            .map(move |cluster| {
                let urls = cluster.representatives.iter().filter_map(|path| engine.thumbnail_url(path));
                let thumbnails =
                    urls.take(PREVIEW_SHOWN).map(|url| view! { <li><img src=url alt="" decoding="async"/></li> });
                view! {
                    <article class="card">
                        <header><p>{text::image_count(cluster.size)}</p></header>
                        <ul class="thumbnails">{thumbnails.collect_view()}</ul>
                    </article>
                }
            })
            .collect_view()
    };
    // Empty places reserve the room of thumbnails to come, so that nothing below moves.
    let empty_places = move || {
        let filled = state.latest_thumbnails.with(Vec::len);
        let all = if state.busy.get() || state.is_adding.get() { LATEST_SHOWN } else { filled };
        filled..all
    };
    view! {
        <ul class="tray thumbnails" aria-hidden="true">
            <For each=move || state.latest_thumbnails.get() key=|url| url.clone() let:url>
                <li><img src=url alt="" decoding="async"/></li>
            </For>
            {move || empty_places().map(|_| view! { <li></li> }).collect_view()}
        </ul>
        <Show when=move || state.preview_clusters.with(|clusters| !clusters.is_empty())>
            <section class="first" aria-label=text::PREVIEW_CLUSTERS part="first-groups">
                <h2>{text::PREVIEW_CLUSTERS}</h2>
                <div class="cards">{preview_clusters}</div>
            </section>
        </Show>
    }
}
