//! The facts about the run: backend, network and time per step.

use leptos::prelude::*;

use crate::state::State;
use crate::text;

/// The facts, behind a heading that opens them.
#[component]
pub fn About(state: State) -> impl IntoView {
    view! {
        {move || state.engine_info.get().map(|info| view! {
            <details class="about" part="about">
                <summary>{text::ABOUT}</summary>
                <dl>
                    {text::engine_facts(&info).map(fact).collect_view()}
                    {move || {
                        // No event reports sidecars, so that the count is read when an operation ends.
                        state.busy.track();
                        let count = state.engine().sidecar_count();
                        (count > 0).then(|| fact(text::sidecar_fact(count)))
                    }}
                    {move || text::time_facts(&state.timings.get()).into_iter().map(fact).collect_view()}
                </dl>
            </details>
        })}
    }
}

fn fact((name, value): (&'static str, String)) -> impl IntoView {
    view! { <div><dt>{name}</dt><dd>{value}</dd></div> }
}
