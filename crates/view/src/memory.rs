//! The memory bar: whether the page stores sessions and features in the browser, and the button that erases them.

use leptos::prelude::*;

use crate::confirm_button::ConfirmButton;
use crate::state::State;
use crate::text;
use shoal_engine::CacheState;

/// The switch, the button and what they mean at the moment; nothing where the element has no `remember`.
#[component]
pub fn MemoryBar(state: State) -> impl IntoView {
    let memory = state.memory;
    let is_on = move || matches!(memory.get(), CacheState::On | CacheState::OtherTab);
    let is_fixed = move || matches!(memory.get(), CacheState::Refused | CacheState::ErasedElsewhere);
    view! {
        <Show when=move || memory.get() != CacheState::Off>
            <section class="memory" aria-label=text::REMEMBER part="memory">
                <label class="check">
                    <input
                        type="checkbox"
                        prop:checked=is_on
                        disabled=is_fixed
                        on:change=move |event| state.engine().opt_out(!event_target_checked(&event))
                    />
                    {text::REMEMBER}
                </label>
                <ConfirmButton
                    label=text::FORGET
                    question=text::CONFIRM_FORGET
                    class="forget"
                    on_confirm=move || state.forget()
                />
                <p aria-live="polite">{move || text::memory_state(memory.get())}</p>
            </section>
        </Show>
    }
}
