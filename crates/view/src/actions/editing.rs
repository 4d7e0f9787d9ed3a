//! Actions that edit the clusters: move, pin, lock, rename, merge, split, join, undo, duplicates.

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::review::Review;
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
        untrack(|| self.cluster_name(id)).unwrap_or_default()
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
            self.clustering
                .with_untracked(|clustering| Some(clustering.as_ref()?.cluster(id)?.size))
                .unwrap_or_default()
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

    /// Keeps the chosen image of a group of duplicates, and excludes the others.
    pub fn keep_chosen(self, group: Duplicates) {
        let review = Review::new(vec![group], |group| self.chosen(group), true);
        self.carry_out(&review);
    }

    /// Begins a review of all duplicates: of one group after the other, or of the summary alone.
    pub fn begin_review(self, is_summary: bool) {
        let groups = self.duplicates.get_untracked().unwrap_or_default();
        self.review.set(Some(Review::new(groups, |group| self.chosen(group), is_summary)));
    }

    /// Changes the review.
    pub fn change_review(self, change: impl FnOnce(&mut Review)) {
        self.review.update(|review| {
            if let Some(review) = review {
                change(review);
            }
        });
    }

    /// Shows the group so many steps further, or the summary after the last.
    pub fn step_review(self, steps: isize) {
        self.change_review(|review| review.go_to(review.at.saturating_add_signed(steps)));
    }

    /// Sets aside what the review says, and ends it.
    pub fn finish_review(self) {
        if let Some(review) = self.review.get_untracked() {
            self.review.set(None);
            self.carry_out(&review);
        }
    }

    /// Offers the groups again of which all images were kept.
    pub fn offer_kept_again(self) {
        self.engine().forget_kept_duplicates();
        self.find_duplicates();
    }

    fn carry_out(self, review: &Review) {
        self.duplicates.update(|found| {
            if let Some(found) = found {
                found.retain(|group| !review.groups.contains(group));
            }
        });
        let (set_aside, kept) = (review.set_aside(), review.kept_whole());
        if !kept.is_empty() {
            spawn_local(async move { self.report_failure(self.engine().keep_duplicates(&kept).await) });
        }
        if !set_aside.is_empty() {
            self.exclude(set_aside);
        }
    }

    /// The image of a group that is kept by default.
    fn chosen(self, group: &Duplicates) -> String {
        let (rule, folder, engine) = (self.keep_rule.get_untracked(), self.keep_folder.get_untracked(), self.engine());
        rule.choose(group, &folder, |path| engine.facts(path))
    }
}
