//! The latest collection as the database stores it: a head with clusters and scores, and records of some images each.

use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use serde::{Deserialize, Serialize};
use shoal::capture::Capture;
use shoal::collection::arrangement::{Arrangement, Saved, SavedNames};
use shoal::collection::duplicates::KeptGroups;
use shoal::collection::{Assignment, Clustering, Image, ImageId, UNKNOWN_SHA256, content_hash};
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::to_js;
use shoal_browser::yielding::Slices;
use wasm_bindgen::JsValue;

use super::database::{Database, SESSION, Writer};
use super::error::CacheError;
use crate::collection::{FeatureOrigin, ImageCollection, random_token};

/// The version of the format; no other version is read.
pub const VERSION: u32 = 2;
/// How many images are in one record.
const IMAGES_PER_RECORD: usize = 512;
/// The key of the record with everything but the images.
pub const HEAD: &str = "head";
/// The key of the record with the edits since the snapshot was taken.
pub const EDITED: &str = "edited";
/// The keys of the records with images begin with this.
const IMAGES: &str = "pictures/";
/// Attributes that the user may have set in the interface.
pub const CACHED_SETTINGS: [&str; 7] = ["k", "seed", "model", "size", "features", "recipe", "method"];

/// The state of the page apart from the images.
pub struct SessionState {
    /// The arrangement's revision.
    pub revision: u64,
    /// The attributes that the user set.
    pub settings: BTreeMap<String, String>,
    /// Which image is in which cluster.
    pub arrangement: Saved,
    /// The latest result.
    pub clustering: Option<Rc<Clustering>>,
    /// Whether its scores are those of the current clusters.
    pub is_evaluated: bool,
    /// Groups of duplicates that are not offered again.
    pub kept_duplicates: KeptGroups,
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
    /// Groups of duplicates that are not offered again.
    pub kept_duplicates: KeptGroups,
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
    /// The snapshot's name, to which [`Edited`] refers.
    #[serde(default)]
    pub snapshot: String,
    /// How many images there are.
    pub images: usize,
    /// How many further images the collection had, whose features were not stored.
    #[serde(default)]
    pub left_out: usize,
    /// How features were computed; images refer to one of them by position.
    pub origins: Vec<FeatureOrigin>,
    /// Whether the features are external.
    pub is_external: bool,
    /// Whether the images are the built-in samples.
    #[serde(default)]
    pub is_samples: bool,
    /// The attributes that the user set.
    pub settings: BTreeMap<String, String>,
    /// Which image is in which cluster.
    pub arrangement: Saved,
    /// The latest result without its items, which are stored with the images.
    pub clustering: Option<Clustering>,
    /// Whether its scores are those of the current clusters.
    pub is_evaluated: bool,
    /// Groups of duplicates that are not offered again.
    #[serde(default)]
    pub kept_duplicates: KeptGroups,
}

/// The clusters after the latest edit. It replaces those of the head, if it belongs to the same snapshot: an edit is written as it
/// is made, with as little as possible.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Edited {
    /// The name of the snapshot, which has the images.
    pub snapshot: String,
    /// The attributes that the user set.
    pub settings: BTreeMap<String, String>,
    /// Which image is in which cluster.
    pub arrangement: Saved,
    /// The latest result without its items.
    pub clustering: Option<Clustering>,
}

/// A snapshot in the database.
#[derive(Clone)]
pub struct WrittenSnapshot {
    /// Its name.
    name: String,
    /// The positions of its images.
    positions: Rc<HashMap<ImageId, ImageId>>,
    /// The revision of the arrangement that is stored with it.
    revision: u64,
}

impl WrittenSnapshot {
    /// The snapshot that was restored, with the ids of its images by their positions.
    pub fn restored(name: String, ids: &HashMap<ImageId, ImageId>, revision: u64) -> Self {
        let positions = ids.iter().map(|(position, id)| (*id, *position)).collect();
        Self { name, positions: Rc::new(positions), revision }
    }

    /// Whether the arrangement of this revision is stored with it.
    pub fn has(&self, revision: u64) -> bool {
        self.revision == revision
    }

    /// The snapshot once the arrangement of this revision is stored with it.
    pub fn at(self, revision: u64) -> Self {
        Self { revision, ..self }
    }

    /// The record with the clusters of `state`.
    pub fn edited(&self, state: SessionState) -> Result<JsValue, ApiError> {
        Ok(to_js(&Edited {
            snapshot: self.name.clone(),
            settings: state.settings,
            arrangement: renumbered(state.arrangement, &self.positions),
            clustering: state.clustering.as_ref().map(without_items),
        })?)
    }
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    capture: Option<Capture>,
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
            capture: image.capture.clone(),
            origin,
            item: item.cloned(),
        }
    }

    /// An item of the result without scores, for an image that came into the result after the snapshot.
    pub fn blank_item(&self) -> Assignment {
        Assignment {
            path: self.path.clone(),
            cluster: None,
            silhouette: None,
            distance: None,
            next_cluster: None,
            locked: false,
            pca: [0.0; 3],
            capture: self.capture.clone(),
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
            capture: self.capture.clone(),
        }
    }
}

