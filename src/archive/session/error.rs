//! Errors of reading a session file.

use thiserror::Error;

use crate::error::Coded;

/// A session file that cannot be read. Nothing has changed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SessionError {
    /// The file is neither a session nor a table of assignments.
    #[error("this is not a saved session: {0}")]
    NotASession(String),
    /// The file was written by a newer version, in a format that this version does not know.
    #[error("the session has version {version}, but only versions up to {known} can be read")]
    TooNew {
        /// The format version of the file.
        version: u64,
        /// The newest format version that can be read.
        known: u32,
    },
    /// The file is a session, but truncated or inconsistent.
    #[error("the session is damaged: {0}")]
    Damaged(String),
    /// The file exceeds a limit.
    #[error("the session is too large: {0}")]
    TooLarge(String),
}

impl Coded for SessionError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotASession(_) => "session-not-a-session",
            Self::TooNew { .. } => "session-too-new",
            Self::Damaged(_) => "session-damaged",
            Self::TooLarge(_) => "session-too-large",
        }
    }
}
