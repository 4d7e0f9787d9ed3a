//! The latest collection as the database stores it: a head with clusters and scores, and its images some at a time.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use shoal::collection::arrangement::{Arrangement, Saved};
use shoal::collection::{Assignment, Clustering, Image, ImageId, UNKNOWN_SHA256, content_hash};
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::{from_js, to_js};
use shoal_browser::yielding::Slices;
use wasm_bindgen::JsValue;

use super::Cache;
use super::database::{Database, SESSION, Writer};
use super::error::CacheError;
use super::features::{IMAGES_AT_ONCE, Key, UsedRecords, look_up};
use crate::collection::{FeatureOrigin, ImageCollection, StoredImage};
use crate::events::Stage;
use crate::operation::Operation;

/// The version of what is written; no other version is read.
const VERSION: u32 = 2;
/// How many images a record has.
const IMAGES_PER_RECORD: usize = 512;
/// From this number of images on, restoring shows progress.
const SLOW_TO_RESTORE: usize = 1000;
const HEAD: &str = "head";
const IMAGES: &str = "pictures/";
/// Attributes that the user may have set in the interface.
pub const CACHED_SETTINGS: [&str; 6] = ["k", "seed", "size", "features", "recipe", "method"];

/// The state of the page beside the images.
pub struct SessionState {
    /// The attributes that the user set.
    pub settings: BTreeMap<String, String>,
    /// Which image is in which cluster.
    pub arrangement: Saved,
    /// The latest result.
    pub clustering: Option<Rc<Clustering>>,
    /// Whether its scores are about the clusters as they are.
    pub is_evaluated: bool,
}

/// What was restored beside the images, which are in the collection.
pub struct RestoredSession {
    /// The attributes that the user had set.
    pub settings: BTreeMap<String, String>,
    /// Which image is in which cluster.
    pub arrangement: Arrangement,
    /// The latest result.
    pub clustering: Option<Clustering>,
    /// Whether its scores are about the clusters as they are.
    pub is_evaluated: bool,
    /// The images that were restored.
    pub ids: Vec<ImageId>,
    /// How many images could not be restored.
    pub lost: usize,
}

/// Everything but the images. Image ids are positions among the saved images.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Head {
    version: u32,
    images: usize,
    /// How features were computed; images refer to one of them by position.
    origins: Vec<FeatureOrigin>,
    /// Whether the features are external.
    is_external: bool,
    settings: BTreeMap<String, String>,
    arrangement: Saved,
    /// The latest result without its items, which are stored with the images.
    clustering: Option<Clustering>,
    is_evaluated: bool,
}

/// An image, and its item of the result.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SavedImage {
    path: String,
    byte_size: u64,
    sha256: Option<String>,
    crc32: u32,
    modified_ms: f64,
    width_px: u32,
    height_px: u32,
    origin: usize,
    item: Option<Assignment>,
}

impl SavedImage {
    fn of(image: &Image, origin: usize, item: Option<&Assignment>) -> Self {
        Self {
            path: image.path.clone(),
            byte_size: image.byte_size,
            sha256: image.known_sha256().map(content_hash::to_hex),
            crc32: image.crc32,
            modified_ms: image.modified_ms,
            width_px: image.width_px,
            height_px: image.height_px,
            origin,
            item: item.cloned(),
        }
    }

    fn image(&self) -> Image {
        Image {
            path: self.path.clone(),
            byte_size: self.byte_size,
            sha256: self.sha256.as_deref().and_then(content_hash::from_hex).unwrap_or(UNKNOWN_SHA256),
            crc32: self.crc32,
            modified_ms: self.modified_ms,
            width_px: self.width_px,
            height_px: self.height_px,
        }
    }
}

/// The collection at one moment. Taking a snapshot is quick; it is written in slices.
pub struct Snapshot {
    head: Head,
    clustering: Option<Rc<Clustering>>,
    images: Vec<(Image, usize)>,
}

impl Snapshot {
    /// A snapshot of the collection, unless it is empty.
    pub fn take(collection: &ImageCollection, state: SessionState) -> Option<Self> {
        let stored_images = collection.images();
        let mut origins: Vec<Rc<FeatureOrigin>> = Vec::new();
        let mut positions = HashMap::new();
        let mut images = Vec::with_capacity(stored_images.len());
        for (id, image) in stored_images.collection.in_path_order() {
            let Some(stored) = stored_images.stored(id) else { continue };
            let known = origins.iter().position(|known| *known == stored.origin);
            let origin = known.unwrap_or_else(|| {
                origins.push(stored.origin.clone());
                origins.len() - 1
            });
            positions.insert(id, ImageId(images.len() as u32));
            images.push((image.clone(), origin));
        }
        if images.is_empty() {
            return None;
        }
        let SessionState { settings, arrangement, clustering, is_evaluated } = state;
        let without_items = |clustering: &Rc<Clustering>| Clustering { items: Vec::new(), ..(**clustering).clone() };
        let head = Head {
            version: VERSION,
            images: images.len(),
            origins: origins.iter().map(|origin| (**origin).clone()).collect(),
            is_external: collection.is_external(),
            settings,
            arrangement: renumbered(arrangement, &positions),
            clustering: clustering.as_ref().map(without_items),
            is_evaluated,
        };
        Some(Self { head, clustering, images })
    }

