//! Reading an arrangement: clusters, their images, and what the next clustering must preserve.

use std::collections::BTreeSet;

use super::{Arrangement, ClusterState, EditKind, Membership};
use crate::collection::ImageId;

impl Arrangement {
    /// Whether there is an edit to undo.
    pub fn can_undo(&self) -> bool {
        !self.undo.is_empty()
    }

    /// Whether there is an edit to redo.
    pub fn can_redo(&self) -> bool {
        !self.redo.is_empty()
    }

    /// The edit that would be undone.
    pub fn edit_to_undo(&self) -> Option<EditKind> {
        Some(self.undo.last()?.kind)
    }

    /// The edit that would be redone.
    pub fn edit_to_redo(&self) -> Option<EditKind> {
        Some(self.redo.last()?.kind)
    }

    /// A number that grows with every change.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// The clusters in id order, including empty ones.
    pub fn clusters(&self) -> impl Iterator<Item = &ClusterState> {
        self.clusters.values()
    }

    /// The cluster with this id.
    pub fn cluster(&self, id: u32) -> Option<&ClusterState> {
        self.clusters.get(&id)
    }

    /// A cluster's images in id order; none for an unknown cluster.
    pub fn members(&self, id: u32) -> impl Iterator<Item = ImageId> {
        self.images_in(Some(id))
    }

    /// The number of images in a cluster; 0 for an unknown one.
    pub fn size(&self, id: u32) -> usize {
        self.members.get(&Some(id)).map_or(0, BTreeSet::len)
    }

    /// The images in no cluster, in id order, whether or not they are excluded.
    pub fn unassigned(&self) -> impl Iterator<Item = ImageId> {
        self.images_in(None)
    }

    /// The number of known images, including unassigned ones.
    pub fn image_count(&self) -> usize {
        self.memberships.len()
    }

    /// Whether an image is known.
    pub fn contains(&self, image: ImageId) -> bool {
        self.memberships.contains_key(&image)
    }

    /// An image's cluster; `None` if the image is unassigned or unknown.
    pub fn cluster_of(&self, image: ImageId) -> Option<u32> {
        self.memberships.get(&image)?.cluster
    }

    /// Whether the next clustering must leave an image where it is: the image is pinned individually, or its cluster is
    /// locked.
    pub fn is_pinned(&self, image: ImageId) -> bool {
        self.memberships.get(&image).is_some_and(|membership| self.pins(membership))
    }

    /// Whether an image is pinned individually, so that it stays pinned when its cluster is unlocked.
    pub fn is_pinned_individually(&self, image: ImageId) -> bool {
        self.memberships.get(&image).is_some_and(|membership| membership.pinned)
    }

    /// Whether an image takes no part in clustering: it is unassigned and pinned.
    pub fn is_excluded(&self, image: ImageId) -> bool {
        self.cluster_of(image).is_none() && self.is_pinned(image)
    }

    /// The images that the next clustering must leave in their clusters, in id order, each with its cluster.
    pub fn pinned(&self) -> Vec<(ImageId, u32)> {
        let pinned = self.memberships.iter().filter(|(_, membership)| self.pins(membership));
        pinned.filter_map(|(image, membership)| Some((*image, membership.cluster?))).collect()
    }

    /// The clusters that the next clustering must preserve, in id order: locked ones and those with pinned images.
    pub fn surviving(&self) -> Vec<u32> {
        let survives =
            |cluster: &&ClusterState| cluster.locked || self.members(cluster.id).any(|image| self.is_pinned(image));
        self.clusters().filter(survives).map(|cluster| cluster.id).collect()
    }

    fn pins(&self, membership: &Membership) -> bool {
        let is_locked = |id| self.clusters.get(&id).is_some_and(|cluster| cluster.locked);
        membership.pinned || membership.cluster.is_some_and(is_locked)
    }

    fn images_in(&self, cluster: Option<u32>) -> impl Iterator<Item = ImageId> {
        self.members.get(&cluster).into_iter().flatten().copied()
    }
}
