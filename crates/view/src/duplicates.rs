//! Pictures that are there more than once: shown as groups, never hidden, and set aside only when the person says so.

use leptos::prelude::*;

use crate::state::State;
use crate::text;
use shoal::collection::duplicates::DuplicateKind;
use shoal_engine::Duplicates;

/// More groups than this are only counted.
const SHOWN: usize = 60;

/// The search, its threshold, and what it found.
#[component]
pub fn DuplicatesPanel(state: State) -> impl IntoView {
    view! {
        <details class="panel duplicates" part="duplicates">
            <summary>{text::DUPLICATES}</summary>
            <p class="soft">{text::DUPLICATES_HINT}</p>
            <div class="actions">
                <label>
                    {text::ALIKE}
                    <input
                        type="range"
                        min="0.9"
                        max="1"
                        step="0.005"
                        prop:value=move || state.duplicate_cosine.get().to_string()
                        on:input=move |event| {
                            if let Ok(cosine) = event_target_value(&event).parse() {
                                state.duplicate_cosine.set(cosine);
                            }
                        }
                        on:change=move |_| {
                            if state.duplicates.with_untracked(Option::is_some) {
                                state.find_duplicates();
                            }
                        }
                    />
                    <output>{move || format!("{:.3}", state.duplicate_cosine.get())}</output>
                </label>
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
                        {found.into_iter().take(SHOWN).map(|group| view! { <Copies state group/> }).collect_view()}
                    </ul>
                    {(more > 0).then(|| view! { <p class="soft">{format!("and {more} more")}</p> })}
                }
            })}
        </details>
    }
}

/// Copies of one picture.
#[component]
fn Copies(state: State, group: Duplicates) -> impl IntoView {
    let engine = state.engine();
    let kind = match group.kind {
        DuplicateKind::Exact => text::EXACT,
        DuplicateKind::Near => text::NEAR,
    };
    let pictures = group
        .paths
        .iter()
        .filter_map(|path| Some((engine.thumbnail_url(path)?, path.clone(), *path == group.best)))
        .map(|(url, path, best)| {
            view! {
                <li class:best=best>
                    <img src=url alt=path.clone() title=path decoding="async" loading="lazy"/>
                    {best.then(|| view! { <span class="mark">{text::BEST}</span> })}
                </li>
            }
        })
        .collect_view();
    let own = group.clone();
    view! {
        <li data-kind=if group.kind == DuplicateKind::Exact { "exact" } else { "near" }>
            <p>{format!("{} · {kind}", text::pictures(group.paths.len()))}</p>
            <ul class="thumbnails">{pictures}</ul>
            <button type="button" disabled=move || state.busy.get() on:click=move |_| state.keep_best(Some(own.clone()))>
                {text::KEEP_BEST}
            </button>
        </li>
    }
}
