//! The latest collection as the database stores it: a head with clusters and scores, and records of some images each.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use shoal::collection::arrangement::{Arrangement, Saved, SavedNames};
use shoal::collection::{Assignment, Clustering, Image, ImageId, UNKNOWN_SHA256, content_hash};
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::to_js;
use shoal_browser::yielding::Slices;
use wasm_bindgen::JsValue;

use super::database::{Database, SESSION, Writer};
use super::error::CacheError;
use crate::collection::{FeatureOrigin, ImageCollection};

/// The version of the format; no other version is read.
pub const VERSION: u32 = 2;
/// How many images are in one record.
const IMAGES_PER_RECORD: usize = 512;
/// The key of the record with everything but the images.
pub const HEAD: &str = "head";
/// The keys of the records with images begin with this.
const IMAGES: &str = "pictures/";
/// Attributes that the user may have set in the interface.
pub const CACHED_SETTINGS: [&str; 7] = ["k", "seed", "model", "size", "features", "recipe", "method"];

/// The state of the page apart from the images.
pub struct SessionState {
    /// The attributes that the user set.
    pub settings: BTreeMap<String, String>,
    /// Which image is in which cluster.
    pub arrangement: Saved,
    /// The latest result.
    pub clustering: Option<Rc<Clustering>>,
    /// Whether its scores are those of the current clusters.
    pub is_evaluated: bool,
}

/// What was restored apart from the images, which are in the collection.
pub struct RestoredSession {
    /// The attributes that the user had set.
    pub settings: BTreeMap<String, String>,
    /// Which image is in which cluster.
    pub arrangement: Arrangement,
    /// The latest result.
    pub clustering: Option<Clustering>,
    /// Whether its scores are those of the current clusters.
    pub is_evaluated: bool,
    /// The images that were restored.
    pub ids: Vec<ImageId>,
    /// How many images could not be restored.
    pub lost: usize,
}

/// Everything but the images. Image ids are positions among the saved images.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Head {
    /// The version of what was written.
    pub version: u32,
    /// How many images there are.
    pub images: usize,
    /// How features were computed; images refer to one of them by position.
    pub origins: Vec<FeatureOrigin>,
    /// Whether the features are external.
    pub is_external: bool,
    /// The attributes that the user set.
    pub settings: BTreeMap<String, String>,
    /// Which image is in which cluster.
    pub arrangement: Saved,
    /// The latest result without its items, which are stored with the images.
    pub clustering: Option<Clustering>,
    /// Whether its scores are those of the current clusters.
    pub is_evaluated: bool,
}

impl Head {
    /// How many records the images take.
    pub fn record_count(&self) -> usize {
        self.images.div_ceil(IMAGES_PER_RECORD)
    }
}

/// An image, and its item of the result.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SavedImage {
    path: String,
    byte_size: u64,
    sha256: Option<String>,
    crc32: u32,
    modified_ms: f64,
    width_px: u32,
    height_px: u32,
    /// The position of the origin of its features among [`Head::origins`].
    pub origin: usize,
    /// Its item of the latest result.
    pub item: Option<Assignment>,
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

    /// The image.
    pub fn image(&self) -> Image {
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

    /// Writes the snapshot, replacing the previous one.
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
            records.push((images_key(index), JsValue::from(text)));
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

/// Deletes the stored collection, but not the features.
pub async fn delete_session(database: &Database) -> Result<(), CacheError> {
    database.write(&[SESSION], |writer| writer.delete_all(SESSION, "")).await
}

/// The key of a record with images.
pub fn images_key(index: usize) -> JsValue {
    format!("{IMAGES}{index}").into()
}

/// The arrangement with every image id replaced by the one that `ids` maps it to. Images that `ids` lacks are left out.
pub fn renumbered(saved: Saved, ids: &HashMap<ImageId, ImageId>) -> Saved {
    let replaced = |old: Vec<ImageId>| old.iter().filter_map(|id| ids.get(id).copied()).collect();
    let Saved { next_id, clusters, unassigned, pinned, names } = saved;
    let clusters = clusters
        .into_iter()
        .map(|mut cluster| {
            cluster.images = replaced(cluster.images);
            cluster
        })
        .collect();
    let names = names.into_iter().map(|SavedNames { name, images }| SavedNames { name, images: replaced(images) });
    Saved { next_id, clusters, unassigned: replaced(unassigned), pinned: replaced(pinned), names: names.collect() }
}
