//! What is shown with all its pictures: a group, the unsorted ones, what a search found, or the selection.

use std::sync::Arc;

use leptos::{html, prelude::*};

use crate::drag::Place;
use crate::grid::{Grid, GridImage};
use crate::menu::Menu;
use crate::state::{Opened, State};
use crate::text;
use shoal::collection::{Assignment, ImageOrder, matching, members, put_in_order};

/// The opened pictures, if any are.
#[component]
pub fn OpenedPictures(state: State) -> impl IntoView {
    // A group that is gone is not open any more.
    let opened = Memo::new(move |_| {
        let opened = state.opened.get()?;
        state.clustering.with(|clustering| match (clustering.as_ref()?, opened) {
            (clustering, Opened::Cluster(id)) => clustering.cluster(id).map(|_| opened),
            _ => Some(opened),
        })
    });
    view! {
        {move || opened.get().map(|opened| view! { <Panel state opened/> })}
    }
}

#[component]
fn Panel(state: State, opened: Opened) -> impl IntoView {
    let order = RwSignal::new(ImageOrder::default());
    let pictures = Memo::new(move |_| Arc::new(listed(state, opened, order.get())));
    let panel = NodeRef::<html::Section>::new();
    Effect::new(move |_| {
        // A search opens its panel while one types: only what a click opened takes the focus.
        if let Some(panel) = panel.get()
            && opened != Opened::Found
        {
            panel.scroll_into_view();
            // A panel that cannot have the focus is still there to see.
            let _ = panel.focus();
        }
    });
    let title = move || match opened {
        Opened::Aside => text::ASIDE.to_owned(),
        Opened::Found => text::FOUND.to_owned(),
        Opened::Selected => text::SELECTION.to_owned(),
        Opened::Cluster(id) => state.group_name(id).unwrap_or_default(),
    };
    let on_order = move |event: web_sys::Event| {
        order.set(match event_target_value(&event).as_str() {
            "worst" => ImageOrder::WorstFit,
            "path" => ImageOrder::Path,
            _ => ImageOrder::Closeness,
        });
    };
    view! {
        <section node_ref=panel class="opened panel" tabindex="-1" aria-label=title part="opened">
            <header>
                <h2>{title}{move || format!(" · {}", text::pictures(pictures.with(|list| list.len())))}</h2>
                <button type="button" on:click=move |_| state.close_opened()>{text::CLOSE}</button>
            </header>
            <div class="actions">
                <select aria-label=text::ORDER on:change=on_order>
                    <option value="closeness">{text::CLOSEST_FIRST}</option>
                    <option value="worst">{text::WORST_FIRST}</option>
                    <option value="path">{text::BY_PATH}</option>
                </select>
                {match opened {
                    Opened::Cluster(id) => Some(view! { <GroupActions state id/> }),
                    _ => None,
                }}
            </div>
            <Show
                when=move || pictures.with(|list| !list.is_empty())
                fallback=move || view! { <p class="soft">{text::NO_PICTURES_HERE}</p> }
            >
                <Grid state pictures/>
            </Show>
        </section>
    }
}

/// The opened pictures in an order.
fn listed(state: State, opened: Opened, order: ImageOrder) -> Vec<GridImage> {
    let words = if opened == Opened::Found { state.search.get() } else { String::new() };
    let chosen = |item: &&Assignment| state.selected.with(|selected| selected.contains(&item.path));
    state.clustering.with(|clustering| {
        let Some(clustering) = clustering else { return Vec::new() };
        let items = match opened {
            Opened::Cluster(id) => members(clustering, Some(id), order),
            Opened::Aside => members(clustering, None, order),
            Opened::Found | Opened::Selected => {
                let mut items: Vec<&Assignment> = match opened {
                    Opened::Found => matching(clustering, &words),
                    _ => clustering.items.iter().filter(chosen).collect(),
                };
                put_in_order(&mut items, order);
                items
            }
        };
        let picture = |item: &Assignment| GridImage {
            path: item.path.clone(),
            doubtful: item.is_doubtful(),
            locked: item.locked,
        };
        items.into_iter().map(picture).collect()
    })
}

/// What is done with a whole group.
#[component]
fn GroupActions(state: State, id: u32) -> impl IntoView {
    let others = move || {
        let groups = state.places().into_iter();
        groups.filter(|(place, _)| matches!(place, Place::Cluster(other) if *other != id)).collect::<Vec<_>>()
    };
    let merge_with = move |other| {
        if let Place::Cluster(other) = other {
            state.merge(vec![id, other]);
        }
    };
    view! {
        <button type="button" disabled=move || state.busy.get() on:click=move |_| state.split(id)>{text::SPLIT}</button>
        <Menu label=text::MERGE_WITH choices=others choose=merge_with/>
    }
}
