//! Errors of the cache.

use shoal::error::Coded;
use thiserror::Error;

/// Errors of the cache.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum CacheError {
    /// The browser refuses to store anything.
    #[error("this browser does not let the page store anything: {0}")]
    Unavailable(String),
    /// The quota is used up.
    #[error("there is no room left in this browser to store more")]
    Full,
    /// There are more features than fit into the quota.
    #[error("this browser keeps {megabytes:.0} MB of features, and there are more here")]
    OverQuota {
        /// The quota.
        megabytes: f64,
    },
    /// Some images of the latest collection are no longer stored.
    #[error("{count} of the remembered pictures are no longer stored whole: drop their folder again")]
    SessionIncomplete {
        /// How many.
        count: usize,
    },
    /// The attribute `remember` has an invalid value.
    #[error("remember is \"{0}\", but must be empty or a number of megabytes")]
    BadOption(String),
    /// The browser gave access to none of the folders.
    #[error("the browser did not give the folder back: drop it again")]
    FolderRefused,
}

impl Coded for CacheError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "storage-unavailable",
            Self::Full | Self::OverQuota { .. } => "storage-full",
            Self::SessionIncomplete { .. } => "session-incomplete",
            Self::BadOption(_) => "bad-option",
            Self::FolderRefused => "folder-refused",
        }
    }
}
