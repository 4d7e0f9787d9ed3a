//! Errors of imports on the page.

use shoal::error::Coded;
use thiserror::Error;

/// Errors of imports on the page.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ImportError {
    /// Features cannot be compared with those of the collection.
    #[error("these features do not fit the pictures here: {0}. Choose \"Clear all\" first, then open them")]
    Incompatible(String),
    /// A session has none of the images.
    #[error("none of the pictures here is in this session: add its pictures first")]
    OtherSession,
}

impl Coded for ImportError {
    fn code(&self) -> &'static str {
        match self {
            Self::Incompatible(_) => "features-incompatible",
            Self::OtherSession => "session-foreign",
        }
    }
}
