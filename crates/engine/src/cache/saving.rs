//! Saving: writing what has changed to the database.

use std::collections::HashMap;

use shoal::collection::ImageId;
use shoal_browser::api_error::ApiError;

use super::Cache;
use super::database::Database;
use super::error::CacheError;
use super::features::{IMAGES_AT_ONCE, Key, Record, store};
use super::quota::{evict, quota_bytes};
use super::session::{SessionState, Snapshot, delete_session};
use crate::collection::ImageCollection;

impl Cache {
    /// Writes what has changed. `session` returns the state of the page apart from the images. Errors are emitted as notices.
    pub async fn save(&self, collection: &ImageCollection, session: impl FnOnce() -> SessionState) {
        let epoch = self.epoch();
        // One at a time, so that an older state is never written last.
        if self.is_saving.get() || !self.state().is_on() || !self.is_changed.replace(false) {
            return;
        }
        self.is_saving.set(true);
        let saved = async {
            let database = self.database().await?;
            // Images may be added while features are written: the session has only those whose features are stored before it.
            let snapshot = Snapshot::take(collection, session());
            self.save_features(collection, &database, epoch).await?;
            self.save_session(&database, epoch, snapshot).await
        };
        let saved: Result<(), ApiError> = saved.await;
        self.is_saving.set(false);
        if let Err(error) = saved
            && epoch == self.epoch()
        {
            self.notice_once(error);
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
        if new.is_empty() || self.is_full.get() {
            return Ok(());
        }
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
            let written = store(database, records).await;
            if epoch != self.epoch() {
                return Ok(());
            }
            match written {
                Ok(()) => self.stored.borrow_mut().extend(origins),
                Err(error) => {
                    // There may still be room for the session.
                    self.is_full.set(true);
                    self.notice_once(error.into());
                    break;
                }
            }
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
        Ok(())
    }

    /// Stores the collection, or that it is empty, if this tab has the lock.
    async fn save_session(&self, database: &Database, epoch: u64, snapshot: Option<Snapshot>) -> Result<(), ApiError> {
        if !self.has_tab_lock() || epoch != self.epoch() {
            return Ok(());
        }
        match snapshot {
            Some(snapshot) => {
                snapshot.write(database).await?;
                Ok(self.save_folders(database).await?)
            }
            None => Ok(delete_session(database).await?),
        }
    }
}
