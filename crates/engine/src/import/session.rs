//! Imported sessions: clusters, names and pins that were exported earlier.

use shoal::archive::session::SESSION_BYTES_MAX;
use shoal::archive::{Matched, Session, SessionError, match_session, read_session};
use shoal::collection::arrangement::Edit;
use shoal::options::Recipe;
use shoal_browser::api_error::{ApiError, thrown_message};
use shoal_browser::blob::bytes_of;
use shoal_protocol::FileUnreadable;
use web_sys::Blob;

use super::error::ImportError;
use crate::clustering::SearchParams;
use crate::collection::ImageCollection;
use crate::reports::Reopened;

/// A session that shares images with the collection.
pub struct OpenedSession {
    /// The edit that restores it.
    pub edit: Edit,
    /// The parameters of its search.
    pub params: SearchParams,
    /// What the call resolves with.
    pub reopened: Reopened,
}

/// Reads a session or a table of labels.
///
/// # Errors
/// The codes of [`SessionError`]; [`FileUnreadable`].
pub async fn read_session_file(file: &Blob) -> Result<Session, ApiError> {
    // Checked before it is read, so that a large file does not fill memory.
    if file.size() > SESSION_BYTES_MAX as f64 {
        let message = format!("it has {} bytes, and at most {} MiB are read", file.size(), SESSION_BYTES_MAX >> 20);
        return Err(SessionError::TooLarge(message).into());
    }
    let bytes = bytes_of(file).await.map_err(|thrown| FileUnreadable(thrown_message(&thrown)))?;
    Ok(read_session(&bytes.to_vec())?)
}

impl OpenedSession {
    /// Matches a session with the images of the collection. `recipe` is used if the session has none.
    ///
    /// # Errors
    /// [`ImportError::OtherSession`].
    pub fn of(session: &Session, collection: &ImageCollection, recipe: Recipe) -> Result<Self, ImportError> {
        let Matched { clusters, pinned, unmentioned, missing, changed } =
            match_session(session, &collection.images().collection);
        let matched = collection.len() - unmentioned.len();
        if matched == 0 {
            return Err(ImportError::OtherSession);
        }
        let params = match &session.parameters {
            Some(known) => SearchParams {
                seed: known.seed,
                recipe: known.recipe,
                method: known.method,
                curve: known.curve.clone(),
                proposals: known.proposals.clone(),
            },
            None => SearchParams { recipe, ..SearchParams::default() },
        };
        Ok(Self { edit: Edit::Restore { clusters, pinned }, params, reopened: Reopened { matched, missing, changed } })
    }
}
