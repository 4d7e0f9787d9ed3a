//! Which picture is in which cluster, as a person edits it: every edit can be undone, and nothing is lost on the way.
//!
//! | file | what |
//! | --- | --- |
//! | `cluster` | a cluster and its name |
//! | `edit` | what a person may ask for |
//! | `plan` | an edit, checked against the state, as the changes that it makes |
//! | `step` | changes and their inverses, of which undo and redo consist |
//! | `saved` | the state as it is written to a file |

mod cluster;
mod edit;
mod error;
mod plan;
mod saved;
mod step;

use std::collections::{BTreeMap, BTreeSet};

use super::ImageId;
use step::{ClusterChange, Step};

pub(crate) use cluster::clean_name;
pub use cluster::{ClusterState, MAX_NAME_CHARACTERS, NameOrigin};
pub use edit::{Adopted, Edit, Restored};
pub use error::EditError;
pub use saved::{Saved, SavedCluster};

/// Where a picture is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Spot {
    /// Its cluster; `None` when it is set aside.
    cluster: Option<u32>,
    /// Whether it is held there for itself, whatever its cluster does.
    held: bool,
}

/// Pictures in clusters. Every picture that is known is in exactly one cluster or set aside.
///
/// Ids of clusters are never used twice, not even after an undo; what is redone comes back under the id that it had. The
/// exception is [`Edit::Regroup`], which has nothing to do with what was there before.
#[derive(Clone, Debug, Default)]
pub struct Arrangement {
    clusters: BTreeMap<u32, ClusterState>,
    spots: BTreeMap<ImageId, Spot>,
    /// The pictures of every cluster that has some, and under `None` those that are set aside.
    members: BTreeMap<Option<u32>, BTreeSet<ImageId>>,
    next_id: u32,
    revision: u64,
    undo: Vec<Step>,
    redo: Vec<Step>,
}

impl Arrangement {
    /// An arrangement of no pictures.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes pictures in, set aside and not held; those that are known stay where they are. Not to be undone.
    pub fn add(&mut self, pictures: impl IntoIterator<Item = ImageId>) {
        let known = self.spots.len();
        for picture in pictures {
            self.spots.entry(picture).or_insert_with(|| {
                self.members.entry(None).or_default().insert(picture);
                Spot::default()
            });
        }
        self.note(self.spots.len() > known);
    }

    /// Takes pictures out; unknown ones are passed over. Not to be undone, and undoing does not bring them back.
    pub fn remove(&mut self, pictures: impl IntoIterator<Item = ImageId>) {
        let known = self.spots.len();
        for picture in pictures {
            if let Some(spot) = self.spots.remove(&picture) {
                self.unlist(picture, spot.cluster);
            }
        }
        self.note(self.spots.len() < known);
    }

    /// Names clusters for what they show, except those that a person has named. Not to be undone: it is no edit.
    ///
    /// Unknown clusters are passed over, since they may have gone while a name was looked for, and so are names of which
    /// nothing would be left.
    pub fn suggest_names(&mut self, names: impl IntoIterator<Item = (u32, String)>) {
        let mut changed = false;
        for (id, name) in names {
            let Some(name) = clean_name(&name) else { continue };
            if self.clusters.get(&id).is_some_and(|cluster| cluster.name_origin != NameOrigin::Given) {
                let change = ClusterChange::Name { id, name, origin: NameOrigin::Suggested };
                changed |= self.change_cluster(change).is_some();
            }
        }
        self.note(changed);
    }

    /// Makes an edit. One that changes nothing is no step to undo.
    ///
    /// # Errors
    /// What [`Edit`] says of each; nothing has changed then.
    pub fn apply(&mut self, edit: Edit) -> Result<(), EditError> {
        let plan = self.plan(edit)?;
        self.next_id = plan.next_id;
        let inverse = self.execute(plan.step);
        if !inverse.is_empty() {
            self.undo.push(inverse);
            self.redo.clear();
            self.note(true);
        }
        Ok(())
    }

