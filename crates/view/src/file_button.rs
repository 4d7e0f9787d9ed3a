//! A button that opens the browser's file picker.

use leptos::{html, prelude::*};
use web_sys::{Event, File, HtmlInputElement};

use crate::state::State;

/// The button, disabled while an operation is running. `class` is the hidden input's; `accept` lists file name extensions.
#[component]
pub fn FileButton(
    state: State,
    label: &'static str,
    hint: &'static str,
    class: &'static str,
    accept: &'static str,
    on_file: impl Fn(File) + 'static,
) -> impl IntoView {
    let input = NodeRef::<html::Input>::new();
    let on_change = move |event: Event| {
        let input = event_target::<HtmlInputElement>(&event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            on_file(file);
        }
        // Emptied, so that choosing the same file again is a change.
        input.set_value("");
    };
    let open = move |_| {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    view! {
        <button type="button" title=hint disabled=move || state.busy.get() on:click=open>{label}</button>
        <input node_ref=input class=class type="file" accept=accept hidden on:change=on_change/>
    }
}
