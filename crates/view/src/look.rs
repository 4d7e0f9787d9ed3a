//! A picture seen large, with what is known of it and the pictures most like it.

use std::rc::Rc;
use std::sync::Arc;

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlImageElement, KeyboardEvent, Url};

use crate::menu::Menu;
use crate::state::{Looked, State};
use crate::text;
use shoal::collection::Assignment;
use shoal_engine::Neighbour;

/// So many pictures most like the one seen are shown.
const NEIGHBOURS_SHOWN: usize = 12;

/// The dialog, open while [`State::looked`] names a picture.
#[component]
pub fn Look(state: State) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move |_| {
        let wanted = state.looked.with(Option::is_some);
        let Some(dialog) = dialog.get() else { return };
        if wanted && !dialog.open() {
            // A dialog that is not in the document cannot be shown, and is not looked at either.
            let _ = dialog.show_modal();
        } else if !wanted && dialog.open() {
            dialog.close();
        }
    });
    let path = Memo::new(move |_| state.looked.with(|looked| looked.as_ref().map(|looked| looked.path.clone())));
    let on_key = move |event: KeyboardEvent| {
        match event.key().as_str() {
            "ArrowLeft" => state.look_beside(-1),
            "ArrowRight" => state.look_beside(1),
            _ => return,
        }
        event.prevent_default();
    };
    // The dialog itself is hit only beside what is in it.
    let on_click = move |event: web_sys::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|target| target.matches("dialog").unwrap_or(false)) {
            state.looked.set(None);
        }
    };
    view! {
        <dialog
            node_ref=dialog
            class="look"
            aria-label=move || path.get().unwrap_or_default()
            on:close=move |_| state.looked.set(None)
            on:keydown=on_key
            on:click=on_click
        >
            {move || path.get().map(|path| view! { <Image state path/> })}
        </dialog>
    }
}

#[component]
fn Image(state: State, path: String) -> impl IntoView {
    let engine = state.engine();
    let thumbnail = engine.thumbnail_url(&path).unwrap_or_default();
    let original = engine.original(&path).and_then(|file| Url::create_object_url_with_blob(&file).ok());
    if let Some(url) = original.clone() {
        on_cleanup(move || {
            // A URL made here is always one that can be revoked.
            let _ = Url::revoke_object_url(&url);
        });
    }
    let source = original.unwrap_or_else(|| thumbnail.clone());
    // What this browser cannot show, such as TIFF, has a thumbnail all the same.
    let instead = move |event: web_sys::ErrorEvent| {
        let image: HtmlImageElement = event_target(&event);
        if !thumbnail.is_empty() && image.src() != thumbnail {
            image.set_src(&thumbnail);
        }
    };
    let item = {
        let path = path.clone();
        move || state.clustering.with(|clustering| clustering.as_ref()?.item(&path).cloned())
    };
    let facts = engine.facts(&path);
    let about = {
        let item = item.clone();
        move || text::about_picture(item().as_ref(), facts.as_ref(), |id| state.group_name(id))
    };
    let folder_and_name = path.clone();
    view! {
        <div class="looked">
            <img class="large" src=source alt=path.clone() on:error=instead/>
            <div class="looked-about">
                <h2>{folder_and_name}</h2>
                <dl>
                    {move || about().into_iter().map(|(name, value)| view! {
                        <div><dt>{name}</dt><dd>{value}</dd></div>
                    }).collect_view()}
                </dl>
                <PictureActions state path=path.clone() item=item/>
                <MostLike state path/>
            </div>
            <div class="buttons looked-turn">
                <button type="button" aria-label=text::PREVIOUS title=text::PREVIOUS on:click=move |_| state.look_beside(-1)>"‹"</button>
                <button type="button" aria-label=text::NEXT title=text::NEXT on:click=move |_| state.look_beside(1)>"›"</button>
                // The first thing one may want.
                <button type="button" autofocus=true on:click=move |_| state.looked.set(None)>{text::CLOSE}</button>
            </div>
        </div>
    }
}

/// What is done with the one picture.
#[component]
fn PictureActions(
    state: State,
    path: String,
    item: impl Fn() -> Option<Assignment> + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let path = StoredValue::new(path);
    let locked = Memo::new({
        let item = item.clone();
        move |_| item().is_some_and(|item| item.locked)
    });
    let suggested = Memo::new(move |_| {
        let item = item().filter(Assignment::is_doubtful)?;
        let id = item.next_cluster?;
        Some((id, state.group_name(id)?))
    });
    view! {
        <Show when=move || state.clustering.with(Option::is_some)>
            <div class="actions">
                {move || suggested.get().map(|(id, name)| view! {
                    <button type="button" on:click=move |_| state.move_to(vec![path.get_value()], Some(id))>
                        {text::move_to(&name)}
                    </button>
                })}
                <Menu
                    label=text::MOVE_TO
                    choices=move || state.places()
                    choose=move |place| state.put(vec![path.get_value()], place)
                />
                <button
                    type="button"
                    aria-pressed=move || locked.get().to_string()
                    on:click=move |_| state.lock_pictures(vec![path.get_value()], !locked.get_untracked())
                >
                    {text::LOCK}
                </button>
            </div>
        </Show>
    }
}

/// The pictures most like one, to look at next.
#[component]
fn MostLike(state: State, path: String) -> impl IntoView {
    let found = RwSignal::new_local(Rc::<[Neighbour]>::from([]));
    let asked = path.clone();
    spawn_local(async move {
        // Found or not, the picture is there to see.
        if let Ok(neighbours) = state.engine().neighbours(&asked, NEIGHBOURS_SHOWN).await {
            // The dialog may show another one by now.
            let _ = found.try_set(neighbours.into());
        }
    });
    let shown = move || {
        let found = found.get();
        let among: Arc<[String]> =
            std::iter::once(path.clone()).chain(found.iter().map(|one| one.path.clone())).collect();
        found
            .iter()
            .filter_map(|one| Some((state.engine().thumbnail_url(&one.path)?, one.clone())))
            .map(|(url, Neighbour { path, cosine })| {
                let title = text::alike(&path, cosine);
                let looked = Looked { path, among: among.clone() };
                view! {
                    <li>
                        <button
                            type="button"
                            class="picture"
                            title=title.clone()
                            on:click=move |_| state.looked.set(Some(looked.clone()))
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
        <ul class="thumbnails">{shown}</ul>
    }
}
