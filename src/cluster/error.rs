//! Errors of clustering.

use thiserror::Error;

use crate::error::{Coded, OptionError};
use crate::matrix::ShapeError;

/// An error of clustering, or of preparing points for it.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum ClusterError {
    /// There are no points.
    #[error("there is nothing to cluster yet")]
    NoRows,
    /// There are too few points.
    #[error("at least {needed} rows are needed, but there are {found}")]
    TooFewRows {
        /// The number of rows.
        found: usize,
        /// The minimum number of rows.
        needed: usize,
    },
    /// The number of clusters is out of range.
    #[error("{rows} rows cannot be divided into {k} clusters: choose from 2 to {rows}")]
    KOutOfRange {
        /// The requested number of clusters.
        k: usize,
        /// The number of rows.
        rows: usize,
    },
    /// The minimum size of a cluster is outside 2..=n.
    #[error("the minimum cluster size of {size} is out of range for {rows} rows: choose from 2 to {rows}")]
    MinClusterSizeOutOfRange {
        /// The requested minimum size.
        size: usize,
        /// The number of rows.
        rows: usize,
    },
    /// A value is NaN or infinite.
    #[error("row {row} contains a value that is not finite")]
    NotFinite {
        /// The first such row.
        row: usize,
    },
    /// The number of labels differs from the number of rows.
    #[error("there are {labels} labels for {rows} rows")]
    LabelCount {
        /// The number of labels.
        labels: usize,
        /// The number of rows.
        rows: usize,
    },
    /// A label names a cluster that does not exist.
    #[error("there is no cluster {cluster} among {k}")]
    UnknownCluster {
        /// The label.
        cluster: u32,
        /// The number of clusters, whose ids start at 0.
        k: usize,
    },
    /// A range of rows exceeds the rows.
    #[error("the range {start}..{end} exceeds the {rows} rows")]
    RowsOutOfRange {
        /// The first row of the range.
        start: usize,
        /// One past the last row of the range.
        end: usize,
        /// The number of rows.
        rows: usize,
    },
    /// A parameter is out of range.
    #[error(transparent)]
    Option(#[from] OptionError),
    /// The values do not form whole rows.
    #[error(transparent)]
    Shape(#[from] ShapeError),
}

impl Coded for ClusterError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoRows => "no-pictures",
            Self::TooFewRows { .. } => "too-few-pictures",
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
