//! Changes and their inverses. A step stores only what it changes, so that undo needs no limit.
//!
//! The inverse is computed when a step is executed, not when it is planned, so that it accounts for changes in between that
//! are not edits, such as new images and suggested names.

use std::mem::replace;

use super::{Arrangement, ClusterState, Membership, NameOrigin};
use crate::collection::ImageId;

/// The changes of an edit. No two of them concern the same image or the same property of a cluster, so their order does not
/// matter.
#[derive(Clone, Debug, Default)]
pub(super) struct Step {
    pub memberships: Vec<(ImageId, Membership)>,
    pub clusters: Vec<ClusterChange>,
}

/// A change of one cluster.
#[derive(Clone, Debug)]
pub(super) enum ClusterChange {
    Create(ClusterState),
    Remove(u32),
    Name { id: u32, name: String, origin: NameOrigin },
    Lock { id: u32, locked: bool },
}

impl Step {
    pub fn is_empty(&self) -> bool {
        self.memberships.is_empty() && self.clusters.is_empty()
    }
}

impl Arrangement {
    /// Makes the changes and returns their inverse, without those that changed nothing.
    pub(super) fn execute(&mut self, step: Step) -> Step {
        let clusters = step.clusters.into_iter().filter_map(|change| self.change_cluster(change)).collect();
        let memberships =
            step.memberships.into_iter().filter_map(|(image, membership)| self.put(image, membership)).collect();
        Step { memberships, clusters }
    }

    fn put(&mut self, image: ImageId, membership: Membership) -> Option<(ImageId, Membership)> {
        let former = replace(self.memberships.get_mut(&image)?, membership);
        if former.cluster != membership.cluster {
            self.remove_member(image, former.cluster);
            self.members.entry(membership.cluster).or_default().insert(image);
        }
        (former != membership).then_some((image, former))
    }

    pub(super) fn change_cluster(&mut self, change: ClusterChange) -> Option<ClusterChange> {
        match change {
            ClusterChange::Create(cluster) => {
                let id = cluster.id;
                self.clusters.insert(id, cluster);
                Some(ClusterChange::Remove(id))
            }
            ClusterChange::Remove(id) => self.clusters.remove(&id).map(ClusterChange::Create),
            ClusterChange::Name { id, name, origin } => {
                let cluster = self.clusters.get_mut(&id)?;
                if cluster.name == name && cluster.name_origin == origin {
                    return None;
                }
                let name = replace(&mut cluster.name, name);
                let origin = replace(&mut cluster.name_origin, origin);
                Some(ClusterChange::Name { id, name, origin })
            }
            ClusterChange::Lock { id, locked } => {
                let former = replace(&mut self.clusters.get_mut(&id)?.locked, locked);
                (former != locked).then_some(ClusterChange::Lock { id, locked: former })
            }
        }
    }
}
