//! The line about source files that the page cannot read, such as those of a restored session.

use leptos::prelude::*;

use crate::state::State;
use crate::text;
use shoal_browser::folder_picker;
use shoal_engine::Event;

/// How many source files are missing, and a button that gets them back; nothing while all are available.
#[component]
pub fn MissingSourceFiles(state: State) -> impl IntoView {
    let missing = RwSignal::new(state.engine().missing_source_files());
    let has_folders = RwSignal::new(state.engine().has_folders());
    state.engine().subscribe(move |event| match event {
        Event::Collection { missing_source_files: count, .. } => {
            missing.set(*count);
            has_folders.set(state.engine().has_folders());
        }
        Event::Cleared => missing.set(0),
        _ => {}
    });
    view! {
        <Show when=move || { missing.get() > 0 }>
            <p class="originals" part="originals">
                <span>{move || text::missing_source_files(missing.get(), has_folders.get())}</span>
                <Show when=move || has_folders.get()>
                    <button type="button" disabled=move || state.busy.get() on:click=move |_| state.restore_source_files()>
                        {text::RESTORE_ACCESS}
                    </button>
                </Show>
                <Show when=move || !has_folders.get() && folder_picker::is_supported()>
                    <button type="button" disabled=move || state.busy.get() on:click=move |_| state.choose_source_folder()>
                        {text::CHOOSE_SOURCE_FOLDER}
                    </button>
                </Show>
            </p>
        </Show>
    }
}
