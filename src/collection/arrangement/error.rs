//! What can go wrong with an edit.

use thiserror::Error;

use crate::error::Coded;

/// An edit of the clusters that cannot be made. Nothing has changed then.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum EditError {
    /// A cluster was named that is not there.
    #[error("there is no cluster {cluster}")]
    UnknownCluster {
        /// The cluster's id.
        cluster: u32,
    },
    /// A picture was named that is not there.
    #[error("there is no picture {picture}")]
    UnknownPicture {
        /// The picture's id.
        picture: u32,
    },
    /// A cluster is to be split by a picture that is not in it.
    #[error("picture {picture} is not in cluster {cluster}")]
    NotInCluster {
        /// The picture's id.
        picture: u32,
        /// The cluster's id.
        cluster: u32,
    },
    /// A picture is to be in two places.
    #[error("picture {picture} cannot be in two places")]
    PictureTwice {
        /// The picture's id.
        picture: u32,
    },
    /// A cluster is to be two.
    #[error("cluster {cluster} cannot be there twice")]
    ClusterTwice {
        /// The cluster's id.
        cluster: u32,
    },
    /// A name has no character that can be shown.
    #[error("a name needs at least one character")]
    BadName,
    /// Too little was named for there to be anything to do.
    #[error("there is nothing to edit")]
    NothingToEdit,
    /// Every id has been used.
    #[error("no more clusters can be made")]
    TooManyClusters,
}

impl Coded for EditError {
    fn code(&self) -> &'static str {
        match self {
            Self::UnknownCluster { .. } => "unknown-cluster",
            Self::UnknownPicture { .. } => "unknown-picture",
            Self::NotInCluster { .. } => "not-in-cluster",
            Self::PictureTwice { .. } => "picture-twice",
            Self::ClusterTwice { .. } => "cluster-twice",
            Self::BadName => "bad-name",
            Self::NothingToEdit => "nothing-to-edit",
            Self::TooManyClusters => "too-many-clusters",
        }
    }
}
