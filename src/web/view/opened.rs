//! One group with all its pictures, nearest to its centre first, and what can be done with them.

use std::collections::BTreeSet;

use leptos::{html, prelude::*};

use crate::library::by_closeness;
use crate::web::view::state::{Opened, State};
use crate::web::view::text;

/// So many pictures are shown at first, and so many more each time.
const PAGE: usize = 120;

/// The opened group, if one is.
#[component]
pub fn OpenedGroup(state: State) -> impl IntoView {
    let shown = RwSignal::new(PAGE);
    let selected = state.selected;
    let just_opened = StoredValue::new(false);
    Effect::new(move |_| {
        just_opened.set_value(state.opened.get().is_some());
        shown.set(PAGE);
        selected.set(BTreeSet::new());
    });
    let panel = NodeRef::<html::Section>::new();
    Effect::new(move |_| {
        // Only when a group was opened: an edit draws the panel anew where it is.
        if let Some(panel) = panel.get()
            && just_opened.get_value()
        {
            just_opened.set_value(false);
            panel.scroll_into_view();
            // A panel that cannot have the focus is still there to see.
            let _ = panel.focus();
        }
    });
    let opened = move || {
        let outcome = state.outcome.get()?;
        let (title, cluster) = match state.opened.get()? {
            Opened::Aside => (text::ASIDE.to_owned(), None),
            Opened::Group(id) => (outcome.clusters.iter().find(|group| group.id == id)?.name.clone(), Some(id)),
        };
        let paths: Vec<(String, bool, bool)> = by_closeness(&outcome, cluster)
            .into_iter()
            .map(|item| (item.path.clone(), item.silhouette.is_some_and(|value| value < 0.0), item.locked))
            .collect();
        Some((title, cluster, paths))
    };
    view! {
        {move || opened().map(|(title, cluster, paths)| {
            let count = paths.len();
            view! {
                <section node_ref=panel class="opened panel" tabindex="-1" aria-label=title.clone() part="opened">
                    <header>
                        <h2>{format!("{title} · {}", text::pictures(count))}</h2>
                        <button type="button" on:click=move |_| state.opened.set(None)>{text::CLOSE}</button>
                    </header>
                    <Actions state cluster selected/>
                    <ul class="thumbnails pick">
                        {move || {
                            let engine = state.engine();
                            paths
                                .iter()
                                .take(shown.get())
                                .filter_map(|(path, doubtful, locked)| Some((engine.thumbnail_url(path)?, path.clone(), *doubtful, *locked)))
                                .map(|(url, path, doubtful, locked)| view! {
                                    <Pick url path doubtful locked selected/>
                                })
                                .collect_view()
                        }}
                    </ul>
                    <Show when=move || { shown.get() < count }>
                        <button type="button" on:click=move |_| shown.update(|shown| *shown += PAGE)>{text::SHOW_MORE}</button>
                    </Show>
                </section>
            }
        })}
    }
}

/// A picture that can be selected.
#[component]
fn Pick(
    url: String,
    path: String,
    doubtful: bool,
    locked: bool,
    selected: RwSignal<BTreeSet<String>>,
) -> impl IntoView {
    let own = path.clone();
    let is_selected = move || selected.with(|selected| selected.contains(&own));
    let own = path.clone();
    let toggle = move |_| {
        selected.update(|selected| {
            if !selected.remove(&own) {
                selected.insert(own.clone());
            }
        });
    };
    let title = text::picture_title(&path, doubtful, locked);
    view! {
        <li>
            <button
                type="button"
                class="picture"
                class:doubtful=doubtful
                class:locked=locked
                aria-pressed=move || is_selected().to_string()
                title=title.clone()
                on:click=toggle
            >
                <img src=url alt=title.clone() decoding="async" loading="lazy"/>
            </button>
        </li>
    }
}

/// What is done with the pictures that are selected, or with the whole group.
#[component]
fn Actions(state: State, cluster: Option<u32>, selected: RwSignal<BTreeSet<String>>) -> impl IntoView {
    let none = move || selected.with(BTreeSet::is_empty);
    let take = move || {
        let paths: Vec<String> = selected.get_untracked().into_iter().collect();
        selected.set(BTreeSet::new());
        paths
    };
    let move_to = move |event: web_sys::Event| {
        match event_target_value(&event).as_str() {
            "" => return,
            "aside" => state.move_to(take(), None),
            "new" => state.new_group(take()),
            id => {
                if let Ok(id) = id.parse() {
                    state.move_to(take(), Some(id));
                }
            }
        }
        event_target::<web_sys::HtmlSelectElement>(&event).set_value("");
    };
    let merge_with = move |event: web_sys::Event| {
        if let (Some(own), Ok(other)) = (cluster, event_target_value(&event).parse()) {
            state.merge(vec![own, other]);
        }
    };
    let others = move || {
        let outcome = state.outcome.get();
        let groups = outcome.iter().flat_map(|outcome| &outcome.clusters).filter(|group| Some(group.id) != cluster);
        groups.map(|group| view! { <option value=group.id.to_string()>{group.name.clone()}</option> }).collect_view()
    };
    view! {
        <div class="actions">
            <span aria-live="polite">{move || text::selected(selected.with(BTreeSet::len))}</span>
            <select aria-label=text::MOVE_TO disabled=none on:change=move_to>
                <option value="">{text::MOVE_TO}</option>
                {others}
                <option value="new">{text::NEW_GROUP}</option>
                {cluster.map(|_| view! { <option value="aside">{text::ASIDE}</option> })}
            </select>
            <button type="button" disabled=none on:click=move |_| state.lock_pictures(take(), true)>{text::LOCK}</button>
            <button type="button" disabled=none on:click=move |_| state.lock_pictures(take(), false)>{text::UNLOCK}</button>
            {cluster.map(|id| view! {
                <button type="button" disabled=move || state.busy.get() on:click=move |_| state.split(id)>{text::SPLIT}</button>
                <select aria-label=text::MERGE_WITH on:change=merge_with>
                    <option value="">{text::MERGE_WITH}</option>
                    {others}
                </select>
            })}
        </div>
    }
}
