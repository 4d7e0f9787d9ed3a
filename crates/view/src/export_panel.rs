//! The export panel: folder, scripts, report and contact sheet, and the options of exports. The zip's button is in the summary.

use leptos::prelude::*;

use crate::save_plot::SaveOtherCharts;
use crate::state::State;
use crate::text;
use shoal_browser::folder_picker;
use shoal_engine::{ExportFormat, FormatPlace};

/// The buttons and check boxes, behind a heading.
#[component]
pub fn ExportPanel(state: State) -> impl IntoView {
    let has_unreadable = move || {
        state.rejected.track();
        state.engine().unreadable_count() > 0
    };
    let into_folder = move || {
        view! {
            <button
                type="button"
                title=text::SAVE_INTO_FOLDER_HINT
                disabled=move || state.busy.get()
                on:click=move |_| state.save_into_folder()
            >
                {text::SAVE_INTO_FOLDER}
            </button>
        }
    };
    view! {
        <details class="more-exports" part="export">
            <summary>{text::MORE_EXPORTS}</summary>
            <div class="export" role="group" aria-label=text::EXPORT>
            {folder_picker::is_supported().then(into_folder)}
            {formats_at(FormatPlace::Panel).map(|format| view! { <ExportButton state format/> }).collect_view()}
            <SaveOtherCharts state/>
            <CheckBox signal=state.keep_folders label=text::KEEP_FOLDERS hint=text::KEEP_FOLDERS_HINT/>
            <Show when=has_unreadable>
                <CheckBox signal=state.include_unreadable label=text::INCLUDE_UNREADABLE hint=text::INCLUDE_UNREADABLE_HINT/>
            </Show>
            </div>
        </details>
    }
}

/// A button that downloads an export.
#[component]
pub fn ExportButton(state: State, format: ExportFormat) -> impl IntoView {
    let info = format.info();
    view! {
        <button type="button" title=info.hint disabled=move || state.busy.get() on:click=move |_| state.export(format)>
            {info.label}
        </button>
    }
}

/// The formats that the interface offers at a place.
pub fn formats_at(place: FormatPlace) -> impl Iterator<Item = ExportFormat> {
    ExportFormat::ALL.iter().copied().filter(move |format| format.info().place == place)
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
