//! The ways home other than the zip, and what goes along.

use leptos::prelude::*;

use crate::save_plot::SaveOtherCharts;
use crate::state::State;
use crate::text;
use shoal_browser::folder_picker;

/// The buttons and choices below the summary.
#[component]
pub fn TakeHomeBar(state: State) -> impl IntoView {
    let some_unread = move || {
        state.refused.track();
        state.engine().unread_count() > 0
    };
    let button = move |words: &'static str, hint: &'static str, act: fn(State)| {
        view! {
            <button type="button" title=hint disabled=move || state.busy.get() on:click=move |_| act(state)>{words}</button>
        }
    };
    view! {
        <div class="take-home" role="group" aria-label=text::TAKE_HOME part="take-home">
            {folder_picker::is_there().then(|| button(text::SAVE_INTO_FOLDER, text::SAVE_INTO_FOLDER_HINT, State::save_into_folder))}
            {button(text::SAVE_SCRIPTS, text::SAVE_SCRIPTS_HINT, State::save_scripts)}
            {button(text::SAVE_REPORT, text::SAVE_REPORT_HINT, State::save_report)}
            <SaveOtherCharts state/>
            <Check signal=state.keep_folders words=text::KEEP_FOLDERS hint=text::KEEP_FOLDERS_HINT/>
            <Show when=some_unread>
                <Check signal=state.with_unread words=text::WITH_UNREAD hint=text::WITH_UNREAD_HINT/>
            </Show>
        </div>
    }
}

#[component]
fn Check(signal: RwSignal<bool>, words: &'static str, hint: &'static str) -> impl IntoView {
    view! {
        <label class="check" title=hint>
            <input type="checkbox" prop:checked=move || signal.get() on:change=move |event| signal.set(event_target_checked(&event))/>
            {words}
        </label>
    }
}
