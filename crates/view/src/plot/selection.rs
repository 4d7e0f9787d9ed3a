//! Selection on the maps: how a click or loop changes it, and the list of selected images.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::state::State;
use crate::text;

/// The number of selected images that are listed.
const SHOWN: usize = 24;

/// How new images combine with the current selection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectMode {
    /// They replace it.
    Replace,
    /// They are added to it.
    Add,
    /// Each is added, or removed if it was selected.
    Toggle,
}

/// Changes the selection by images' paths.
pub fn select(state: State, paths: BTreeSet<String>, mode: SelectMode) {
    state.selected.update(|selected| match mode {
        SelectMode::Replace => *selected = paths,
        SelectMode::Add => selected.extend(paths),
        SelectMode::Toggle => *selected = selected.symmetric_difference(&paths).cloned().collect(),
    });
}

/// The selected images below the map; nothing while there are none.
#[component]
pub fn SelectedImages(state: State) -> impl IntoView {
    let count = Memo::new(move |_| state.selected.with(BTreeSet::len));
    let items = move || {
        let engine = state.engine();
        let paths: Vec<String> = state.selected.with(|selected| selected.iter().take(SHOWN).cloned().collect());
        paths
            .into_iter()
            .filter_map(|path| Some((engine.thumbnail_url(&path)?, path)))
            .map(|(url, path)| {
                let hovered = path.clone();
                let hover = move |_| state.hovered.set(Some(hovered.clone()));
                view! {
                    <li on:pointerenter=hover on:pointerleave=move |_| state.hovered.set(None)>
                        <img src=url alt=path.clone() title=path decoding="async"/>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <Show when=move || { count.get() > 0 }>
            <div class="map-selection">
                <ul class="thumbnails" aria-label=text::SELECTED_IMAGES>{items}</ul>
                {move || (count.get() > SHOWN).then(|| view! { <p class="soft">{text::and_more(count.get() - SHOWN)}</p> })}
            </div>
        </Show>
    }
}
