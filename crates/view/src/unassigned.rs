//! The panel about unassigned images: those in no cluster that nobody excluded, such as images added later.

use leptos::prelude::*;

use crate::similarity_slider::SimilaritySlider;
use crate::state::State;
use crate::text;

/// How many there are, and how similar to a cluster they must be to join it.
#[component]
pub fn UnassignedPanel(state: State) -> impl IntoView {
    let count = move || {
        state.clustering.with(|clustering| {
            let clustering = clustering.as_ref()?;
            let in_no_cluster = clustering.items.iter().filter(|item| item.cluster.is_none() && !item.locked).count();
            let added_later = state.count.get().saturating_sub(clustering.items.len());
            Some(in_no_cluster + added_later)
        })
    };
    let is_shown = move || count().is_some_and(|count| count > 0);
    view! {
        <Show when=is_shown>
            <section class="panel loose" aria-label=text::NOT_GROUPED part="loose">
                <p>{move || text::not_grouped(count().unwrap_or(0))}</p>
                <div class="actions">
                    <SimilaritySlider
                        value=state.join_similarity
                        label=text::JOIN_SIMILARITY
                        min="-1"
                        step="0.05"
                        decimals=2
                    />
                    <button type="button" disabled=move || state.busy.get() on:click=move |_| state.join_unassigned()>{text::JOIN}</button>
                </div>
            </section>
        </Show>
    }
}
