//! The image panel: all images of a cluster, the unassigned ones, the search results, or the selection.

use std::sync::Arc;

use leptos::{html, prelude::*};

use crate::grid::{Grid, GridImage};
use crate::image_sets::items_of;
use crate::menu::Menu;
use crate::state::{Destination, ImageSet, State};
use crate::text;
use shoal::collection::{Assignment, ImageOrder};

/// The panel; nothing while it is closed.
#[component]
pub fn ImagePanel(state: State) -> impl IntoView {
    // The panel of a cluster closes when the cluster is removed.
    let set = Memo::new(move |_| {
        let set = state.shown_set.get()?;
        state.clustering.with(|clustering| match (clustering.as_ref()?, set) {
            (clustering, ImageSet::Cluster(id)) => clustering.cluster(id).map(|_| set),
            _ => Some(set),
        })
    });
    view! {
        {move || set.get().map(|set| view! { <Panel state set/> })}
    }
}

#[component]
fn Panel(state: State, set: ImageSet) -> impl IntoView {
    let order = RwSignal::new(ImageOrder::default());
    let images = Memo::new(move |_| Arc::new(images_of(state, set, order.get())));
    let panel = NodeRef::<html::Section>::new();
    Effect::new(move |_| {
        // The focus stays in the search field while the user types a search.
        if let Some(panel) = panel.get()
            && set != ImageSet::SearchResults
        {
            panel.scroll_into_view();
            // The panel is usable without the focus.
            let _ = panel.focus();
        }
    });
    let name = move || match set {
        ImageSet::Unassigned => text::UNASSIGNED.to_owned(),
        ImageSet::SearchResults => text::SEARCH_RESULTS.to_owned(),
        ImageSet::Selection => text::SELECTION.to_owned(),
        ImageSet::Cluster(id) => state.cluster_name(id).unwrap_or_default(),
    };
    let on_order = move |event: web_sys::Event| {
        order.set(match event_target_value(&event).as_str() {
            "worst" => ImageOrder::WorstFit,
            "path" => ImageOrder::Path,
            "taken" => ImageOrder::Taken,
            _ => ImageOrder::Closeness,
        });
    };
    view! {
        <section node_ref=panel class="opened panel" tabindex="-1" aria-label=name part="opened">
            <header>
                <h2>{move || text::panel_title(&name(), images.with(|images| images.len()))}</h2>
                <button type="button" on:click=move |_| state.close_images()>{text::CLOSE}</button>
            </header>
            <div class="actions">
                <select aria-label=text::IMAGE_ORDER on:change=on_order>
                    <option value="closeness">{text::CLOSEST_FIRST}</option>
                    <option value="worst">{text::WORST_FIRST}</option>
                    <option value="path">{text::BY_NAME}</option>
                    <option value="taken">{text::BY_TIME_TAKEN}</option>
                </select>
                {match set {
                    ImageSet::Cluster(id) => Some(view! { <ClusterActions state id/> }),
                    _ => None,
                }}
            </div>
            <Show
                when=move || images.with(|images| !images.is_empty())
                fallback=move || view! { <p class="soft">{text::NO_IMAGES}</p> }
            >
                <Grid state images/>
            </Show>
        </section>
    }
}

/// The images of a set, sorted, as the grid shows them.
fn images_of(state: State, set: ImageSet, order: ImageOrder) -> Vec<GridImage> {
    state.clustering.with(|clustering| {
        let items = clustering.iter().flat_map(|clustering| items_of(state, clustering, set, order));
        let image = |item: &Assignment| GridImage {
            path: item.path.clone(),
            is_uncertain: item.is_doubtful(),
            is_pinned: item.locked,
        };
        items.map(image).collect()
    })
}

/// Buttons that act on a whole cluster.
#[component]
fn ClusterActions(state: State, id: u32) -> impl IntoView {
    let others = move || {
        let destinations = state.destinations().into_iter();
        let is_other = |destination: &Destination| matches!(destination, Destination::Cluster(other) if *other != id);
        destinations.filter(|(destination, _)| is_other(destination)).collect::<Vec<_>>()
    };
    let merge_with = move |other| {
        if let Destination::Cluster(other) = other {
            state.merge(id, other);
        }
    };
    view! {
        <button type="button" disabled=move || state.busy.get() on:click=move |_| state.split(id)>{text::SPLIT}</button>
        <Menu label=text::MERGE_WITH choices=others choose=merge_with/>
    }
}
