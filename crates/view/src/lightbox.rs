//! The lightbox: a dialog with one image at full size, its facts, and the images most similar to it.

use std::rc::Rc;
use std::sync::Arc;

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlImageElement, KeyboardEvent, Url};

use crate::menu::Menu;
use crate::state::{LightboxImage, State};
use crate::text;
use shoal::collection::Assignment;
use shoal_engine::Neighbour;

/// The number of similar images shown.
const NEIGHBOURS_SHOWN: usize = 12;

/// The dialog, open while [`State::lightbox`] holds an image.
#[component]
pub fn Lightbox(state: State) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let is_wanted = state.lightbox.with(Option::is_some);
        let Some(dialog) = dialog.get() else { return };
        if is_wanted && !dialog.open() {
            // It fails only for a dialog outside the document, which nobody sees.
            let _ = dialog.show_modal();
        } else if !is_wanted && dialog.open() {
            dialog.close();
        }
    });
    let path = Memo::new(move |_| state.lightbox.with(|image| image.as_ref().map(|image| image.path.clone())));
    let on_key = move |event: KeyboardEvent| {
        match event.key().as_str() {
            "ArrowLeft" => state.step_lightbox(-1),
            "ArrowRight" => state.step_lightbox(1),
            _ => return,
        }
        event.prevent_default();
    };
    // A click whose target is the dialog itself hit its backdrop.
    let on_click = move |event: web_sys::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|target| target.matches("dialog").unwrap_or(false)) {
            state.lightbox.set(None);
        }
    };
    view! {
        <dialog
            node_ref=dialog
            class="lightbox"
            aria-label=move || path.get().unwrap_or_default()
            on:close=move |_| state.lightbox.set(None)
            on:keydown=on_key
            on:click=on_click
        >
            {move || path.get().map(|path| view! { <Content state path/> })}
        </dialog>
    }
}

#[component]
fn Content(state: State, path: String) -> impl IntoView {
    let engine = state.engine();
    let thumbnail_url = engine.thumbnail_url(&path).unwrap_or_default();
    let source_url = engine.source_file(&path).and_then(|file| Url::create_object_url_with_blob(&file).ok());
    if let Some(url) = source_url.clone() {
        on_cleanup(move || {
            // Revoking a URL that was created here cannot fail.
            let _ = Url::revoke_object_url(&url);
        });
    }
    let url = source_url.unwrap_or_else(|| thumbnail_url.clone());
    // Formats that the browser cannot show, such as TIFF, still have a thumbnail.
    let show_thumbnail = move |event: web_sys::ErrorEvent| {
        let image: HtmlImageElement = event_target(&event);
        if !thumbnail_url.is_empty() && image.src() != thumbnail_url {
            image.set_src(&thumbnail_url);
        }
    };
    let assignment = {
        let path = path.clone();
        move || state.clustering.with(|clustering| clustering.as_ref()?.item(&path).cloned())
    };
    let image = engine.facts(&path);
    let facts = {
        let assignment = assignment.clone();
        move || text::image_facts(assignment().as_ref(), image.as_ref(), |id| state.cluster_name(id))
    };
    let heading = path.clone();
    view! {
        <div class="lightbox-content">
            <img class="large" src=url alt=path.clone() on:error=show_thumbnail/>
            <div class="lightbox-about">
                <h2>{heading}</h2>
                <dl>
                    {move || facts().into_iter().map(|(name, value)| view! {
                        <div><dt>{name}</dt><dd>{value}</dd></div>
                    }).collect_view()}
                </dl>
                <ImageActions state path=path.clone() assignment/>
                <Neighbours state path/>
            </div>
            <div class="buttons lightbox-steps">
                <button type="button" aria-label=text::PREVIOUS title=text::PREVIOUS on:click=move |_| state.step_lightbox(-1)>"‹"</button>
                <button type="button" aria-label=text::NEXT title=text::NEXT on:click=move |_| state.step_lightbox(1)>"›"</button>
                // Focused first, so that Enter closes what a click opened.
                <button type="button" autofocus=true on:click=move |_| state.lightbox.set(None)>{text::CLOSE}</button>
            </div>
        </div>
    }
}

/// Buttons that move or pin the image.
#[component]
fn ImageActions(
    state: State,
    path: String,
    assignment: impl Fn() -> Option<Assignment> + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let path = StoredValue::new(path);
    let is_pinned = Memo::new({
        let assignment = assignment.clone();
        move |_| assignment().is_some_and(|assignment| assignment.locked)
    });
    let nearer_cluster = Memo::new(move |_| {
        let id = assignment().filter(Assignment::is_doubtful)?.next_cluster?;
        Some((id, state.cluster_name(id)?))
    });
    view! {
        <Show when=move || state.clustering.with(Option::is_some)>
            <div class="actions">
                {move || nearer_cluster.get().map(|(id, name)| view! {
                    <button type="button" on:click=move |_| state.move_to_cluster(vec![path.get_value()], id)>
                        {text::move_to(&name)}
                    </button>
                })}
                <Menu
                    label=text::MOVE_TO
                    choices=move || state.destinations()
                    choose=move |destination| state.move_images(vec![path.get_value()], destination)
                />
                <button
                    type="button"
                    aria-pressed=move || is_pinned.get().to_string()
                    on:click=move |_| state.pin_images(vec![path.get_value()], !is_pinned.get_untracked())
                >
                    {text::PIN}
                </button>
            </div>
        </Show>
    }
}

/// The most similar images, each of which opens in the lightbox.
#[component]
fn Neighbours(state: State, path: String) -> impl IntoView {
    let found = RwSignal::new_local(Rc::<[Neighbour]>::from([]));
    let query = path.clone();
    spawn_local(async move {
        // Without neighbours the lightbox still shows the image.
        if let Ok(neighbours) = state.engine().current_neighbours(&query, NEIGHBOURS_SHOWN).await {
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
