//! Errors of editing.

use thiserror::Error;

use crate::error::Coded;

/// An edit of the clusters that is not possible. The arrangement is unchanged.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum EditError {
    /// The edit names a cluster that does not exist.
    #[error("there is no cluster {cluster}")]
    UnknownCluster {
        /// The cluster's id.
        cluster: u32,
    },
    /// The edit names an image that does not exist.
    #[error("there is no picture {image}")]
    UnknownImage {
        /// The image's id.
        image: u32,
    },
    /// A part of a split contains an image of another cluster.
    #[error("picture {image} is not in cluster {cluster}")]
    NotInCluster {
        /// The image's id.
        image: u32,
        /// The cluster's id.
        cluster: u32,
    },
    /// An image is named for two places.
    #[error("picture {image} cannot be in two places")]
    ImageTwice {
        /// The image's id.
        image: u32,
    },
    /// A cluster is named twice.
    #[error("cluster {cluster} cannot occur twice")]
    ClusterTwice {
        /// The cluster's id.
        cluster: u32,
    },
    /// A name has no printable character.
    #[error("a name needs at least one character")]
    BadName,
    /// The edit names too few images or clusters to change anything.
    #[error("there is nothing to edit")]
    NothingToEdit,
    /// Every id has been used.
    #[error("no more clusters can be created")]
    TooManyClusters,
}

impl Coded for EditError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownCluster { .. } => "unknown-cluster",
            Self::UnknownImage { .. } => "unknown-picture",
            Self::NotInCluster { .. } => "not-in-cluster",
            Self::ImageTwice { .. } => "picture-twice",
            Self::ClusterTwice { .. } => "cluster-twice",
            Self::BadName => "bad-name",
            Self::NothingToEdit => "nothing-to-edit",
            Self::TooManyClusters => "too-many-clusters",
        }
    }
}
