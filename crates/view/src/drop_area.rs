//! The drop area: drop files, choose them, or try the sample images.

use js_sys::Array;
use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::confirm_button::ConfirmButton;
use crate::state::State;
use crate::text;

/// The large area of the empty state, or a slim bar once there are images (`compact`).
#[component]
pub fn DropArea(state: State, compact: Signal<bool>) -> impl IntoView {
    let folder_input = NodeRef::<html::Input>::new();
    let files_input = NodeRef::<html::Input>::new();
    let on_files = move |event: web_sys::Event| {
        let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else { return };
        if let Some(files) = input.files() {
            state.receive(Array::from(&files));
        }
        // Emptied, so that choosing the same files again is a change.
        input.set_value("");
    };
    let open = |input: NodeRef<html::Input>| {
        move |_| {
            if let Some(input) = input.get_untracked() {
                input.click();
            }
        }
    };
    view! {
        <section class="drop-area" class:compact=compact aria-label=text::DROP_TITLE part="drop-area">
            <div class="invitation">
                <svg class="shoal-mark" viewBox="0 0 96 64" aria-hidden="true">
                    <path d="M8 32c10-14 26-14 36 0-10 14-26 14-36 0zm36 0 12-9v18z"/>
                    <path d="M50 14c7-9 18-9 25 0-7 9-18 9-25 0zm25 0 9-6v12z"/>
                    <path d="M54 50c6-8 15-8 21 0-6 8-15 8-21 0zm21 0 8-6v12z"/>
                </svg>
                <h2 class="when-idle">{text::DROP_TITLE}</h2>
                <p class="when-idle">{text::DROP_HINT}</p>
                <h2 class="when-dragging">{text::DROP_HERE}</h2>
            </div>
            <div class="buttons">
                <button type="button" class="primary" on:click=open(folder_input)>{text::CHOOSE_FOLDER}</button>
                <button type="button" on:click=open(files_input)>{text::CHOOSE_FILES}</button>
                <Show
                    when=move || compact.get()
                    fallback=move || view! {
                        <button type="button" on:click=move |_| state.try_samples()>{text::TRY_SAMPLES}</button>
                    }
                >
                    <ConfirmButton
                        label=text::CLEAR
                        question=text::CONFIRM_CLEAR
                        class="clear"
                        on_confirm=move || state.engine().clear()
                    />
                </Show>
            </div>
            <input node_ref=folder_input class="choose-folder" type="file" hidden multiple prop:webkitdirectory=true on:change=on_files/>
            <input node_ref=files_input class="choose-files" type="file" hidden multiple on:change=on_files/>
        </section>
    }
}
