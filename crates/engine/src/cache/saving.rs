//! Saving: writing what has changed to the database.
//!
//! Whatever is written together is one transaction, so that a page which is closed while it writes leaves a whole state behind. The
//! latest collection is a snapshot, and the clusters after the latest edit beside it: an edit is written as it is made, a
//! snapshot when there is time for it.

use std::collections::HashMap;
use std::rc::Rc;

use futures_channel::oneshot;
use futures_util::future::select;
use shoal::collection::ImageId;
use shoal_browser::api_error::ApiError;
use shoal_browser::yielding::sleep;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::Cache;
use super::database::{Database, SESSION, Writer};
use super::error::CacheError;
use super::features::{IMAGES_AT_ONCE, Key, Record, store};
use super::quota::{evict, quota_bytes};
use super::session::{EDITED, SessionState, Snapshot, WrittenSnapshot, delete_session};
use crate::collection::ImageCollection;

/// How long an edit waits until the one before it is written, in milliseconds.
const WRITE_TIMEOUT_MS: i32 = 1000;

impl Cache {
    /// Writes what has changed. `session` returns the state of the page apart from the images. Errors are emitted as notices, and
    /// what was not written stays unsaved.
    pub async fn save(&self, collection: &ImageCollection, session: impl Fn() -> SessionState) {
        let epoch = self.epoch();
        // One at a time, so that an older state is never written last.
        if self.is_saving.get() || !self.state().is_on() || !self.is_changed.replace(false) {
            return;
        }
        self.is_saving.set(true);
        let saved = async {
            let database = self.database().await?;
            // Images may be added while features are written: the session has only those whose features are stored before it.
            let snapshot = Snapshot::take(collection, session(), |_| true);
            let features = self.save_features(collection, &database, epoch).await;
            // There may still be room for the session.
            self.save_session(&database, epoch, snapshot, &session).await?;
            Ok(features?)
        };
        let saved: Result<(), ApiError> = saved.await;
        self.is_saving.set(false);
        if epoch != self.epoch() {
            return;
        }
        self.failures.set(if saved.is_ok() { 0 } else { self.failures.get() + 1 });
        if let Err(error) = saved {
            self.is_changed.set(true);
            self.notice_once(error);
        }
    }

    /// How many times in a row saving has failed.
    pub fn failures(&self) -> u32 {
        self.failures.get()
    }

    /// Starts to write the clusters of `session` beside the snapshot in the database, if they differ from those that are stored.
    /// Nothing of this waits, so that it succeeds although the page is about to be closed.
    pub fn save_edit(self: &Rc<Self>, session: impl FnOnce() -> SessionState, revision: u64) {
        let written = self.written.borrow().clone();
        let (Some(database), Some(written)) = (self.open_database(), written) else { return };
        if written.has(revision) || !self.has_tab_lock() {
            return;
        }
        let Ok(edited) = written.edited(session()) else { return };
        let fill = move |writer: &Writer<'_>| writer.put(SESSION, &EDITED.into(), &edited);
        self.written.replace(Some(written.at(revision)));
        self.spawn_write(database, fill);
    }

    /// Starts to write a snapshot of the images whose features are stored. Nothing of this waits.
    pub fn flush(self: &Rc<Self>, collection: &ImageCollection, session: impl FnOnce() -> SessionState) {
        let Some(database) = self.open_database().filter(|_| self.has_tab_lock()) else { return };
        let is_stored = |id| {
            let (images, stored) = (collection.images(), self.stored.borrow());
            images.stored(id).is_some_and(|image| stored.get(&id) == Some(&image.origin))
        };
        let Some(snapshot) = Snapshot::take(collection, session(), is_stored) else { return };
        let Ok(records) = snapshot.records_at_once() else { return };
        self.written.replace(Some(records.written.clone()));
        self.spawn_write(database, move |writer| records.write(writer, None));
    }

