//! What can go wrong with an export.

use thiserror::Error;

use crate::error::Coded;

/// An archive or table that cannot be written.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// A name is longer than a zip can hold.
    #[error("a name of {0} bytes is too long for a zip")]
    NameTooLong(usize),
    /// The pictures are larger together than a zip can say.
    #[error("the pictures are too large together for a zip")]
    TooLarge,
    /// A table could not be written.
    #[error("the table could not be written: {0}")]
    Csv(#[from] csv::Error),
    /// The session file could not be written.
    #[error("the session file could not be written: {0}")]
    Json(#[from] serde_json::Error),
}

impl Coded for ArchiveError {
    fn code(&self) -> &'static str {
        match self {
            Self::NameTooLong(_) | Self::TooLarge => "zip-failed",
            Self::Csv(_) => "table-failed",
            Self::Json(_) => "session-failed",
        }
    }
}
