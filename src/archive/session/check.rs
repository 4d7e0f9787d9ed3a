//! Validation of a session, whichever kind of file it came from.

use std::collections::HashSet;
use std::fmt::Display;

use super::SessionError;
use super::{SESSION_NAME_BYTES_MAX, SESSION_PATH_BYTES_MAX, Session};

/// The most characters of a parser's message.
const EXCERPT_CHARACTERS: usize = 200;

/// The beginning of a parser's message, which may quote the file at any length.
pub(super) fn excerpt(error: impl Display) -> String {
    error.to_string().chars().take(EXCERPT_CHARACTERS).collect()
}

/// Rejects a path that is empty or longer than [`SESSION_PATH_BYTES_MAX`].
pub(super) fn check_path(path: &str) -> Result<(), SessionError> {
    match path.len() {
        0 => Err(SessionError::Damaged("a picture has no path".into())),
        1..=SESSION_PATH_BYTES_MAX => Ok(()),
        length => Err(SessionError::TooLarge(format!("a path has {length} bytes"))),
    }
}

/// Rejects a name that is longer than [`SESSION_NAME_BYTES_MAX`].
pub(super) fn check_name(name: &str) -> Result<(), SessionError> {
    match name.len() {
        ..=SESSION_NAME_BYTES_MAX => Ok(()),
        length => Err(SessionError::TooLarge(format!("a name has {length} bytes"))),
    }
}

/// Rejects a session that violates the invariants of [`Session`].
pub(super) fn check(session: &Session) -> Result<(), SessionError> {
    let damaged = |message: String| Err(SessionError::Damaged(message));
    let mut ids = HashSet::with_capacity(session.clusters.len());
    for cluster in &session.clusters {
        let id = cluster.id;
        // The next cluster needs a higher id.
        if id == u32::MAX {
            return damaged(format!("{id} is too high for a cluster's id"));
        }
        if !ids.insert(id) {
            return damaged(format!("cluster {id} occurs twice"));
        }
    }
    if let Some(k) = session.parameters.as_ref().map(|parameters| parameters.k).filter(|&k| k != ids.len()) {
        return damaged(format!("it declares {k} clusters, but has {}", ids.len()));
    }
    let mut paths = HashSet::with_capacity(session.items.len());
    for item in &session.items {
        if !paths.insert(item.path.as_str()) {
            return damaged(format!("{} occurs twice", item.path));
        }
        if let Some(id) = item.cluster.filter(|id| !ids.contains(id)) {
            return damaged(format!("{} is in cluster {id}, which does not exist", item.path));
        }
    }
    Ok(())
}
