//! The edits that an arrangement supports.

use super::NameOrigin;
#[cfg(doc)]
use super::{Arrangement, ClusterState, EditError};
use crate::collection::ImageId;

/// An edit, for [`Arrangement::apply`].
///
/// Every edit fails with [`EditError::UnknownCluster`] or [`EditError::UnknownImage`] if it names a cluster or an image that
/// does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Moves images by hand, which pins them where they are put.
    ///
    /// Fails with [`EditError::NothingToEdit`] without images.
    Move {
        /// The images.
        images: Vec<ImageId>,
        /// The cluster to move them to; `None` excludes them from clustering.
        to: Option<u32>,
    },
    /// Renames a cluster; the name is cleaned as described at [`ClusterState::name`].
    ///
    /// Fails with [`EditError::BadName`] if nothing is left of the name.
    Rename {
        /// The cluster.
        id: u32,
        /// Its new name.
        name: String,
    },
    /// Merges several clusters into the first, which keeps its name. The result is locked if any of them was.
    ///
    /// Fails with [`EditError::NothingToEdit`] for fewer than two different clusters.
    Merge {
        /// The clusters; duplicates count once.
        ids: Vec<u32>,
    },
    /// Splits a cluster. The largest part (the first of several equally large ones) keeps the id, the name, and the images
    /// that are in no part; every other part becomes a new cluster, locked if the original was.
    ///
    /// Fails with [`EditError::NothingToEdit`] for fewer than two nonempty parts, [`EditError::NotInCluster`],
    /// [`EditError::ImageTwice`].
    Split {
        /// The cluster.
        id: u32,
        /// Its parts; empty ones are ignored.
        parts: Vec<Vec<ImageId>>,
    },
    /// Creates a cluster and moves images there by hand, which pins them. The cluster may be empty.
    ///
    /// Fails with [`EditError::BadName`] if nothing is left of the name.
    NewCluster {
        /// Its name; `None` for the default name.
        name: Option<String>,
        /// Its images.
        images: Vec<ImageId>,
    },
    /// Pins or unpins images, and locks or unlocks clusters. An unpinned image stays pinned while its cluster is locked.
    ///
    /// Fails with [`EditError::NothingToEdit`] if no image and no cluster is named.
    Lock {
        /// The images.
        images: Vec<ImageId>,
        /// The clusters.
        clusters: Vec<u32>,
        /// Whether to pin and lock, or to unpin and unlock.
        on: bool,
    },
    /// Replaces all clusters by the result of a search that had nothing to preserve. Ids start at 0, so that the same
    /// clustering has the same ids whatever came before. Locks are reset, given names follow their images, and all other names
    /// are reset unless the clusters are the same as before. Images in none of the clusters become unassigned.
    ///
    /// Fails with [`EditError::NothingToEdit`] without clusters, [`EditError::ImageTwice`].
    Recluster {
        /// The images of each cluster.
        clusters: Vec<Vec<ImageId>>,
    },
    /// Replaces all clusters by those of a search or of folders. Images in none of them become unassigned.
    ///
    /// The caller may move pinned images ([`Arrangement::pinned`] and [`Arrangement::surviving`] say what a search has to
    /// preserve): a pinned image that stays in its cluster remains pinned, one that moves does not. Given names follow their
    /// images into clusters that are new and have no name.
    ///
    /// Fails with [`EditError::NothingToEdit`] without clusters, [`EditError::BadName`], [`EditError::ImageTwice`],
    /// [`EditError::ClusterTwice`].
    Adopt {
        /// The clusters, in the order in which new ones get their ids.
        clusters: Vec<Adopted>,
        /// Where they come from.
        from: Adoption,
    },
    /// Replaces everything by a saved arrangement. Clusters keep the ids that they were saved with; later clusters get
    /// higher ones. Images in no cluster become unassigned.
    ///
    /// Fails with [`EditError::NothingToEdit`] without clusters, [`EditError::BadName`], [`EditError::ImageTwice`],
    /// [`EditError::ClusterTwice`], [`EditError::TooManyClusters`] for the id 2^32 - 1.
    Restore {
        /// The clusters.
        clusters: Vec<Restored>,
        /// The images that are pinned individually, in a cluster or excluded. All others are not.
        pinned: Vec<ImageId>,
    },
}

/// Where adopted clusters come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adoption {
    /// From a search, which may have given a cluster that it preserved other images: unless the cluster is locked, a suggested
    /// name is reset.
    Search,
    /// From folders: all clusters are locked.
    Folders,
    /// The clusters are those that there were, and unassigned images have joined them.
    Join,
}

/// What an edit does, as far as it matters to a user who may undo it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditKind {
    /// Images were moved into a cluster.
    Move,
    /// Images were excluded from clustering.
    Exclude,
    /// A cluster was renamed.
    Rename,
    /// Clusters were merged.
    Merge,
    /// A cluster was split.
    Split,
    /// A cluster was created.
    NewCluster,
    /// Images or clusters were pinned.
    Pin,
    /// Images or clusters were unpinned.
    Unpin,
    /// The images were clustered.
    Cluster,
    /// Folders became clusters.
    AdoptFolders,
    /// Unassigned images joined clusters.
    Join,
    /// A saved arrangement was restored.
    Restore,
}

impl Edit {
    /// What the edit does.
    pub fn kind(&self) -> EditKind {
        match self {
            Self::Move { to: Some(_), .. } => EditKind::Move,
            Self::Move { to: None, .. } => EditKind::Exclude,
            Self::Rename { .. } => EditKind::Rename,
            Self::Merge { .. } => EditKind::Merge,
            Self::Split { .. } => EditKind::Split,
            Self::NewCluster { .. } => EditKind::NewCluster,
            Self::Lock { on: true, .. } => EditKind::Pin,
            Self::Lock { on: false, .. } => EditKind::Unpin,
            Self::Recluster { .. } | Self::Adopt { from: Adoption::Search, .. } => EditKind::Cluster,
            Self::Adopt { from: Adoption::Folders, .. } => EditKind::AdoptFolders,
            Self::Adopt { from: Adoption::Join, .. } => EditKind::Join,
            Self::Restore { .. } => EditKind::Restore,
        }
    }
}

/// A cluster to adopt.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Adopted {
    /// The existing cluster that this one continues; `None` for a new cluster.
    pub keep_id: Option<u32>,
    /// The name, which counts as given. `None` keeps the name of an existing cluster and gives a new one the default name.
    pub name: Option<String>,
    /// The images.
    pub images: Vec<ImageId>,
}

/// A cluster to restore.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restored {
    /// The id.
    pub id: u32,
    /// The name, which is cleaned as described at [`ClusterState::name`].
    pub name: String,
    /// Where the name comes from.
    pub origin: NameOrigin,
    /// Whether the cluster pins all its images.
    pub locked: bool,
    /// The images.
    pub images: Vec<ImageId>,
}
