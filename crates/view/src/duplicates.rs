//! The duplicates panel: sets of identical and nearly identical images, of which the user may keep the best.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::review::KeepRule;
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
                    <button type="button" disabled=move || state.busy.get() on:click=move |_| state.begin_review(false)>
                        {text::REVIEW_DUPLICATES}
                    </button>
                    <button type="button" disabled=move || state.busy.get() on:click=move |_| state.begin_review(true)>
                        {text::KEEP_ALL_BEST}
                    </button>
                </Show>
            </div>
            <Show when=move || state.duplicates.with(|found| found.as_ref().is_some_and(|found| !found.is_empty()))>
                <Rules state/>
            </Show>
            {move || state.duplicates.get().map(|found| {
                let more = found.len().saturating_sub(SHOWN);
                let kept = state.engine().kept_duplicates();
                view! {
                    <p role="status">{text::duplicates(found.len())}</p>
                    <ul class="copies">
                        {found.into_iter().take(SHOWN).map(|set| view! { <DuplicateSet state set/> }).collect_view()}
                    </ul>
                    {(more > 0).then(|| view! { <p class="soft">{text::and_more(more)}</p> })}
                    {(kept > 0).then(|| view! {
                        <p class="soft">{text::kept_groups(kept)}</p>
                        <button type="button" disabled=move || state.busy.get() on:click=move |_| state.offer_kept_again()>
                            {text::OFFER_AGAIN}
                        </button>
                    })}
                }
            })}
        </details>
    }
}

/// Which image of each group is kept unless the user decides otherwise.
#[component]
fn Rules(state: State) -> impl IntoView {
    let folders = Memo::new(move |_| {
        state.duplicates.with(|found| {
            let paths = found.iter().flatten().flat_map(|group| &group.paths);
            let folders = paths.filter_map(|path| path.rsplit_once('/')).map(|(folder, _)| folder.to_owned());
            folders.collect::<BTreeSet<String>>()
        })
    });
    let on_rule = move |event: web_sys::Event| {
        let place: usize = event_target_value(&event).parse().unwrap_or_default();
        state.keep_rule.set(KeepRule::ALL.get(place).copied().unwrap_or_default());
    };
    view! {
        <div class="actions">
            <label>
                {text::KEEP_RULE}
                <select on:change=on_rule>
                    {KeepRule::ALL.into_iter().enumerate().map(|(place, rule)| view! {
                        <option value=place.to_string() selected=rule == state.keep_rule.get_untracked()>
                            {text::keep_rule(rule)}
                        </option>
                    }).collect_view()}
                </select>
            </label>
            <label>
                {text::KEEP_FOLDER}
                <select on:change=move |event| state.keep_folder.set(event_target_value(&event))>
                    <option value="">{text::NO_FOLDER}</option>
                    {move || folders.get().into_iter().map(|folder| view! {
                        <option value=folder.clone() selected=folder == state.keep_folder.get_untracked()>{folder.clone()}</option>
                    }).collect_view()}
                </select>
            </label>
        </div>
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
            <button type="button" disabled=move || state.busy.get() on:click=move |_| state.keep_chosen(kept.clone())>
                {text::KEEP_BEST}
            </button>
        </li>
    }
}
