//! Imports: features files and sessions.

mod error;
mod features;
mod session;

pub use features::{FileFeatures, read_features};
pub use session::{OpenedSession, read_session_file};
