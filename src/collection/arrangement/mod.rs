//! The editing model: which image is in which cluster, with undo and redo.
//!
//! | file | contents |
//! | --- | --- |
//! | `cluster_state` | a cluster and its name |
//! | `edit` | the edits |
//! | `plan` | an edit, checked against the state, as the changes that it makes |
//! | `given_names` | given names that follow their images |
//! | `step` | changes and their inverses, of which undo and redo consist |
//! | `query` | reading the state |
//! | `saved` | the state as it is written to a file |

mod cluster_state;
mod edit;
mod error;
mod given_names;
mod plan;
mod query;
mod saved;
mod step;

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::ImageId;
use step::{ClusterChange, Step};

pub(crate) use cluster_state::clean_name;
pub use cluster_state::{ClusterState, MAX_NAME_CHARACTERS, NameOrigin};
pub use edit::{Adopted, Adoption, Edit, EditKind, Restored};
pub use error::EditError;
pub use saved::{Saved, SavedCluster, SavedNames};

/// Where an image is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Membership {
    /// The image's cluster; `None` if it is unassigned.
    cluster: Option<u32>,
    /// Whether the image is pinned individually, whether or not its cluster is locked.
    pinned: bool,
    /// The given name of the cluster that the image was put into last, other than by clustering. The name follows its images.
    given_name: Option<Rc<str>>,
}

/// Images in clusters. Every known image is in exactly one cluster or unassigned.
///
/// An image is pinned if the next clustering must leave it where it is: it was moved by hand, it was pinned explicitly, or
/// its cluster is locked. An image that is unassigned and pinned is excluded: it takes no part in clustering.
///
/// Ids of clusters are never reused, not even after an undo; a redo brings a cluster back under its id. The exception is
/// [`Edit::Recluster`], which does not depend on what came before.
///
/// The edit that makes the first clusters cannot be undone: there is nothing to return to.
#[derive(Clone, Debug, Default)]
pub struct Arrangement {
    clusters: BTreeMap<u32, ClusterState>,
    memberships: BTreeMap<ImageId, Membership>,
    /// The images of every nonempty cluster, and under `None` the unassigned ones.
    members: BTreeMap<Option<u32>, BTreeSet<ImageId>>,
    next_id: u32,
    revision: u64,
    undo: Vec<Step>,
    redo: Vec<Step>,
}

impl Arrangement {
    /// An empty arrangement.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds images, unassigned and not pinned; known images stay where they are. Cannot be undone.
    pub fn add(&mut self, images: impl IntoIterator<Item = ImageId>) {
        let known = self.memberships.len();
        for image in images {
            self.memberships.entry(image).or_insert_with(|| {
                self.members.entry(None).or_default().insert(image);
                Membership::default()
            });
        }
        self.bump_revision(self.memberships.len() > known);
    }

    /// Removes images and ignores unknown ones. Cannot be undone, and undoing an edit does not bring them back.
    pub fn remove(&mut self, images: impl IntoIterator<Item = ImageId>) {
        let known = self.memberships.len();
        for image in images {
            if let Some(membership) = self.memberships.remove(&image) {
                self.remove_member(image, membership.cluster);
            }
        }
        self.bump_revision(self.memberships.len() < known);
    }

    /// Names clusters by suggestion, except those that have a given name. Not an edit, so it cannot be undone.
    ///
    /// Ignores unknown clusters, which may have been removed since the suggestion was requested, and names of which
    /// cleaning leaves nothing.
    pub fn suggest_names(&mut self, names: impl IntoIterator<Item = (u32, String)>) {
        let mut changed = false;
        for (id, name) in names {
            let Some(name) = clean_name(&name) else { continue };
            if self.clusters.get(&id).is_some_and(|cluster| cluster.name_origin != NameOrigin::Given) {
                let change = ClusterChange::Name { id, name, origin: NameOrigin::Suggested };
                changed |= self.change_cluster(change).is_some();
            }
        }
        self.bump_revision(changed);
    }

    /// Applies an edit. An edit that changes nothing, or makes the first clusters, adds no step to undo.
    ///
    /// # Errors
    /// See [`Edit`] for the errors of each edit; the arrangement is unchanged then.
    pub fn apply(&mut self, edit: Edit) -> Result<(), EditError> {
        let plan = self.plan(edit)?;
        let makes_first_clusters = self.clusters.is_empty();
        self.next_id = plan.next_id;
        let inverse = self.execute(plan.step);
        if !inverse.is_empty() {
            if !makes_first_clusters {
                self.undo.push(inverse);
            }
            self.redo.clear();
            self.bump_revision(true);
        }
        Ok(())
    }

    /// Undoes the last edit; returns `false` if there is none. Images that were added since stay, removed ones stay
    /// removed, and edits of which nothing is left to undo are skipped.
    pub fn undo(&mut self) -> bool {
        while let Some(step) = self.undo.pop() {
            let inverse = self.execute(step);
            if !inverse.is_empty() {
                self.redo.push(inverse);
                self.bump_revision(true);
                return true;
            }
        }
        false
    }

    /// Redoes the edit that was undone last; returns `false` if there is none. Otherwise like [`Self::undo`].
    pub fn redo(&mut self) -> bool {
        while let Some(step) = self.redo.pop() {
            let inverse = self.execute(step);
            if !inverse.is_empty() {
                self.undo.push(inverse);
                self.bump_revision(true);
                return true;
            }
        }
        false
    }

    fn remove_member(&mut self, image: ImageId, cluster: Option<u32>) {
        if let Some(members) = self.members.get_mut(&cluster) {
            members.remove(&image);
            if members.is_empty() {
                self.members.remove(&cluster);
            }
        }
    }

    fn bump_revision(&mut self, changed: bool) {
        self.revision += u64::from(changed);
    }
}
