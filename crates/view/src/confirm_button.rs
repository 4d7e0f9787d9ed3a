//! A button that acts when it is pressed twice, for what cannot be undone.

use leptos::prelude::*;

/// The button. The first press replaces `label` by `question`, the second calls `on_confirm`; leaving the button is a no.
#[component]
pub fn ConfirmButton(
    label: &'static str,
    question: &'static str,
    class: &'static str,
    on_confirm: impl Fn() + 'static,
) -> impl IntoView {
    let is_asking = RwSignal::new(false);
    let press = move |_| {
        let is_answer = is_asking.get_untracked();
        is_asking.set(!is_answer);
        if is_answer {
            on_confirm();
        }
    };
    view! {
        <button type="button" class=class on:click=press on:blur=move |_| is_asking.set(false)>
            {move || if is_asking.get() { question } else { label }}
        </button>
    }
}
