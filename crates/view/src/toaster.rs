//! The toast: what the user has just done, with a button that undoes it. Screen readers hear it.

use std::time::Duration;

use leptos::prelude::*;

use crate::state::State;
use crate::text;

/// How long a toast is shown.
const SHOWN_FOR: Duration = Duration::from_secs(8);

/// The latest toast; nothing once its time is over.
#[component]
pub fn Toaster(state: State) -> impl IntoView {
    let shown = StoredValue::new(0_u32);
    Effect::new(move |_| {
        if state.toast.with(Option::is_none) {
            return;
        }
        shown.update_value(|shown| *shown = shown.wrapping_add(1));
        let this = shown.get_value();
        set_timeout(
            move || {
                // A later toast has its own time. Without a value, the interface is gone.
                if shown.try_get_value() == Some(this) {
                    state.toast.try_set(None);
                }
            },
            SHOWN_FOR,
        );
    });
    view! {
        <div class="toaster" role="status">
            {move || state.toast.get().map(|toast| view! {
                <p class="toast panel">
                    <span>{toast.message}</span>
                    {toast.can_undo.then(|| view! {
                        <button type="button" on:click=move |_| state.undo()>{text::undo(None)}</button>
                    })}
                </p>
            })}
        </div>
    }
}
