//! Changes and their inverses. A step says only what it changes, so that undo may go back without limit.
//!
//! The inverse is taken when a step is executed, not when it is planned: then it also fits what happened in between and is
//! no edit, such as new pictures and suggested names.

use std::mem::replace;

use super::{Arrangement, ClusterState, NameOrigin, Spot};
use crate::collection::ImageId;

/// What an edit changes. No two of its changes concern the same thing, so that their order does not matter.
#[derive(Clone, Debug, Default)]
pub(super) struct Step {
    pub spots: Vec<(ImageId, Spot)>,
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
        self.spots.is_empty() && self.clusters.is_empty()
    }
}

impl Arrangement {
    /// Makes the changes and gives their inverse, which leaves out what changed nothing.
    pub(super) fn execute(&mut self, step: Step) -> Step {
        let clusters = step.clusters.into_iter().filter_map(|change| self.change_cluster(change)).collect();
        let spots = step.spots.into_iter().filter_map(|(picture, spot)| self.put(picture, spot)).collect();
        Step { spots, clusters }
    }

    fn put(&mut self, picture: ImageId, spot: Spot) -> Option<(ImageId, Spot)> {
        let former = replace(self.spots.get_mut(&picture)?, spot);
        if former.cluster != spot.cluster {
            self.unlist(picture, former.cluster);
            self.members.entry(spot.cluster).or_default().insert(picture);
        }
        (former != spot).then_some((picture, former))
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
