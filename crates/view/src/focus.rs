//! The focus: where it goes when the element that has it disappears.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, Node, ShadowRoot};

/// Focuses `element` in the next frame, if nothing in the interface has the focus by then.
pub fn restore(element: Option<impl JsCast + 'static>) {
    let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) else { return };
    request_animation_frame(move || {
        if active_element(&element).is_none() {
            // An element that cannot have the focus leaves it where it is.
            let _ = element.focus();
        }
    });
}

/// The element with the focus, among those in the same shadow root as `node`.
pub fn active_element(node: &Node) -> Option<HtmlElement> {
    let root: ShadowRoot = node.get_root_node().dyn_into().ok()?;
    root.active_element()?.dyn_into().ok()
}
