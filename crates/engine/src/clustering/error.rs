//! What can go wrong with clusters on the page.

use shoal::error::Coded;
use thiserror::Error;

/// What can go wrong with clusters on the page.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ClusteringError {
    /// Nothing has been clustered.
    #[error("there are no groups yet")]
    NothingClustered,
    /// HDBSCAN found no cluster.
    #[error("no dense groups were found: try a smaller least group size")]
    NoDenseClusters,
    /// The images are in no folders.
    #[error("the pictures came in no folders that could be groups")]
    NoFolders,
    /// `k` is no whole number.
    #[error("k is {k}, but must be a whole number of groups")]
    FractionalK {
        /// The value.
        k: f64,
    },
    /// More clusters are pinned than were asked for.
    #[error("{k} groups are too few: {surviving} are locked or hold pictures that stay")]
    TooFewForPinned {
        /// The number that was asked for.
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

impl Coded for ClusteringError {
    fn code(&self) -> &'static str {
        match self {
            Self::NothingClustered => "nothing-clustered",
            Self::NoDenseClusters => "no-groups",
            Self::NoFolders => "no-folders",
            Self::FractionalK { .. } | Self::TooFewForPinned { .. } => "k-out-of-range",
            Self::OutOfRange { .. } => "bad-option",
        }
    }
}
