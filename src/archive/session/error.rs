//! What can go wrong with a session file.

use thiserror::Error;

use crate::error::Coded;

/// A session file that cannot be read. Nothing has changed then.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SessionError {
    /// It is neither a session nor a table of assignments.
    #[error("this is not a saved session: {0}")]
    NotASession(String),
    /// It was written by a later program, in a way that this one does not know.
    #[error("the session has version {version}, but only versions up to {known} are known here")]
    TooNew {
        /// The file's version.
        version: u64,
        /// The latest version that is read.
        known: u32,
    },
    /// It is a session, but cut off, or it contradicts itself.
    #[error("the session is damaged: {0}")]
    Damaged(String),
    /// It is larger, or holds more, than what is read.
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
