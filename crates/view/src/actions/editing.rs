//! Actions that edit the clusters: move, pin, lock, rename, merge, split, join, undo, duplicates.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::state::{Destination, State};
use crate::text;
use shoal::collection::clusters_in_order;
use shoal_engine::{Duplicates, DuplicatesCall, JoinCall, Lockable};

impl State {
    /// Moves images to a destination.
    pub fn move_images(self, paths: Vec<String>, destination: Destination) {
        match destination {
            Destination::Cluster(id) => self.move_to_cluster(paths, id),
            Destination::Excluded => self.exclude(paths),
            Destination::NewCluster => {
                spawn_local(async move { self.report_failure(self.engine().new_cluster(None, &paths).await) });
            }
        }
    }

    /// Moves images into a cluster.
    pub fn move_to_cluster(self, paths: Vec<String>, id: u32) {
        spawn_local(async move { self.report_failure(self.engine().move_images(&paths, Some(id)).await) });
    }

    /// Excludes images from clustering.
    pub fn exclude(self, paths: Vec<String>) {
        spawn_local(async move { self.report_failure(self.engine().move_images(&paths, None).await) });
    }

    /// All destinations that images can be moved to, with their names.
    pub fn destinations(self) -> Vec<(Destination, String)> {
        let order = self.cluster_order.get();
        self.clustering.with(|clustering| {
            let clusters = clustering.iter().flat_map(|clustering| clusters_in_order(clustering, order));
            let clusters = clusters.map(|cluster| (Destination::Cluster(cluster.id), cluster.name.clone()));
            let others =
                [(Destination::NewCluster, text::NEW_GROUP.into()), (Destination::Excluded, text::UNASSIGNED.into())];
            clusters.chain(others).collect()
        })
    }

    /// Lets the unassigned images join their nearest cluster.
    pub fn join_unassigned(self) {
        spawn_local(async move {
            self.report_failure(
                self.engine().join(JoinCall::with_similarity(self.join_similarity.get_untracked())).await,
            );
        });
    }

    /// Renames a cluster.
    pub fn rename(self, id: u32, name: String) {
        spawn_local(async move { self.report_failure(self.engine().rename(id, name).await) });
    }

    /// Locks or unlocks a cluster.
    pub fn lock_cluster(self, id: u32, on: bool) {
        self.lock(Lockable { clusters: vec![id], ..Lockable::default() }, on);
    }

    /// Pins images to their clusters, or unpins them.
    pub fn pin_images(self, paths: Vec<String>, on: bool) {
        self.lock(Lockable { paths, ..Lockable::default() }, on);
    }

    fn lock(self, what: Lockable, on: bool) {
        spawn_local(async move { self.report_failure(self.engine().lock(what, on).await) });
    }

    /// Merges clusters.
    pub fn merge(self, ids: Vec<u32>) {
        spawn_local(async move { self.report_failure(self.engine().merge(ids).await) });
    }

    /// Splits a cluster in two.
    pub fn split(self, id: u32) {
        spawn_local(async move { self.report_failure(self.engine().split(id, 2).await) });
    }

    /// Undoes the last edit.
    pub fn undo(self) {
        spawn_local(async move { self.report_failure(self.engine().undo().await) });
    }

    /// Redoes the last edit that was undone.
    pub fn redo(self) {
        spawn_local(async move { self.report_failure(self.engine().redo().await) });
    }

    /// Searches for duplicates.
    pub fn find_duplicates(self) {
        spawn_local(async move {
            let engine = self.engine();
            match engine.duplicates(DuplicatesCall::with_cosine(self.duplicate_cosine.get_untracked())).await {
                Ok(found) => self.duplicates.set(Some(found)),
                Err(error) => engine.report(&error),
            }
        });
    }

    /// Keeps the best image of a set of duplicates, or of every set for `None`, and excludes the others.
    pub fn keep_best(self, set: Option<Duplicates>) {
        let sets = match set {
            Some(set) => vec![set],
            None => self.duplicates.get_untracked().unwrap_or_default(),
        };
        self.duplicates.update(|found| {
            if let Some(found) = found {
                found.retain(|set| !sets.contains(set));
            }
        });
        spawn_local(async move { self.report_failure(self.engine().keep_best(&sets).await) });
    }
}
