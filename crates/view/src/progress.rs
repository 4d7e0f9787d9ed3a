//! The progress bar with its text and the cancel button, and the announcement of stages for screen readers.

use leptos::prelude::*;

use crate::state::{Progress, State};
use crate::text;
use shoal_engine::Stage;

/// Images per second are shown after this long, in seconds: earlier figures mislead.
const RATE_AFTER_S: f64 = 0.5;

/// The progress bar, while an operation is running.
#[component]
pub fn ProgressBar(state: State) -> impl IntoView {
    let value = move || state.progress.get().filter(|progress| progress.total > 0).map(|progress| progress.done);
    let total = move || state.progress.get().map_or(1, |progress| progress.total.max(1));
    view! {
        <Show when=move || state.busy.get() || state.is_adding.get()>
            <section class="progress panel" aria-label=text::PROGRESS part="progress">
                <progress
                    max=total
                    prop:value=move || value().unwrap_or(0) as f64
                    class:unknown=move || value().is_none()
                    aria-label=move || state.progress.get().map_or("", |progress| text::stage(progress.stage))
                ></progress>
                <p class="progress-words" aria-live="off">{move || state.progress.get().map(progress_text)}</p>
                <button type="button" on:click=move |_| state.engine().cancel()>{text::CANCEL}</button>
            </section>
        </Show>
    }
}

/// Announces each stage to screen readers.
#[component]
pub fn StageAnnouncer(state: State) -> impl IntoView {
    view! {
        <p class="visually-hidden" aria-live="polite">
            {move || state.progress.get().map(|progress| text::stage(progress.stage))}
        </p>
    }
}

fn progress_text(progress: Progress) -> String {
    let Progress { stage, done, total, started_ms } = progress;
    let elapsed_s = (js_sys::Date::now() - started_ms) / 1000.0;
    let name = text::stage(stage);
    match stage {
        Stage::Weights => text::downloaded(name, done, total),
        Stage::Reading => text::found_so_far(name, done),
        Stage::Clustering | Stage::Comparing | Stage::Matching => text::percent_done(name, done * 100 / total.max(1)),
        Stage::Embedding if elapsed_s > RATE_AFTER_S && done > 0 => {
            text::units_done_at_rate(name, done, total, done as f64 / elapsed_s)
        }
        Stage::Embedding
        | Stage::Exporting
        | Stage::Copying
        | Stage::Importing
        | Stage::Drawing
        | Stage::CacheLookup => text::units_done(name, done, total),
    }
}
