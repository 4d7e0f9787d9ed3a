//! A short list of thumbnails, each of which opens in the lightbox and can be dragged to another cluster. The list is one tab
//! stop; the arrow keys walk through it.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, MouseEvent};

use crate::drag_drop;
use crate::state::{ImageSet, State};

/// The thumbnails of the images at `paths`, which are some of `set`: the lightbox walks through all of the set.
#[component]
pub fn Thumbnails(state: State, paths: Vec<String>, set: ImageSet) -> impl IntoView {
    let engine = state.engine();
    let list = NodeRef::<html::Ul>::new();
    // The one that can be reached with the Tab key.
    let current = RwSignal::new(0);
    let on_key = move |event: KeyboardEvent| {
        let Some(list) = list.get_untracked() else { return };
        let Some(index) = step(&list, current.get_untracked(), &event.key()) else { return };
        event.prevent_default();
        if let Some(button) = buttons(&list).into_iter().nth(index) {
            // Focusing it makes it the current one.
            let _ = button.focus();
        }
    };
    let items = paths
        .into_iter()
        .enumerate()
        .map(|(index, path)| {
            let url = engine.thumbnail_url(&path);
            let (opened, dragged, hovered, title, name) =
                (path.clone(), path.clone(), path.clone(), path.clone(), path.clone());
            let on_click = move |event: MouseEvent| {
                if event.ctrl_key() || event.meta_key() || event.shift_key() {
                    state.toggle_selected(&opened);
                } else {
                    state.open_lightbox(&opened, set);
                }
            };
            let is_selected = Memo::new(move |_| state.selected.with(|selected| selected.contains(&path)));
            view! {
                <li>
                    <button
                        type="button"
                        class="picture"
                        class:selected=is_selected
                        title=title
                        draggable="true"
                        tabindex=move || if current.get() == index { "0" } else { "-1" }
                        on:focus=move |_| current.set(index)
                        on:click=on_click
                        on:pointerenter=move |_| state.hovered.set(Some(hovered.clone()))
                        on:pointerleave=move |_| state.hovered.set(None)
                        on:dragstart=move |event| drag_drop::start(state, &event, dragged.clone())
                        on:dragend=move |_| drag_drop::end(state)
                    >
                        {url.map(|url| view! { <img src=url alt="" decoding="async" loading="lazy" draggable="false"/> })}
                        <span class="visually-hidden">{name}</span>
                    </button>
                </li>
            }
        })
        .collect_view();
    view! { <ul node_ref=list class="thumbnails" on:keydown=on_key>{items}</ul> }
}

/// The index that a key moves to.
fn step(list: &HtmlElement, index: usize, key: &str) -> Option<usize> {
    let buttons = buttons(list);
    let top = buttons.first()?.offset_top();
    let columns = buttons.iter().take_while(|button| button.offset_top() == top).count();
    let to = match key {
        "ArrowLeft" => index.checked_sub(1)?,
        "ArrowRight" => index + 1,
        "ArrowUp" => index.checked_sub(columns)?,
        "ArrowDown" => index + columns,
        "Home" => 0,
        "End" => buttons.len() - 1,
        _ => return None,
    };
    (to < buttons.len()).then_some(to)
}

fn buttons(list: &HtmlElement) -> Vec<HtmlElement> {
    let Ok(found) = list.query_selector_all("button") else { return Vec::new() };
    (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect()
}
