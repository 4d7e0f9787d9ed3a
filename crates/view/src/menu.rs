//! A button that opens a list of choices, each of which does something: unlike a `<select>`, going through it with the
//! keyboard does nothing yet.

use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{FocusEvent, HtmlElement, KeyboardEvent, Node};

/// The menu. `choices` are read while it is open.
#[component]
pub fn Menu<T: Clone + Send + Sync + 'static>(
    label: &'static str,
    choices: impl Fn() -> Vec<(T, String)> + Copy + Send + Sync + 'static,
    choose: impl Fn(T) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let open = RwSignal::new(false);
    let whole = NodeRef::<html::Div>::new();
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
                let Some(to) = goal(&list, key) else { return };
                focus(Some(to));
            }
        }
        event.prevent_default();
        // What is around the menu has other uses for these keys.
        event.stop_propagation();
    };
    // Whoever goes elsewhere is done with the list. The focus also goes when the menu is taken away with all its signals.
    let on_leave = move |event: FocusEvent| {
        let to = event.related_target().and_then(|to| to.dyn_into::<Node>().ok());
        if let Some(Some(whole)) = whole.try_get_untracked()
            && !whole.contains(to.as_ref())
        {
            open.try_set(false);
        }
    };
    view! {
        <div node_ref=whole class="menu" on:keydown=on_key on:focusout=on_leave>
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
                    {move || choices().into_iter().map(|(value, name)| view! {
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
                                {name}
                            </button>
                        </li>
                    }).collect_view()}
                </ul>
            </Show>
        </div>
    }
}

/// The choice that a key leads to: arrows, the ends, or the next one that begins with a letter.
fn goal(list: &HtmlElement, key: &str) -> Option<HtmlElement> {
    let found = list.query_selector_all("button").ok()?;
    let choices: Vec<HtmlElement> = (0..found.length()).filter_map(|index| found.get(index)?.dyn_into().ok()).collect();
    let root: web_sys::ShadowRoot = list.get_root_node().dyn_into().ok()?;
    let active = root.active_element().map(JsValue::from);
    let at = choices.iter().position(|choice| active.as_ref() == Some(choice.as_ref())).unwrap_or(0);
    let to = match key {
        "ArrowDown" => (at + 1) % choices.len().max(1),
        "ArrowUp" => (at + choices.len().max(1) - 1) % choices.len().max(1),
        "Home" => 0,
        "End" => choices.len().saturating_sub(1),
        letter if letter.chars().count() == 1 && letter != " " => {
            let begins = |index: &usize| {
                let words = choices[*index].text_content().unwrap_or_default().to_lowercase();
                words.starts_with(&letter.to_lowercase())
            };
            (at + 1..choices.len()).chain(0..at).find(begins)?
        }
        _ => return None,
    };
    choices.into_iter().nth(to)
}

/// An element that cannot have the focus leaves it where it is.
fn focus(element: Option<impl JsCast>) {
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}
