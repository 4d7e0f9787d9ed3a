//! What can go wrong while points are clustered.

use thiserror::Error;

use crate::error::Coded;
use crate::error::OptionError;
use crate::matrix::ShapeError;

/// Groups that cannot be made.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ClusterError {
    /// There is nothing to group.
    #[error("there are no pictures to group yet")]
    NoPictures,
    /// Too few pictures for what was asked.
    #[error("{found} picture(s) cannot be grouped so: at least {needed} are needed")]
    TooFewPictures {
        /// How many pictures there are.
        found: usize,
        /// How many are needed.
        needed: usize,
    },
    /// `k` is outside 2..=n.
    #[error("{k} groups cannot be made of {pictures} pictures: choose from 2 to {pictures}")]
    KOutOfRange {
        /// The number of groups that was asked for.
        k: usize,
        /// How many pictures there are.
        pictures: usize,
    },
    /// The least size of a cluster is outside 2..=n.
    #[error("groups of at least {size} cannot be found among {pictures} pictures: choose from 2 to {pictures}")]
    MinClusterSizeOutOfRange {
        /// The least size that was asked for.
        size: usize,
        /// How many pictures there are.
        pictures: usize,
    },
    /// A feature is NaN or infinite.
    #[error("the features of picture {row} hold a value that is not finite")]
    NotFinite {
        /// The row of the first such picture.
        row: usize,
    },
    /// Rows and labels do not belong together.
    #[error("{labels} labels do not fit {rows} rows")]
    LabelCount {
        /// How many labels there were.
        labels: usize,
        /// How many rows there were.
        rows: usize,
    },
    /// A picture was put in a cluster that is not there.
    #[error("there is no cluster {cluster} among {k}")]
    UnknownCluster {
        /// The cluster.
        cluster: u32,
        /// How many clusters there are, with ids from 0.
        k: usize,
    },
    /// Rows were asked for that are not there.
    #[error("rows {start} to {end} are not among {rows}")]
    RowsOutOfRange {
        /// The first row.
        start: usize,
        /// One past the last row.
        end: usize,
        /// How many rows there are.
        rows: usize,
    },
    /// A parameter is out of its range.
    #[error(transparent)]
    Option(#[from] OptionError),
    /// The values do not make whole rows.
    #[error(transparent)]
    Shape(#[from] ShapeError),
}

impl Coded for ClusterError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoPictures => "no-pictures",
            Self::TooFewPictures { .. } => "too-few-pictures",
            Self::KOutOfRange { .. } => "k-out-of-range",
            Self::MinClusterSizeOutOfRange { .. } => "min-cluster-size-out-of-range",
            Self::NotFinite { .. } => "features-not-finite",
            Self::LabelCount { .. } | Self::RowsOutOfRange { .. } => "bad-shape",
            Self::UnknownCluster { .. } => "unknown-cluster",
            Self::Option(error) => error.code(),
            Self::Shape(error) => error.code(),
        }
    }
}
