//! The clusters: search bar, exports and scores, the open image panel, a card for each cluster, and a card for the images in none.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::cluster_card::{ClusterCard, UnassignedCard};
use crate::export_panel::ExportPanel;
use crate::image_panel::ImagePanel;
use crate::render_queue::Deferred;
use crate::state::State;
use crate::summary::Scores;
use crate::text;
use shoal::collection::{ClusterOrder, clusters_in_order};

/// The clusters of the latest clustering.
#[component]
pub fn Clusters(state: State) -> impl IntoView {
    // Keyed by id, so that a card and the name that is being typed into it survive every edit.
    let ids = Memo::new(move |_| {
        let order = state.cluster_order.get();
        state.clustering.with(|clustering| {
            let clusters = clustering.iter().flat_map(|clustering| clusters_in_order(clustering, order));
            clusters.map(|cluster| cluster.id).collect::<Vec<_>>()
        })
    });
    let unassigned = move || {
        state.clustering.with(|clustering| {
            let assignments = clustering.iter().flat_map(|clustering| &clustering.items);
            assignments.filter(|assignment| assignment.cluster.is_none()).count()
        })
    };
    view! {
        <section class="groups" aria-label=text::GROUPS part="groups">
            <div class="actions browse">
                <SearchBar state/>
                // At once, because they share a line.
                <ExportPanel state/>
                <Scores state/>
            </div>
            // Above the cards, where a search or a card's button is answered in sight.
            <ImagePanel state/>
            <div class="cards">
                <For each=move || ids.get() key=|id| *id let:id>
                    <Deferred>
                        <ClusterCard state id/>
                    </Deferred>
                </For>
                {move || Some(unassigned()).filter(|count| *count > 0).map(|count| view! { <UnassignedCard state count/> })}
            </div>
        </section>
    }
}

/// The search field and the order of the clusters.
#[component]
fn SearchBar(state: State) -> impl IntoView {
    let on_order = move |event: web_sys::Event| {
        state.cluster_order.set(match event_target_value(&event).as_str() {
            "size" => ClusterOrder::Size,
            "silhouette" => ClusterOrder::Silhouette,
            "name" => ClusterOrder::Name,
            _ => ClusterOrder::Found,
        });
    };
    view! {
        <input
            type="search"
            aria-label=text::SEARCH
            placeholder=text::SEARCH
            prop:value=move || state.search.get()
            on:input=move |event| state.search_for(event_target_value(&event))
            on:keydown=focus_results_on_enter
        />
        <select aria-label=text::GROUP_ORDER on:change=on_order>
            <option value="found">{text::AS_FOUND}</option>
            <option value="size">{text::LARGEST_FIRST}</option>
            <option value="silhouette">{text::BEST_FIRST}</option>
            <option value="name">{text::BY_NAME}</option>
        </select>
    }
}

/// Enter moves the focus from the search field to the images that were found.
fn focus_results_on_enter(event: KeyboardEvent) {
    let root = event_target::<Element>(&event).closest(".groups").ok().flatten();
    let grid = root.and_then(|root| root.query_selector(".opened .grid").ok()?);
    if let (true, Some(grid)) = (event.key() == "Enter", grid.and_then(|grid| grid.dyn_into::<HtmlElement>().ok())) {
        // If it cannot have the focus, the field keeps it.
        let _ = grid.focus();
    }
}
