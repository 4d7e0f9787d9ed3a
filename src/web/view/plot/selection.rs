//! What is selected on the maps: how a selection is made, and what can be done with it.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::web::view::state::State;
use crate::web::view::text;

/// So many of the selected pictures are shown.
const SHOWN: usize = 24;

/// How pictures are selected beside those that are already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// They alone.
    Only,
    /// They too.
    Add,
    /// They too, or no longer, each.
    Toggle,
}

/// Selects pictures by their paths.
pub fn choose(state: State, paths: BTreeSet<String>, choice: Choice) {
    state.selected.update(|selected| match choice {
        Choice::Only => *selected = paths,
        Choice::Add => selected.extend(paths),
        Choice::Toggle => *selected = selected.symmetric_difference(&paths).cloned().collect(),
    });
}

/// The selected pictures, if there are any, and where they can go.
#[component]
pub fn Selection(state: State) -> impl IntoView {
    let count = Memo::new(move |_| state.selected.with(BTreeSet::len));
    let take = move || {
        let paths: Vec<String> = state.selected.get_untracked().into_iter().collect();
        state.selected.set(BTreeSet::new());
        paths
    };
    let move_to = move |event: web_sys::Event| match event_target_value(&event).as_str() {
        "" => {}
        "aside" => state.move_to(take(), None),
        "new" => state.new_group(take()),
        id => {
            if let Ok(id) = id.parse() {
                state.move_to(take(), Some(id));
            }
        }
    };
    let groups = move || {
        let outcome = state.outcome.get();
        let groups = outcome.iter().flat_map(|outcome| &outcome.clusters);
        groups.map(|group| view! { <option value=group.id.to_string()>{group.name.clone()}</option> }).collect_view()
    };
    let shown = move || {
        let engine = state.engine();
        let paths: Vec<String> = state.selected.with(|selected| selected.iter().take(SHOWN).cloned().collect());
        paths
            .into_iter()
            .filter_map(|path| Some((engine.thumbnail_url(&path)?, path)))
            .map(|(url, path)| {
                let own = path.clone();
                let point = move |_| state.pointed.set(Some(own.clone()));
                view! {
                    <li on:pointerenter=point on:pointerleave=move |_| state.pointed.set(None)>
                        <img src=url alt=path.clone() title=path decoding="async"/>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <Show when=move || { count.get() > 0 }>
            <div class="selection">
                <div class="actions">
                    <span role="status">{move || text::selected_on_map(count.get())}</span>
                    <select aria-label=text::MOVE_SELECTED on:change=move_to>
                        <option value="">{text::MOVE_SELECTED}</option>
                        {groups}
                        <option value="new">{text::NEW_GROUP}</option>
                        <option value="aside">{text::ASIDE}</option>
                    </select>
                    <button type="button" on:click=move |_| state.selected.set(BTreeSet::new())>{text::SELECT_NONE}</button>
                </div>
                <ul class="thumbnails" aria-label=text::SELECTED_PICTURES>{shown}</ul>
                {move || (count.get() > SHOWN).then(|| view! { <p class="soft">{text::more(count.get() - SHOWN)}</p> })}
            </div>
        </Show>
    }
}
