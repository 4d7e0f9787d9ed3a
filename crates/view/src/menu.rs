//! A menu button. Unlike in a `<select>`, moving through the choices with the keyboard triggers none of them.

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{FocusEvent, HtmlElement, KeyboardEvent, Node};

use crate::focus::active_element;

/// The button and its menu. `choices` gives values with their labels, read while the menu is open; `choose` gets the value.
#[component]
pub fn Menu<T: Clone + Send + Sync + 'static>(
    label: &'static str,
    choices: impl Fn() -> Vec<(T, String)> + Copy + Send + Sync + 'static,
    choose: impl Fn(T) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let root = NodeRef::<html::Div>::new();
    let button = NodeRef::<html::Button>::new();
    let list = NodeRef::<html::Ul>::new();
    Effect::new(move |_| {
        if let Some(list) = list.get() {
            focus(list.query_selector("button").ok().flatten());
        }
    });
    let close = move || {
        open.set(false);
        focus(button.get_untracked());
    };
    let on_key = move |event: KeyboardEvent| {
        let Some(list) = list.get_untracked().filter(|_| open.get_untracked()) else { return };
        match event.key().as_str() {
            "Escape" => close(),
            key => {
                let Some(to) = choice_for_key(&list, key) else { return };
                focus(Some(to));
            }
        }
        event.prevent_default();
        // The elements around the menu use these keys for something else.
        event.stop_propagation();
    };
    // The menu closes when the focus leaves it, which also happens when it is removed and its signals are disposed.
    let on_leave = move |event: FocusEvent| {
        let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
        if let Some(Some(root)) = root.try_get_untracked()
            && !root.contains(to.as_ref())
        {
            open.try_set(false);
        }
    };
    view! {
        <div node_ref=root class="menu" on:keydown=on_key on:focusout=on_leave>
            <button
                node_ref=button
                type="button"
                aria-haspopup="menu"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {label}
            </button>
            <Show when=move || open.get()>
                <ul node_ref=list class="menu-list" role="menu" aria-label=label>
                    {move || choices().into_iter().map(|(value, label)| view! {
                        <li role="none">
                            <button
                                type="button"
                                role="menuitem"
                                tabindex="-1"
                                on:click=move |_| {
                                    close();
                                    choose(value.clone());
                                }
                            >
                                {label}
                            </button>
                        </li>
                    }).collect_view()}
                </ul>
            </Show>
        </div>
    }
}

/// The choice that a key moves to: the arrows, Home and End, or the first letter of a label.
fn choice_for_key(list: &HtmlElement, key: &str) -> Option<HtmlElement> {
    let found = list.query_selector_all("button").ok()?;
    let choices: Vec<HtmlElement> = (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect();
    let active = active_element(list);
    let at = choices.iter().position(|choice| active.as_ref() == Some(choice)).unwrap_or(0);
    let to = match key {
        "ArrowDown" => (at + 1) % choices.len().max(1),
        "ArrowUp" => (at + choices.len().max(1) - 1) % choices.len().max(1),
        "Home" => 0,
        "End" => choices.len().saturating_sub(1),
        letter if letter.chars().count() == 1 && letter != " " => {
            let starts_with_letter = |index: &usize| {
                let label = choices[*index].text_content().unwrap_or_default().to_lowercase();
                label.starts_with(&letter.to_lowercase())
            };
            (at + 1..choices.len()).chain(0..at).find(starts_with_letter)?
        }
        _ => return None,
    };
    choices.into_iter().nth(to)
}

/// Moves the focus to an element; one that cannot have it leaves the focus where it is.
fn focus(element: Option<impl JsCast>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
