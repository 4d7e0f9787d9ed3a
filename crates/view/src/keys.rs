//! The keyboard commands that work anywhere in the interface: undo and redo.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, Node};

use crate::state::State;

/// Handles Ctrl or Cmd with Z, Shift Z and Y, while the focus is in the interface or nowhere.
pub fn listen(state: State, root: HtmlElement) {
    let root = StoredValue::new_local(root);
    let listener = window_event_listener(ev::keydown, move |event| {
        let is_command = (event.ctrl_key() || event.meta_key()) && !event.alt_key();
        if !is_command || event.default_prevented() || !root.with_value(|root| concerns(root, &event)) {
            return;
        }
        match (event.key().to_lowercase().as_str(), event.shift_key()) {
            ("z", false) => state.undo(),
            ("z", true) | ("y", false) => state.redo(),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || listener.remove());
}

/// Whether a key is meant for the interface rather than for a text field or another part of the page.
fn concerns(root: &HtmlElement, event: &KeyboardEvent) -> bool {
    let Ok(target) = event.composed_path().get(0).dyn_into::<Element>() else { return false };
    let is_text = target.matches("input:not([type=range], [type=checkbox]), textarea, [contenteditable]");
    let is_nowhere = target.matches("body").unwrap_or(false);
    !is_text.unwrap_or(true) && (is_nowhere || root.contains(Some(target.unchecked_ref::<Node>())))
}
