//! The duplicates panel: sets of identical and nearly identical images, of which the user may keep the best.

use leptos::prelude::*;

use crate::similarity_slider::SimilaritySlider;
use crate::state::State;
use crate::text;
use shoal::collection::duplicates::DuplicateKind;
use shoal_engine::Duplicates;

/// The number of sets shown; further ones are only counted.
const SHOWN: usize = 60;

/// The search with its threshold, and the sets that it found.
#[component]
pub fn DuplicatesPanel(state: State) -> impl IntoView {
    view! {
        <details class="panel duplicates" part="duplicates">
            <summary>{text::DUPLICATES}</summary>
            <p class="soft">{text::DUPLICATES_HINT}</p>
            <div class="actions">
                <SimilaritySlider
                    value=state.duplicate_cosine
                    label=text::DUPLICATE_SIMILARITY
                    min="0.9"
                    step="0.005"
                    decimals=3
                    on_change=move || {
                        if state.duplicates.with_untracked(Option::is_some) {
                            state.find_duplicates();
                        }
                    }
                />
                <button type="button" disabled=move || state.busy.get() on:click=move |_| state.find_duplicates()>
                    {text::FIND_DUPLICATES}
                </button>
                <Show when=move || state.duplicates.with(|found| found.as_ref().is_some_and(|found| !found.is_empty()))>
                    <button type="button" disabled=move || state.busy.get() on:click=move |_| state.keep_best(None)>
                        {text::KEEP_ALL_BEST}
                    </button>
                </Show>
            </div>
            {move || state.duplicates.get().map(|found| {
                let more = found.len().saturating_sub(SHOWN);
                view! {
                    <p role="status">{text::duplicates(found.len())}</p>
                    <ul class="copies">
                        {found.into_iter().take(SHOWN).map(|set| view! { <DuplicateSet state set/> }).collect_view()}
                    </ul>
                    {(more > 0).then(|| view! { <p class="soft">{text::and_more(more)}</p> })}
                }
            })}
        </details>
    }
}

/// One set of duplicates.
#[component]
fn DuplicateSet(state: State, set: Duplicates) -> impl IntoView {
    let engine = state.engine();
    let kind = match set.kind {
        DuplicateKind::Exact => text::EXACT,
        DuplicateKind::Near => text::NEAR,
    };
    let images = set
        .paths
        .iter()
        .filter_map(|path| Some((engine.thumbnail_url(path)?, path.clone(), *path == set.best)))
        .map(|(url, path, is_best)| {
            let turn = set.turned.iter().find(|copy| copy.path == path).map(|copy| text::turn(copy.turn));
            let mark = if is_best { Some(text::BEST) } else { turn };
            view! {
                <li class:best=is_best>
                    <img src=url alt=path.clone() title=path decoding="async" loading="lazy"/>
                    {mark.map(|mark| view! { <span class="mark">{mark}</span> })}
                </li>
            }
        })
        .collect_view();
    let kept = set.clone();
    view! {
        <li data-kind=if set.kind == DuplicateKind::Exact { "exact" } else { "near" }>
            <p>{text::duplicate_set(set.paths.len(), kind)}</p>
            <p class="soft reason">{text::keep_reason(set.reason)}</p>
            <ul class="thumbnails">{images}</ul>
            <button type="button" disabled=move || state.busy.get() on:click=move |_| state.keep_best(Some(kept.clone()))>
                {text::KEEP_BEST}
            </button>
        </li>
    }
}
