//! What is selected on the maps: how a selection is made, and the pictures that it is.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::state::State;
use crate::text;

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

/// The selected pictures beside the maps, if there are any.
#[component]
pub fn Selection(state: State) -> impl IntoView {
    let count = Memo::new(move |_| state.selected.with(BTreeSet::len));
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
            <div class="map-selection">
                <ul class="thumbnails" aria-label=text::SELECTED_PICTURES>{shown}</ul>
                {move || (count.get() > SHOWN).then(|| view! { <p class="soft">{text::more(count.get() - SHOWN)}</p> })}
            </div>
        </Show>
    }
}