    /// Starts a transaction on the session at once. If it fails, everything is saved again later.
    fn spawn_write(
        self: &Rc<Self>,
        database: Rc<Database>,
        fill: impl FnOnce(&Writer<'_>) -> Result<(), idb::Error> + 'static,
    ) {
        let (cache, epoch) = (self.clone(), self.epoch());
        let ended = database.start_write(&[SESSION], fill);
        self.edits_in_flight.set(self.edits_in_flight.get() + 1);
        spawn_local(async move {
            let is_written = ended.await.is_ok();
            cache.edits_in_flight.set(cache.edits_in_flight.get() - 1);
            if cache.edits_in_flight.get() == 0 {
                for waiter in cache.on_edits_written.take() {
                    // Whoever waits may have given up.
                    let _ = waiter.send(());
                }
            }
            if !is_written && epoch == cache.epoch() {
                cache.written.take();
                cache.is_changed.set(true);
            }
        });
    }

    /// Waits until the edits that were made are written, so that a page which is closed loses one at most. Does not wait long: an
    /// edit must not depend on the database.
    pub async fn edits_written(&self) {
        if self.edits_in_flight.get() > 0 {
            let (sender, written) = oneshot::channel();
            self.on_edits_written.borrow_mut().push(sender);
            select(written, Box::pin(sleep(WRITE_TIMEOUT_MS))).await;
        }
    }

    /// Marks a save as scheduled. Returns whether the caller must schedule it: the cache is on, and none was scheduled.
    pub fn schedule_save(&self) -> bool {
        self.state().is_on() && !self.is_save_due.replace(true)
    }

    /// Called after the scheduled save.
    pub fn save_done(&self) {
        self.is_save_due.set(false);
    }

    /// Stores the features that are not stored.
    async fn save_features(
        &self,
        collection: &ImageCollection,
        database: &Database,
        epoch: u64,
    ) -> Result<(), CacheError> {
        let new: Vec<ImageId> = {
            let (images, stored) = (collection.images(), self.stored.borrow());
            let is_new = |id: &ImageId| images.stored(*id).is_some_and(|image| stored.get(id) != Some(&image.origin));
            images.collection.in_path_order().map(|(id, _)| id).filter(is_new).collect()
        };
        if new.is_empty() {
            return Ok(());
        }
        let mut written = Ok(());
        for part in new.chunks(IMAGES_AT_ONCE) {
            let (origins, records): (HashMap<_, _>, Vec<_>) = {
                let images = collection.images();
                let known = part.iter().filter_map(|&id| Some((id, images.collection.get(id)?, images.stored(id)?)));
                known
                    .map(|(id, image, stored)| {
                        let record = (Key::of(&stored.origin, image), Record::of(image, stored));
                        ((id, stored.origin.clone()), record)
                    })
                    .unzip()
            };
            written = store(database, records).await;
            if epoch != self.epoch() {
                return Ok(());
            }
            if written.is_err() {
                break;
            }
            self.stored.borrow_mut().extend(origins);
        }
        let quota_bytes = quota_bytes(self.wanted_bytes.get()).await;
        let evicted = evict(database, quota_bytes).await?;
        let images = collection.images();
        let mut stored = images.collection.in_path_order().filter_map(|(id, image)| Some((image, images.stored(id)?)));
        if !evicted.is_empty()
            && stored.any(|(image, stored)| evicted.contains(Key::of(&stored.origin, image).as_str()))
        {
            self.notice_once(CacheError::OverQuota { megabytes: quota_bytes as f64 / 1e6 }.into());
        }
        written
    }

    /// Stores the collection, or that it is empty, if this tab has the lock.
    async fn save_session(
        &self,
        database: &Database,
        epoch: u64,
        snapshot: Option<Snapshot>,
        session: impl Fn() -> SessionState,
    ) -> Result<(), ApiError> {
        let records = match snapshot {
            Some(snapshot) => Some(snapshot.records().await?),
            None => None,
        };
        if !self.has_tab_lock() || epoch != self.epoch() {
            return Ok(());
        }
        let Some(records) = records else {
            self.written.take();
            return Ok(delete_session(database).await?);
        };
        // What was edited while the records were made is stored with them.
        let state = session();
        let revision = state.revision;
        let edited: Option<JsValue> = match records.written.has(revision) {
            true => None,
            false => Some(records.written.edited(state)?),
        };
        let before: Option<WrittenSnapshot> = self.written.replace(Some(records.written.clone().at(revision)));
        let folders = self.folders_record();
        let ended = database.start_write(&[SESSION], move |writer| {
            records.write(writer, edited.as_ref())?;
            super::folder_handles::write(writer, &folders)
        });
        let ended = ended.await;
        if ended.is_err() && epoch == self.epoch() {
            // The previous snapshot is still there; its edits are written again when the next one is made.
            self.written.replace(before.map(|before| before.at(u64::MAX)));
        }
        Ok(ended?)
    }
}