    /// Takes the last edit back; `false` when there is none. Pictures that came since stay, those that went stay away, and
    /// an edit of which nothing is left is passed over.
    pub fn undo(&mut self) -> bool {
        while let Some(step) = self.undo.pop() {
            let inverse = self.execute(step);
            if !inverse.is_empty() {
                self.redo.push(inverse);
                self.note(true);
                return true;
            }
        }
        false
    }

    /// Makes the edit again that was taken back last; `false` when there is none. As [`Self::undo`] otherwise.
    pub fn redo(&mut self) -> bool {
        while let Some(step) = self.redo.pop() {
            let inverse = self.execute(step);
            if !inverse.is_empty() {
                self.undo.push(inverse);
                self.note(true);
                return true;
            }
        }
        false
    }

    /// Whether there is an edit to undo.
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Whether there is an edit to redo.
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// A number that grows with every change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The clusters in id order, those without pictures included.
    pub fn clusters(&self) -> impl Iterator<Item = &ClusterState> {
        self.clusters.values()
    }

    /// The cluster that `id` names.
    pub fn cluster(&self, id: u32) -> Option<&ClusterState> {
        self.clusters.get(&id)
    }

    /// A cluster's pictures in id order; none for an unknown one.
    pub fn members(&self, id: u32) -> impl Iterator<Item = ImageId> {
        self.listed(Some(id))
    }

    /// How many pictures a cluster has; 0 for an unknown one.
    pub fn size(&self, id: u32) -> usize {
        self.members.get(&Some(id)).map_or(0, BTreeSet::len)
    }

    /// The pictures that are set aside, in id order.
    pub fn set_aside(&self) -> impl Iterator<Item = ImageId> {
        self.listed(None)
    }

    /// How many pictures are known, those set aside included.
    pub fn pictures(&self) -> usize {
        self.spots.len()
    }

    /// Whether a picture is known.
    pub fn contains(&self, picture: ImageId) -> bool {
        self.spots.contains_key(&picture)
    }

    /// A picture's cluster; `None` when it is set aside or unknown.
    pub fn cluster_of(&self, picture: ImageId) -> Option<u32> {
        self.spots.get(&picture)?.cluster
    }

    /// Whether a picture is to stay where it is: held for itself or by a locked cluster.
    pub fn is_held(&self, picture: ImageId) -> bool {
        self.spots.get(&picture).is_some_and(|spot| self.holds(*spot))
    }

    /// Whether a picture is held for itself, and so stays where it is when its cluster is unlocked.
    pub fn is_held_for_itself(&self, picture: ImageId) -> bool {
        self.spots.get(&picture).is_some_and(|spot| spot.held)
    }

    /// The pictures that the next clustering must leave in their clusters, in id order, each with its cluster.
    pub fn held(&self) -> Vec<(ImageId, u32)> {
        let held = self.spots.iter().filter(|(_, spot)| self.holds(**spot));
        held.filter_map(|(picture, spot)| Some((*picture, spot.cluster?))).collect()
    }

    /// The pictures that the next clustering must leave set aside, in id order: those that a person put there.
    pub fn held_aside(&self) -> Vec<ImageId> {
        self.set_aside().filter(|picture| self.is_held(*picture)).collect()
    }

    /// The clusters that must be there after the next clustering, in id order: those locked or with pictures that are held.
    pub fn surviving(&self) -> Vec<u32> {
        let survives =
            |cluster: &&ClusterState| cluster.locked || self.members(cluster.id).any(|one| self.is_held(one));
        self.clusters().filter(survives).map(|cluster| cluster.id).collect()
    }

    fn holds(&self, spot: Spot) -> bool {
        spot.held || spot.cluster.is_some_and(|id| self.clusters.get(&id).is_some_and(|cluster| cluster.locked))
    }

    fn listed(&self, cluster: Option<u32>) -> impl Iterator<Item = ImageId> {
        self.members.get(&cluster).into_iter().flatten().copied()
    }

    fn unlist(&mut self, picture: ImageId, cluster: Option<u32>) {
        if let Some(listed) = self.members.get_mut(&cluster) {
            listed.remove(&picture);
            if listed.is_empty() {
                self.members.remove(&cluster);
            }
        }
    }

    fn note(&mut self, changed: bool) {
        self.revision += u64::from(changed);
    }
}
