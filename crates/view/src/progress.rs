//! How far the work is, the button that stops it, and the facts of the run.

use leptos::prelude::*;

use crate::state::{Progress, State};
use crate::text;
use shoal_engine::{Stage, Timings};

/// Pictures a second are told once this much time has gone by, in seconds: before, they only mislead.
const RATE_AFTER_S: f64 = 0.5;

/// The bar, its words, and the cancel button, while something is under way.
#[component]
pub fn ProgressBar(state: State) -> impl IntoView {
    let value = move || state.progress.get().filter(|progress| progress.total > 0).map(|progress| progress.done);
    let total = move || state.progress.get().map_or(1, |progress| progress.total.max(1));
    view! {
        <Show when=move || state.busy.get() || state.is_taking.get()>
            <section class="progress panel" aria-label="Progress" part="progress">
                <progress
                    max=total
                    prop:value=move || value().unwrap_or(0) as f64
                    class:unknown=move || value().is_none()
                    aria-label=move || state.progress.get().map_or("", |progress| text::stage(progress.stage))
                ></progress>
                <p class="progress-words" aria-live="off">{move || state.progress.get().map(words)}</p>
                <button type="button" on:click=move |_| state.engine().cancel()>{text::CANCEL}</button>
            </section>
        </Show>
    }
}

/// What is being done, for those who cannot see the bar.
#[component]
pub fn Stages(state: State) -> impl IntoView {
    view! {
        <p class="visually-hidden" aria-live="polite">
            {move || state.progress.get().map(|progress| text::stage(progress.stage))}
        </p>
    }
}

fn words(progress: Progress) -> String {
    let Progress { stage, done, total, started_ms } = progress;
    let elapsed_s = (js_sys::Date::now() - started_ms) / 1000.0;
    let name = text::stage(stage);
    match stage {
        Stage::Weights if total > 0 => format!("{name}: {:.1} of {:.1} MB", megabytes(done), megabytes(total)),
        Stage::Weights => format!("{name}: {:.1} MB", megabytes(done)),
        Stage::Reading => format!("{name}: {done} found"),
        Stage::Clustering | Stage::Comparing | Stage::Matching => format!("{name}: {} %", done * 100 / total.max(1)),
        Stage::Embedding if elapsed_s > RATE_AFTER_S && done > 0 => {
            let rate = done as f64 / elapsed_s;
            let left = text::time_left(total.saturating_sub(done) as f64 / rate);
            format!("{name}: {done} of {total} · {rate:.0} a second · {left}")
        }
        Stage::Embedding | Stage::Exporting | Stage::Copying | Stage::Importing | Stage::Drawing | Stage::Recalling => {
            format!("{name}: {done} of {total}")
        }
    }
}

fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// The facts of the run, for who asks.
#[component]
pub fn About(state: State) -> impl IntoView {
    view! {
        {move || state.info.get().map(|info| {
            let facts = [
                ("Network", info.model.clone()),
                ("Runs on", text::backend(info.backend).to_owned()),
                ("Workers", info.workers.to_string()),
                ("One picture of 128 px", text::measured(&info.measured)),
                ("Features a picture", info.dims.to_string()),
            ];
            view! {
                <details class="about" part="about">
                    <summary>{text::ABOUT}</summary>
                    <dl>
                        {facts.map(fact).collect_view()}
                        {move || {
                            // Told when something has come to its end.
                            state.busy.track();
                            let sidecars = state.engine().sidecar_count();
                            (sidecars > 0).then(|| fact((text::COMPANIONS, sidecars.to_string())))
                        }}
                        {move || time_facts(&state.timings.get()).into_iter().map(fact).collect_view()}
                    </dl>
                </details>
            }
        })}
    }
}

fn fact((name, fact): (&'static str, String)) -> impl IntoView {
    view! { <div><dt>{name}</dt><dd>{fact}</dd></div> }
}

/// Where a picture's time went, on average; nothing before the first one.
fn time_facts(timings: &Timings) -> Vec<(&'static str, String)> {
    if timings.pictures == 0 {
        return Vec::new();
    }
    let pictures = timings.pictures as f64;
    let steps = &timings.steps;
    let step = |sum_ms: f64| format!("{:.1} ms a picture", sum_ms / pictures);
    vec![
        ("Pictures looked at", format!("{pictures} in {:.1} s", timings.wall_ms / 1000.0)),
        ("Reading", step(steps.read_ms)),
        ("Checksums", step(steps.hash_ms)),
        ("Decoding", step(steps.decode_ms)),
        ("Resizing", step(steps.resize_ms)),
        ("Thumbnail", step(steps.thumbnail_ms)),
        ("Features", step(steps.embed_ms)),
    ]
}
