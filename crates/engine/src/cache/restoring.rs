//! Reading the latest collection from the database.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use shoal::collection::arrangement::Arrangement;
use shoal::collection::{Assignment, Clustering, ImageId};
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::from_js;

use super::Cache;
use super::database::{Database, SESSION};
use super::features::{IMAGES_AT_ONCE, Key, UsedRecords, look_up};
use super::session::{
    EDITED, Edited, HEAD, Head, RestoredSession, SavedImage, VERSION, WrittenSnapshot, images_key, renumbered,
};
use crate::collection::{FeatureOrigin, ImageCollection, StoredImage};
use crate::events::Stage;
use crate::operation::Operation;

/// From this number of images on, restoring shows progress.
const SLOW_TO_RESTORE: usize = 1000;

/// Images that were restored so far.
struct RestoredImages<'a> {
    collection: &'a ImageCollection,
    origins: &'a [Rc<FeatureOrigin>],
    /// Their ids, by saved position.
    ids: HashMap<ImageId, ImageId>,
    /// The saved positions of the images that an edit has put into a cluster.
    placed: HashSet<ImageId>,
    items: Vec<Assignment>,
}

impl Cache {
    /// Restores the latest collection; neither weights nor workers are needed. `None` if none is stored or the
    /// collection is not empty.
    pub async fn restore(
        &self,
        operation: &Operation,
        collection: &ImageCollection,
    ) -> Result<Option<RestoredSession>, ApiError> {
        let database = self.database().await?;
        let mut read = database.get(SESSION, &[HEAD.into(), EDITED.into()]).await?.into_iter();
        let Some(head) = read.next().flatten() else { return Ok(None) };
        let Ok(mut head) = from_js::<Head>(head) else { return Ok(None) };
        let edited = read.next().flatten().and_then(|edited| from_js::<Edited>(edited).ok());
        let mut placed = HashSet::new();
        if let Some(edited) = edited.filter(|edited| edited.snapshot == head.snapshot) {
            placed.extend(edited.arrangement.clusters.iter().flat_map(|cluster| &cluster.images).copied());
            let Edited { settings, arrangement, clustering, .. } = edited;
            head = Head { settings, arrangement, clustering, is_evaluated: false, ..head };
        }
        operation.check()?;
        if head.version != VERSION || !collection.is_empty() {
            return Ok(None);
        }
        let is_slow = head.images >= SLOW_TO_RESTORE;
        let _busy = is_slow.then(|| operation.show_busy());
        let origins: Vec<Rc<FeatureOrigin>> = head.origins.iter().cloned().map(Rc::new).collect();
        let mut restored =
            RestoredImages { collection, origins: &origins, ids: HashMap::new(), placed, items: Vec::new() };
        let mut done = 0;
        let mut used = UsedRecords::default();
        for index in 0..head.record_count() {
            let text =
                database.get(SESSION, &[images_key(index)]).await?.pop().flatten().and_then(|text| text.as_string());
            let images: Vec<SavedImage> = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
            for part in images.chunks(IMAGES_AT_ONCE) {
                used.extend(self.restore_images(operation, &database, part, done, &mut restored).await?);
                done += part.len();
                if is_slow {
                    operation.progress(Stage::CacheLookup, done, head.images);
                }
            }
        }
        used.record(database);
        let RestoredImages { ids, items, .. } = restored;
        if ids.is_empty() {
            return Ok(None);
        }
        collection.set_samples(head.is_samples);
        if head.is_external {
            collection.set_external(origins.first().cloned());
        }
        // An arrangement that was damaged in storage is dropped: the images are restored without their clusters.
        let arrangement = Arrangement::try_from(renumbered(head.arrangement, &ids)).unwrap_or_default();
        if !head.snapshot.is_empty() {
            // Restored scores are not those of the clusters, or have changed: a revision that is not the arrangement's.
            self.written.replace(Some(WrittenSnapshot::restored(head.snapshot, &ids, u64::MAX)));
        }
        Ok(Some(RestoredSession {
            settings: head.settings,
            arrangement,
            clustering: head.clustering.map(|clustering| Clustering { items, ..clustering }),
            is_evaluated: head.is_evaluated,
            kept_duplicates: head.kept_duplicates,
            lost: head.images + head.left_out - ids.len(),
            ids: ids.into_values().collect(),
        }))
    }

    /// Restores some images, the first of which was saved at position `first`.
    async fn restore_images(
        &self,
        operation: &Operation,
        database: &Database,
        saved: &[SavedImage],
        first: usize,
        restored: &mut RestoredImages<'_>,
    ) -> Result<UsedRecords, ApiError> {
        let known: Vec<(usize, &SavedImage, &Rc<FeatureOrigin>)> = saved
            .iter()
            .enumerate()
            .filter_map(|(index, saved)| Some((first + index, saved, restored.origins.get(saved.origin)?)))
            .collect();
        let keys: Vec<Key> = known.iter().map(|(_, saved, origin)| Key::of(origin, &saved.image())).collect();
        let (records, used) = look_up(database, &keys).await?;
        operation.check()?;
        let mut images = restored.collection.images_mut();
        for ((position, saved, origin), record) in known.into_iter().zip(records) {
            let Some(record) = record else { continue };
            let Some(id) = images.collection.insert(saved.image()) else { continue };
            let mut stored = StoredImage::new(record.features, origin.clone(), record.processor);
            if let (Some(fingerprint), Some(thumbnail)) = (record.fingerprint, record.thumbnail) {
                stored.set_appearance(fingerprint, thumbnail);
            }
            images.store(id, stored);
            self.stored.borrow_mut().insert(id, origin.clone());
            restored.ids.insert(ImageId(position as u32), id);
            let is_placed = restored.placed.contains(&ImageId(position as u32));
            restored.items.extend(saved.item.clone().or_else(|| is_placed.then(|| saved.blank_item())));
        }
        Ok(used)
    }
}
