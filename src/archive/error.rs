//! Errors of exporting.

use thiserror::Error;

use crate::error::Coded;

/// An archive or a table that cannot be written.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// A name exceeds the maximum length in a zip.
    #[error("a name of {0} bytes is too long for a zip")]
    NameTooLong(usize),
    /// The total size exceeds the maximum of a zip.
    #[error("the pictures are together too large for a zip")]
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
