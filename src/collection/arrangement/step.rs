//! Changes and their inverses. A step stores only what it changes, so that undo needs no limit.
//!
//! The inverse is computed when a step is executed, not when it is planned, so that it accounts for changes in between that
//! are not edits, such as new images and suggested names.

use std::mem::replace;

use super::{Arrangement, ClusterState, EditKind, Membership, NameOrigin};
use crate::collection::ImageId;

/// The changes of an edit. No two of them concern the same image or the same property of a cluster, so their order does not
/// matter.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub kind: EditKind,
    pub memberships: Vec<(ImageId, Membership)>,
    pub clusters: Vec<ClusterChange>,
}

/// A change of one cluster.
#[derive(Clone, Debug)]
pub(super) enum ClusterChange {
    Create(ClusterState),
    /// Replaces a cluster by another one with its id. Its inverse has all of the former cluster, also what did not change: a
    /// name that is suggested for the new cluster must not outlast it.
    Replace(ClusterState),
    Remove(u32),
    Name {
        id: u32,
        name: String,
        origin: NameOrigin,
    },
    Lock {
        id: u32,
        locked: bool,
    },
}

impl Step {
    pub fn new(kind: EditKind) -> Self {
        Self { kind, memberships: Vec::new(), clusters: Vec::new() }
    }

    pub fn is_empty(&self) -> bool {
        self.memberships.is_empty() && self.clusters.is_empty()
    }
}

impl Arrangement {
    /// Makes the changes and returns their inverse, which is empty if nothing has changed.
    pub(super) fn execute(&mut self, step: Step) -> Step {
        let clusters: Vec<ClusterChange> =
            step.clusters.into_iter().filter_map(|change| self.change_cluster(change)).collect();
        let memberships: Vec<(ImageId, Membership)> =
            step.memberships.into_iter().filter_map(|(image, membership)| self.put(image, membership)).collect();
        let is_same = |change: &ClusterChange| matches!(change, ClusterChange::Replace(former) if self.clusters.get(&former.id) == Some(former));
        if memberships.is_empty() && clusters.iter().all(is_same) {
            return Step::new(step.kind);
        }
        Step { kind: step.kind, memberships, clusters }
    }

    fn put(&mut self, image: ImageId, membership: Membership) -> Option<(ImageId, Membership)> {
        let known = self.memberships.get_mut(&image)?;
        if *known == membership {
            return None;
        }
        let to = membership.cluster;
        let former = replace(known, membership);
        if former.cluster != to {
            self.remove_member(image, former.cluster);
            self.members.entry(to).or_default().insert(image);
        }
        Some((image, former))
    }

    pub(super) fn change_cluster(&mut self, change: ClusterChange) -> Option<ClusterChange> {
        match change {
            ClusterChange::Create(cluster) => {
                let id = cluster.id;
                self.clusters.insert(id, cluster);
                Some(ClusterChange::Remove(id))
            }
            ClusterChange::Replace(cluster) => {
                let id = cluster.id;
                Some(match self.clusters.insert(id, cluster) {
                    Some(former) => ClusterChange::Replace(former),
                    None => ClusterChange::Remove(id),
                })
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
