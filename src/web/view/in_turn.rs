//! What is made in a task of its own: a page of thousands of pictures is put together without holding up its thread.

use std::time::Duration;

use leptos::prelude::*;

/// Runs `work` in a task of its own, after those that wait already. What it changes may be gone by then.
pub fn in_own_task(work: impl FnOnce() + 'static) {
    set_timeout(work, Duration::ZERO);
}

/// Makes its children in a task of their own.
#[component]
pub fn InTurn(children: ChildrenFn) -> impl IntoView {
    let is_due = RwSignal::new(false);
    in_own_task(move || {
        is_due.try_set(true);
    });
    view! { <Show when=move || is_due.get()>{children()}</Show> }
}
