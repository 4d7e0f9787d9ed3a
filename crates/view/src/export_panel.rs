//! The export panel: folder, scripts, report and contact sheet, and the options of exports. The zip's button is in the summary.

use leptos::prelude::*;

use crate::save_plot::SavePlot;
use crate::state::State;
use crate::text;
use shoal_browser::folder_picker;
use shoal_engine::PlotKind;

/// The buttons and check boxes below the summary.
#[component]
pub fn ExportPanel(state: State) -> impl IntoView {
    let has_unreadable = move || {
        state.rejected.track();
        state.engine().unread_count() > 0
    };
    let button = move |label: &'static str, hint: &'static str, action: fn(State)| {
        view! {
            <button type="button" title=hint disabled=move || state.busy.get() on:click=move |_| action(state)>{label}</button>
        }
    };
    view! {
        <div class="export" role="group" aria-label=text::EXPORT part="export">
            {folder_picker::is_there().then(|| button(text::SAVE_INTO_FOLDER, text::SAVE_INTO_FOLDER_HINT, State::save_into_folder))}
            {button(text::SAVE_SCRIPTS, text::SAVE_SCRIPTS_HINT, State::save_scripts)}
            {button(text::SAVE_REPORT, text::SAVE_REPORT_HINT, State::save_report)}
            <span class="labelled">{text::CONTACT_SHEET} <SavePlot state kind=|| PlotKind::Contact/></span>
            <CheckBox signal=state.keep_folders label=text::KEEP_FOLDERS hint=text::KEEP_FOLDERS_HINT/>
            <Show when=has_unreadable>
                <CheckBox signal=state.include_unreadable label=text::INCLUDE_UNREADABLE hint=text::INCLUDE_UNREADABLE_HINT/>
            </Show>
        </div>
    }
}

#[component]
fn CheckBox(signal: RwSignal<bool>, label: &'static str, hint: &'static str) -> impl IntoView {
    view! {
        <label class="check" title=hint>
            <input type="checkbox" prop:checked=move || signal.get() on:change=move |event| signal.set(event_target_checked(&event))/>
            {label}
        </label>
    }
}
