//! Errors of reading a features file.

use thiserror::Error;

use crate::error::Coded;

/// A features file that cannot be read.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum FeaturesError {
    /// The file is not a features file, or it is damaged.
    #[error("the features cannot be read: {0}")]
    Format(String),
    /// The arrays' shapes do not fit together, or not the file's size.
    #[error("the features have a wrong shape: {0}")]
    Shape(String),
    /// The file exceeds a limit.
    #[error("the features file is too large: {0}")]
    TooLarge(String),
    /// A feature is NaN or infinite.
    #[error("the features in row {row} contain a value that is not finite")]
    NotFinite {
        /// The first such row.
        row: usize,
    },
    /// The file could not be read.
    #[error("the features file could not be read: {0}")]
    Unreadable(String),
}

impl Coded for FeaturesError {
    fn code(&self) -> &'static str {
        match self {
            Self::Format(_) => "features-format",
            Self::Shape(_) => "features-shape",
            Self::TooLarge(_) => "features-too-large",
            Self::NotFinite { .. } => "features-not-finite",
            Self::Unreadable(_) => "file-unreadable",
        }
    }
}

impl From<std::io::Error> for FeaturesError {
    fn from(error: std::io::Error) -> Self {
        use std::io::ErrorKind;
        match error.kind() {
            ErrorKind::UnexpectedEof => Self::Format("the file is truncated".into()),
            ErrorKind::InvalidData | ErrorKind::InvalidInput => Self::Format(error.to_string()),
            _ => Self::Unreadable(error.to_string()),
        }
    }
}
