//! The lightbox: a dialog with one image at full size, its facts, and the images most similar to it.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::focus;
use crate::full_size::full_size;
use crate::menu::Menu;
use crate::neighbours::Neighbours;
use crate::state::{LightboxImage, State};
use crate::text;
use shoal::collection::Assignment;

/// The dialog, open while [`State::lightbox`] holds an image.
#[component]
pub fn Lightbox(state: State) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let close_button = NodeRef::<html::Button>::new();
    Effect::new(move |_| {
        let is_wanted = state.lightbox.with(Option::is_some);
        let Some(dialog) = dialog.get() else { return };
        if is_wanted && !dialog.open() {
            // It fails only for a dialog outside the document, which nobody sees.
            let _ = dialog.show_modal();
        } else if !is_wanted && dialog.open() {
            dialog.close();
        } else if is_wanted {
            // The next image has other buttons: the focus may have been on one of the last image's.
            focus::restore(close_button.get_untracked());
        }
    });
    let path = Memo::new(move |_| state.lightbox.with(|image| image.as_ref().map(|image| image.path.clone())));
    let position = Memo::new(move |_| {
        state.lightbox.with(|image| {
            let LightboxImage { path, siblings } = image.as_ref()?;
            Some((siblings.iter().position(|sibling| sibling == path)? + 1, siblings.len()))
        })
    });
    // A click whose target is the dialog itself hit its backdrop.
    let on_click = move |event: web_sys::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        if target.is_some_and(|target| target.matches("dialog").unwrap_or(false)) {
            state.lightbox.set(None);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        if let Some(dialog) = dialog.get_untracked() {
            handle_key(state, &dialog, &event);
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
            <div class="lightbox-content">
                <div class="buttons lightbox-steps">
                    <span class="soft position">{move || position.get().map(|(place, count)| text::position(place, count))}</span>
                    <button type="button" aria-label=text::PREVIOUS title=text::PREVIOUS on:click=move |_| state.step_lightbox(-1)>"‹"</button>
                    <button type="button" aria-label=text::NEXT title=text::NEXT on:click=move |_| state.step_lightbox(1)>"›"</button>
                    // Focused first, so that Enter closes what a click opened.
                    <button node_ref=close_button type="button" autofocus=true on:click=move |_| state.lightbox.set(None)>
                        {text::CLOSE}
                    </button>
                </div>
                {move || path.get().map(|path| view! { <Content state path/> })}
            </div>
        </dialog>
    }
}

/// The keys of the lightbox, which are those of the grid.
fn handle_key(state: State, dialog: &Element, event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let Some(path) = state.lightbox.with_untracked(|image| image.as_ref().map(|image| image.path.clone())) else {
        return;
    };
    match event.key().as_str() {
        "ArrowLeft" => state.step_lightbox(-1),
        "ArrowRight" => state.step_lightbox(1),
        "m" | "M" => {
            let button = dialog.query_selector(".menu > button").ok().flatten();
            if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
                button.click();
            }
        }
        "k" | "K" => state.pin_images(vec![path], true),
        "Delete" | "Backspace" => {
            state.exclude(vec![path]);
            state.step_lightbox(1);
        }
        _ => return,
    }
    event.prevent_default();
}

#[component]
fn Content(state: State, path: String) -> impl IntoView {
    let engine = state.engine();
    let (url, show_thumbnail) = full_size(state, &path);
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
        <img class="large" src=url alt=path.clone() on:error=show_thumbnail/>
        // Beside the part that scrolls, which would cut the menu off.
        <ImageActions state path=path.clone() assignment/>
        <div class="lightbox-about">
            <h2>{heading}</h2>
            <dl>
                {move || facts().into_iter().map(|(name, value)| view! {
                    <div><dt>{name}</dt><dd>{value}</dd></div>
                }).collect_view()}
            </dl>
            <p class="soft">{text::LIGHTBOX_KEYS}</p>
            <Neighbours state path/>
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
