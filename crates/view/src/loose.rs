//! Pictures that are in no group, though nobody put them aside: new ones, and those that lay beside the person's folders.

use leptos::prelude::*;

use crate::state::State;
use crate::text;

/// How many there are, and how like a group they must be to join it.
#[component]
pub fn Loose(state: State) -> impl IntoView {
    let loose = move || {
        state.clustering.with(|clustering| {
            let clustering = clustering.as_ref()?;
            let left_out = clustering.items.iter().filter(|item| item.cluster.is_none() && !item.locked).count();
            Some(left_out + state.count.get().saturating_sub(clustering.items.len()))
        })
    };
    let some_loose = move || loose().is_some_and(|count| count > 0);
    view! {
        <Show when=some_loose>
            <section class="panel loose" aria-label=text::LOOSE part="loose">
                <p>{move || text::loose(loose().unwrap_or(0))}</p>
                <div class="actions">
                    <label>
                        {text::LEAST_SIMILARITY}
                        <input
                            type="range"
                            min="-1"
                            max="1"
                            step="0.05"
                            prop:value=move || state.similarity.get().to_string()
                            on:input=move |event| {
                                if let Ok(similarity) = event_target_value(&event).parse() {
                                    state.similarity.set(similarity);
                                }
                            }
                        />
                        <output>{move || format!("{:.2}", state.similarity.get())}</output>
                    </label>
                    <button type="button" disabled=move || state.busy.get() on:click=move |_| state.join()>{text::JOIN}</button>
                </div>
            </section>
        </Show>
    }
}
