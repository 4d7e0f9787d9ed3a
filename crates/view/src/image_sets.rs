//! The images of a set, sorted.

use leptos::prelude::*;

use crate::state::{ImageSet, State};
use shoal::collection::{Assignment, Clustering, ImageOrder, matching, members, put_in_order};

/// The images of a set in an order. Tracks the search text and the selection, where the set depends on them.
pub fn items_of(state: State, clustering: &Clustering, set: ImageSet, order: ImageOrder) -> Vec<&Assignment> {
    let mut items: Vec<&Assignment> = match set {
        ImageSet::Cluster(id) => return members(clustering, Some(id), order),
        ImageSet::Unassigned => return members(clustering, None, order),
        ImageSet::SearchResults => matching(clustering, &state.search.get()),
        ImageSet::Selection => state
            .selected
            .with(|selected| clustering.items.iter().filter(|item| selected.contains(&item.path)).collect()),
    };
    put_in_order(&mut items, order);
    items
}
