//! What must be true of a session, whichever kind of file it was in.

use std::collections::HashSet;
use std::fmt::Display;

use super::SessionError;
use super::{SESSION_NAME_BYTES_MAX, SESSION_PATH_BYTES_MAX, Session};

/// The most characters of what a parser says.
const EXCERPT_CHARACTERS: usize = 200;

/// What a parser says, which may quote the file at any length.
pub(super) fn excerpt(error: impl Display) -> String {
    error.to_string().chars().take(EXCERPT_CHARACTERS).collect()
}

/// Refuses a path that is empty or longer than [`SESSION_PATH_BYTES_MAX`].
pub(super) fn check_path(path: &str) -> Result<(), SessionError> {
    match path.len() {
        0 => Err(SessionError::Damaged("a picture has no path".into())),
        1..=SESSION_PATH_BYTES_MAX => Ok(()),
        length => Err(SessionError::TooLarge(format!("a path has {length} bytes"))),
    }
}

/// Refuses a name that is longer than [`SESSION_NAME_BYTES_MAX`].
pub(super) fn check_name(name: &str) -> Result<(), SessionError> {
    match name.len() {
        ..=SESSION_NAME_BYTES_MAX => Ok(()),
        length => Err(SessionError::TooLarge(format!("a name has {length} bytes"))),
    }
}

/// Refuses what [`Session`] says cannot be.
pub(super) fn check(session: &Session) -> Result<(), SessionError> {
    let damaged = |message: String| Err(SessionError::Damaged(message));
    let mut ids = HashSet::with_capacity(session.clusters.len());
    for cluster in &session.clusters {
        let id = cluster.id;
        // The next cluster needs a higher one.
        if id == u32::MAX {
            return damaged(format!("{id} is too high for a cluster's id"));
        }
        if !ids.insert(id) {
            return damaged(format!("cluster {id} is there twice"));
        }
    }
    if let Some(k) = session.grouping.as_ref().map(|grouping| grouping.k).filter(|&k| k != ids.len()) {
        return damaged(format!("it says that it has {k} clusters, but has {}", ids.len()));
    }
    let mut paths = HashSet::with_capacity(session.items.len());
    for item in &session.items {
        if !paths.insert(item.path.as_str()) {
            return damaged(format!("{} is there twice", item.path));
        }
        if let Some(id) = item.cluster.filter(|id| !ids.contains(id)) {
            return damaged(format!("{} is in cluster {id}, which is not there", item.path));
        }
    }
    Ok(())
}
