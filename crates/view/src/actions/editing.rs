//! Actions that edit the clusters: move, pin, lock, rename, merge, split, join, undo, duplicates.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::state::{Destination, ImageSet, State, Toast};
use crate::text;
use shoal::collection::clusters_in_order;
use shoal_browser::api_error::ApiError;
use shoal_engine::{Duplicates, DuplicatesCall, JoinCall, Lockable};

impl State {
    /// Moves images to a destination.
    pub fn move_images(self, paths: Vec<String>, destination: Destination) {
        match destination {
            Destination::Cluster(id) => self.move_to_cluster(paths, id),
            Destination::Excluded => self.exclude(paths),
            Destination::NewCluster => {
                let done = text::moved(paths.len(), text::NEW_GROUP);
                self.edit(done, async move { self.engine().new_cluster(None, &paths).await });
            }
        }
    }

    /// Moves images into a cluster.
    pub fn move_to_cluster(self, paths: Vec<String>, id: u32) {
        let done = text::moved(paths.len(), &self.name_of(id));
        self.edit(done, async move { self.engine().move_images(&paths, Some(id)).await });
    }

    /// Excludes images from clustering.
    pub fn exclude(self, paths: Vec<String>) {
        let done = text::moved(paths.len(), text::UNASSIGNED);
        self.edit(done, async move { self.engine().move_images(&paths, None).await });
    }

    /// Runs an edit, and says at once that it is done, with a button that undoes it. A failure replaces this.
    fn edit<T>(self, done: String, edit: impl Future<Output = Result<T, ApiError>> + 'static) {
        self.toast.set(Some(Toast { message: done, can_undo: true }));
        spawn_local(async move {
            if let Err(error) = edit.await {
                self.toast.set(None);
                self.engine().report(&error);
            }
        });
    }

    fn name_of(self, id: u32) -> String {
        self.clustering
            .with_untracked(|clustering| Some(clustering.as_ref()?.cluster(id)?.name.clone()))
            .unwrap_or_default()
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

    /// Merges two clusters. The larger keeps its name and colour.
    pub fn merge(self, one: u32, other: u32) {
        let size_of = |id| {
            let cluster = self.clustering.with_untracked(|clustering| clustering.as_ref()?.cluster(id).cloned());
            cluster.map_or(0, |cluster| cluster.size)
        };
        let (kept, merged) = if size_of(other) > size_of(one) { (other, one) } else { (one, other) };
        let done = text::merged(&self.name_of(merged), &self.name_of(kept));
        if self.shown_set.get_untracked() == Some(ImageSet::Cluster(merged)) {
            self.shown_set.set(Some(ImageSet::Cluster(kept)));
        }
        self.edit(done, async move { self.engine().merge(vec![kept, merged]).await });
    }

    /// Splits a cluster in two. The larger part keeps its name and colour.
    pub fn split(self, id: u32) {
        let done = text::split(&self.name_of(id));
        self.edit(done, async move { self.engine().split(id, 2).await });
    }

    /// Undoes the last edit.
    pub fn undo(self) {
        self.toast.set(None);
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
