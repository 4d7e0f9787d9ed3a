//! Errors of clustering on the page.

use shoal::cluster::ClusterError;
use shoal::error::Coded;
use shoal_browser::api_error::ApiError;
use thiserror::Error;

/// Errors of clustering on the page.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ClusteringError {
    /// Nothing has been clustered.
    #[error("there are no groups yet")]
    NothingClustered,
    /// There are no images.
    #[error("there are no pictures to group yet")]
    NoImages,
    /// Too few images take part.
    #[error("{found} {} too few to choose the number of groups: at least {needed} are needed",
        if *found == 1 { "picture is" } else { "pictures are" })]
    TooFewImages {
        /// How many take part.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// `k` is outside 2 to the number of images.
    #[error("{images} {} cannot be divided into {k} groups: choose from 2 to {images}",
        if *images == 1 { "picture" } else { "pictures" })]
    KOutOfRange {
        /// The requested number of clusters.
        k: usize,
        /// How many images take part.
        images: usize,
    },
    /// HDBSCAN found no cluster.
    #[error("no dense groups were found: try a smaller least group size")]
    NoDenseClusters,
    /// The images are not in folders that could be clusters.
    #[error("the pictures came in no folders that could be groups")]
    NoFolders,
    /// `k` is not a whole number.
    #[error("k is {k}, but must be a whole number of groups")]
    FractionalK {
        /// The value.
        k: f64,
    },
    /// More clusters are pinned than were requested.
    #[error("{k} groups are too few: {surviving} are locked or hold pictures that stay")]
    TooFewForPinned {
        /// The requested number of clusters.
        k: usize,
        /// How many clusters are pinned.
        surviving: usize,
    },
    /// An option is out of range.
    #[error("{name} is {value}, but must be {allowed}")]
    OutOfRange {
        /// The option's name.
        name: &'static str,
        /// Its value.
        value: f64,
        /// What is allowed.
        allowed: &'static str,
    },
}

impl ClusteringError {
    /// An error of the core, which speaks of rows, in terms of images.
    pub fn of_images(error: ClusterError) -> ApiError {
        match error {
            ClusterError::NoRows => Self::NoImages.into(),
            ClusterError::TooFewRows { found, needed } => Self::TooFewImages { found, needed }.into(),
            ClusterError::KOutOfRange { k, rows } => Self::KOutOfRange { k, images: rows }.into(),
            error => error.into(),
        }
    }
}

impl Coded for ClusteringError {
    fn code(&self) -> &'static str {
        match self {
            Self::NothingClustered => "nothing-clustered",
            Self::NoDenseClusters => "no-groups",
            Self::NoImages => "no-pictures",
            Self::TooFewImages { .. } => "too-few-pictures",
            Self::NoFolders => "no-folders",
            Self::FractionalK { .. } | Self::KOutOfRange { .. } | Self::TooFewForPinned { .. } => "k-out-of-range",
            Self::OutOfRange { .. } => "bad-option",
        }
    }
}
