//! The session as a file: groups, names and locks, to go on from another day.

use js_sys::{Array, Uint8Array};
use serde::Serialize;
use web_sys::Blob;

use crate::grouping::Grouping;
use crate::{Engine, Event, Stage};
use shoal::archive::SessionError;
use shoal::archive::session::SESSION_BYTES_MAX;
use shoal::archive::{assignments_json, match_session, read_session};
use shoal::collection::arrangement::Edit;
use shoal_browser::api_error::ApiError;
use shoal_browser::blob::{blob_of, bytes_of};

/// What became of a session that was opened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Reopened {
    /// How many of the pictures at hand it speaks of.
    pub matched: usize,
    /// Paths of its pictures that are not at hand.
    pub missing: Vec<String>,
    /// Paths of pictures that are not what they were.
    pub changed: Vec<String>,
}

impl Engine {
    /// The session of the latest result, as JSON.
    pub async fn export_session(&self) -> Result<Blob, ApiError> {
        let _operation = self.begin().await?;
        let clustering = self.current()?;
        let bytes = assignments_json(&clustering, &self.0.store.borrow().collection, &self.0.arrangement.borrow())?;
        blob_of(&Array::of1(&Uint8Array::from(bytes.as_slice())), "application/json")
    }

    /// Restores the groups, names and locks of a session, or the labels of a table, for the pictures at hand. That can be
    /// undone; nothing changes when it fails.
    pub async fn import_session(&self, file: &Blob) -> Result<Reopened, ApiError> {
        // Asked before it is read, so that a file that cannot be one fills no memory.
        if file.size() > SESSION_BYTES_MAX as f64 {
            let most = SESSION_BYTES_MAX >> 20;
            let words = format!("it has {} bytes, and {most} MiB are read at most", file.size());
            return Err(SessionError::TooLarge(words).into());
        }
        let unreadable = |thrown| ApiError::thrown("file-unreadable", "the session could not be read", &thrown);
        let session = read_session(&bytes_of(file).await.map_err(unreadable)?.to_vec())?;
        let operation = self.begin().await?;
        let state = match_session(&session, &self.0.store.borrow().collection);
        let matched = self.len() - state.unmentioned.len();
        if matched == 0 {
            let message = "none of the pictures here is in this session: add its pictures first";
            return Err(ApiError::new("session-foreign", message));
        }
        self.progress(Stage::Clustering, 0, 0);
        let grouping = match &session.parameters {
            Some(known) => Grouping {
                seed: known.seed,
                recipe: known.recipe,
                method: known.method,
                curve: known.curve.clone(),
                proposals: known.proposals.clone(),
            },
            None => Grouping { recipe: self.0.settings.borrow().cluster_options()?.recipe, ..Grouping::default() },
        };
        // Before anything changes: features that cannot be had must not leave groups without scores.
        let embedder = self.fresh(&operation).await?;
        self.space(&operation, embedder.pool(), &self.ids(), grouping.recipe).await?;
        let edit = Edit::Restore { clusters: state.clusters, pinned: state.pinned };
        self.0.arrangement.borrow_mut().apply(edit)?;
        self.0.grouping.replace(grouping);
        let clustering = self.evaluate_now(&operation, || true).await?;
        self.tell(Event::Result(Some(clustering)));
        Ok(Reopened { matched, missing: state.missing, changed: state.changed })
    }
}