    /// Writes the snapshot, in place of the one before.
    pub async fn write(self, database: &Database) -> Result<(), ApiError> {
        let unwritable = |error: serde_json::Error| CacheError::Unavailable(error.to_string());
        let items: HashMap<&str, &Assignment> = self
            .clustering
            .iter()
            .flat_map(|clustering| &clustering.items)
            .map(|item| (item.path.as_str(), item))
            .collect();
        let mut slices = Slices::start();
        let mut records = Vec::new();
        for (index, part) in self.images.chunks(IMAGES_PER_RECORD).enumerate() {
            let images: Vec<SavedImage> = part
                .iter()
                .map(|(image, origin)| SavedImage::of(image, *origin, items.get(image.path.as_str()).copied()))
                .collect();
            let text = serde_json::to_string(&images).map_err(unwritable)?;
            records.push((key(index), JsValue::from(text)));
            slices.pause_when_due().await;
        }
        let head = to_js(&self.head)?;
        let fill = |writer: &Writer<'_>| {
            writer.delete_all(SESSION, IMAGES)?;
            records.iter().try_for_each(|(key, record)| writer.put(SESSION, key, record))?;
            writer.put(SESSION, &HEAD.into(), &head)
        };
        Ok(database.write(&[SESSION], fill).await?)
    }
}

/// Deletes the stored collection; features stay.
pub async fn delete_session(database: &Database) -> Result<(), CacheError> {
    database.write(&[SESSION], |writer| writer.delete_all(SESSION, "")).await
}

fn key(index: usize) -> JsValue {
    format!("{IMAGES}{index}").into()
}

/// The arrangement with other ids of images; images without one are left out.
fn renumbered(saved: Saved, ids: &HashMap<ImageId, ImageId>) -> Saved {
    let exchange = |old: Vec<ImageId>| old.iter().filter_map(|id| ids.get(id).copied()).collect();
    let Saved { next_id, clusters, unassigned, pinned } = saved;
    let clusters = clusters
        .into_iter()
        .map(|mut cluster| {
            cluster.images = exchange(cluster.images);
            cluster
        })
        .collect();
    Saved { next_id, clusters, unassigned: exchange(unassigned), pinned: exchange(pinned) }
}

impl Cache {
    /// Restores the latest collection; neither weights nor workers are needed. `None` where none is stored, or there are images
    /// already.
    pub async fn restore(
        &self,
        operation: &Operation,
        collection: &ImageCollection,
    ) -> Result<Option<RestoredSession>, ApiError> {
        let database = self.database()?;
        let Some(head) = database.get(SESSION, &[HEAD.into()]).await?.pop().flatten() else { return Ok(None) };
        let Ok(head) = from_js::<Head>(head) else { return Ok(None) };
        operation.check()?;
        if head.version != VERSION || !collection.is_empty() {
            return Ok(None);
        }
        let is_slow = head.images >= SLOW_TO_RESTORE;
        let _busy = is_slow.then(|| operation.show_busy());
        let origins: Vec<Rc<FeatureOrigin>> = head.origins.iter().cloned().map(Rc::new).collect();
        let mut restored = RestoredImages { collection, origins: &origins, ids: HashMap::new(), items: Vec::new() };
        let mut done = 0;
        let mut used = UsedRecords::default();
        for index in 0..head.images.div_ceil(IMAGES_PER_RECORD) {
            let text = database.get(SESSION, &[key(index)]).await?.pop().flatten().and_then(|text| text.as_string());
            let images: Vec<SavedImage> = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
            for part in images.chunks(IMAGES_AT_ONCE) {
                used.extend(self.restore_images(operation, &database, part, done, &mut restored).await?);
                done += part.len();
                if is_slow {
                    operation.progress(Stage::Recalling, done, head.images);
                }
            }
        }
        used.record(database);
        let RestoredImages { ids, items, .. } = restored;
        if ids.is_empty() {
            return Ok(None);
        }
        if head.is_external {
            collection.set_external(origins.first().cloned());
        }
        // What was saved here is sound; otherwise the images come back without their clusters.
        let arrangement = Arrangement::try_from(renumbered(head.arrangement, &ids)).unwrap_or_default();
        Ok(Some(RestoredSession {
            settings: head.settings,
            arrangement,
            clustering: head.clustering.map(|clustering| Clustering { items, ..clustering }),
            is_evaluated: head.is_evaluated,
            lost: head.images - ids.len(),
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
            restored.items.extend(saved.item.clone());
        }
        Ok(used)
    }
}

/// Images that were restored so far.
struct RestoredImages<'a> {
    collection: &'a ImageCollection,
    origins: &'a [Rc<FeatureOrigin>],
    /// Their ids, by saved position.
    ids: HashMap<ImageId, ImageId>,
    items: Vec<Assignment>,
}
