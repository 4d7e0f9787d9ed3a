//! What the page remembers: originals that are not at hand, the switch, and forgetting.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::state::{Notice, State};
use crate::text;
use shoal_browser::folder_picker;
use shoal_engine::{Event, Memory};

/// One line, while originals are not at hand.
#[component]
pub fn Originals(state: State) -> impl IntoView {
    let away = RwSignal::new(state.engine().away());
    let has_folders = RwSignal::new(state.engine().has_folders());
    state.engine().listen(move |event| match event {
        Event::Collection { away: count, .. } => {
            away.set(*count);
            has_folders.set(state.engine().has_folders());
        }
        Event::Cleared => away.set(0),
        _ => {}
    });
    // The engine asks within the very click: browsers give folders to nobody else.
    let bring = move |_| spawn_local(async move { state.settle(state.engine().bring_originals().await) });
    let choose = move |_| spawn_local(async move { state.settle(state.engine().choose_originals().await) });
    view! {
        <Show when=move || { away.get() > 0 }>
            <p class="originals" part="originals">
                <span>{move || text::originals_away(away.get(), has_folders.get())}</span>
                <Show when=move || has_folders.get()>
                    <button type="button" disabled=move || state.busy.get() on:click=bring>{text::BRING_ORIGINALS}</button>
                </Show>
                <Show when=move || !has_folders.get() && folder_picker::is_there()>
                    <button type="button" disabled=move || state.busy.get() on:click=choose>{text::CHOOSE_AGAIN}</button>
                </Show>
            </p>
        </Show>
    }
}

/// What is remembered, the switch that stops it, and the button that forgets everything; where remembering is asked for.
#[component]
pub fn Remembering(state: State) -> impl IntoView {
    let memory = state.memory;
    let is_asked = RwSignal::new(false);
    let forget = move |_| {
        if !is_asked.get() {
            return is_asked.set(true);
        }
        is_asked.set(false);
        let engine = state.engine();
        spawn_local(async move {
            match engine.forget().await {
                Ok(()) => state.notice.set(Some(Notice::word(text::FORGOTTEN))),
                Err(failure) => engine.report(&failure),
            }
        });
    };
    let is_on = move || matches!(memory.get(), Memory::On | Memory::ElsewhereOpen);
    let is_fixed = move || matches!(memory.get(), Memory::Refused | Memory::ForgottenElsewhere);
    view! {
        <Show when=move || memory.get() != Memory::Off>
            <section class="memory" aria-label=text::REMEMBER part="memory">
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=is_on
                        disabled=is_fixed
                        on:change=move |event| state.engine().switch_memory(event_target_checked(&event))
                    />
                    {text::REMEMBER}
                </label>
                <button type="button" class="forget" on:click=forget on:blur=move |_| is_asked.set(false)>
                    {move || if is_asked.get() { text::FORGET_SURELY } else { text::FORGET }}
                </button>
                <p aria-live="polite">{move || text::memory(memory.get())}</p>
            </section>
        </Show>
    }
}