/// The collection at one moment. Taking a snapshot is quick; its records are made in slices.
pub struct Snapshot {
    head: Head,
    written: WrittenSnapshot,
    clustering: Option<Rc<Clustering>>,
    images: Vec<(Image, usize)>,
}

impl Snapshot {
    /// A snapshot of the collection, unless it is empty, with the images that `is_stored` accepts.
    pub fn take(
        collection: &ImageCollection,
        state: SessionState,
        is_stored: impl Fn(ImageId) -> bool,
    ) -> Option<Self> {
        let stored_images = collection.images();
        let mut origins: Vec<Rc<FeatureOrigin>> = Vec::new();
        let mut positions = HashMap::new();
        let mut images = Vec::with_capacity(stored_images.len());
        for (id, image) in stored_images.collection.in_path_order() {
            let Some(stored) = stored_images.stored(id).filter(|_| is_stored(id)) else { continue };
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
        let SessionState { revision, settings, arrangement, clustering, is_evaluated, kept_duplicates } = state;
        let name = random_token();
        let head = Head {
            version: VERSION,
            snapshot: name.clone(),
            images: images.len(),
            left_out: stored_images.len() - images.len(),
            origins: origins.iter().map(|origin| (**origin).clone()).collect(),
            is_external: collection.is_external(),
            is_samples: collection.is_samples(),
            settings,
            arrangement: renumbered(arrangement, &positions),
            clustering: clustering.as_ref().map(without_items),
            is_evaluated,
            kept_duplicates,
        };
        let written = WrittenSnapshot { name, positions: Rc::new(positions), revision };
        Some(Self { head, written, clustering, images })
    }

    /// Makes the snapshot's records, in slices.
    pub async fn records(self) -> Result<SnapshotRecords, ApiError> {
        let mut slices = Slices::start();
        let mut records = Vec::new();
        let items = self.items();
        for (index, part) in self.images.chunks(IMAGES_PER_RECORD).enumerate() {
            records.push(record(index, part, &items)?);
            slices.pause_when_due().await;
        }
        Ok(SnapshotRecords { head: to_js(&self.head)?, records, written: self.written })
    }

    /// Makes the snapshot's records at once.
    pub fn records_at_once(self) -> Result<SnapshotRecords, ApiError> {
        let items = self.items();
        let parts = self.images.chunks(IMAGES_PER_RECORD).enumerate();
        let records = parts.map(|(index, part)| record(index, part, &items)).collect::<Result<_, _>>()?;
        Ok(SnapshotRecords { head: to_js(&self.head)?, records, written: self.written })
    }

    fn items(&self) -> HashMap<&str, &Assignment> {
        let items = self.clustering.iter().flat_map(|clustering| &clustering.items);
        items.map(|item| (item.path.as_str(), item)).collect()
    }
}

/// A snapshot as the database stores it.
pub struct SnapshotRecords {
    head: JsValue,
    records: Vec<(JsValue, JsValue)>,
    /// The snapshot once it is written.
    pub written: WrittenSnapshot,
}

impl SnapshotRecords {
    /// Replaces the previous snapshot by this one. `edited` has the edits since it was taken, if there are any.
    pub fn write(&self, writer: &Writer<'_>, edited: Option<&JsValue>) -> Result<(), idb::Error> {
        writer.delete_all(SESSION, IMAGES)?;
        self.records.iter().try_for_each(|(key, record)| writer.put(SESSION, key, record))?;
        writer.put(SESSION, &HEAD.into(), &self.head)?;
        match edited {
            Some(edited) => writer.put(SESSION, &EDITED.into(), edited),
            None => writer.delete(SESSION, &EDITED.into()),
        }
    }
}

/// The key and the record of some images.
fn record(
    index: usize,
    images: &[(Image, usize)],
    items: &HashMap<&str, &Assignment>,
) -> Result<(JsValue, JsValue), CacheError> {
    let saved: Vec<SavedImage> = images
        .iter()
        .map(|(image, origin)| SavedImage::of(image, *origin, items.get(image.path.as_str()).copied()))
        .collect();
    let text = serde_json::to_string(&saved).map_err(|error| CacheError::Unavailable(error.to_string()))?;
    Ok((images_key(index), text.into()))
}

/// A clustering without its items, which are stored with the images.
fn without_items(clustering: &Rc<Clustering>) -> Clustering {
    Clustering { items: Vec::new(), ..(**clustering).clone() }
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
