//! Imported features: for images of the collection, for images added later, or as a collection of their own.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use js_sys::Array;
use shoal::archive::npz::{FeatureSpec, FeaturesError};
use shoal::collection::{Image, ImageId};
use shoal_browser::api_error::{ApiError, thrown_message};
use shoal_browser::yielding::Slices;
use shoal_protocol::{CloseFeatures, FeaturesHead, FileUnreadable, OpenFeatures, ReadFeatures};
use web_sys::{Blob, File};

use super::error::ImportError;
use crate::collection::{FeatureOrigin, FeatureRow, ImageCollection, Processor, StoredImage};
use crate::compute::Client;
use crate::events::Stage;
use crate::operation::Operation;
use crate::reports::Imported;

/// The most bytes of features that are read, since all of them are kept in memory.
const FEATURES_BYTES_MAX: u64 = 1 << 30;

/// The features in a file, once the file is known to be whole and to fit the collection.
pub struct FileFeatures {
    rows: Vec<Rc<FeatureRow>>,
    columns: usize,
    /// The version of the preprocessing of the images.
    preprocessing: u32,
    /// How the features were computed, if they are to become a collection of their own.
    external: Option<Rc<FeatureOrigin>>,
}

/// Reads a features file. `spec` says how the features of the collection are computed, and `columns` how many an image has.
///
/// # Errors
/// The codes of [`FeaturesError`]; [`FileUnreadable`]; [`ImportError::Incompatible`] if the collection has images whose
/// features were computed differently.
pub async fn read_features(
    operation: &Operation,
    collection: &ImageCollection,
    client: &Client,
    blob: &Blob,
    spec: &FeatureSpec,
    columns: usize,
) -> Result<FileFeatures, ApiError> {
    let read = async {
        let head = open(client, blob).await?;
        operation.check()?;
        let external = external_origin(collection, &head, spec, columns)?;
        check_size(&head)?;
        let columns = head.columns;
        let preprocessing = head.spec.as_ref().map_or(spec.preprocessing, |spec| spec.preprocessing);
        let rows = read_rows(operation, client, head).await?;
        Ok(FileFeatures { rows, columns, preprocessing, external: external.map(Rc::new) })
    };
    let read: Result<FileFeatures, ApiError> = read.await;
    client.send_to(0, CloseFeatures {});
    let read = read?;
    operation.check()?;
    Ok(read)
}

/// Opens the file in the first worker, and reads everything but the features.
async fn open(client: &Client, blob: &Blob) -> Result<FeaturesHead, ApiError> {
    let unreadable = |thrown| FileUnreadable(thrown_message(&thrown));
    // A file made of a blob copies nothing.
    let file = File::new_with_blob_sequence(&Array::of1(blob), "features.npz").map_err(unreadable)?;
    client.call_on(0, OpenFeatures { file }).await
}

/// Rejects a file with more features than fit into memory.
fn check_size(head: &FeaturesHead) -> Result<(), FeaturesError> {
    let (rows, columns) = (head.names.len() as u64, head.columns as u64);
    if rows.saturating_mul(4 * columns) <= FEATURES_BYTES_MAX {
        return Ok(());
    }
    let message = format!("{rows} pictures have more than {} MiB of features", FEATURES_BYTES_MAX >> 20);
    Err(FeaturesError::TooLarge(message))
}

/// The origin of the features if they are to become a collection of their own; `None` if they extend the collection.
fn external_origin(
    collection: &ImageCollection,
    head: &FeaturesHead,
    spec: &FeatureSpec,
    columns: usize,
) -> Result<Option<FeatureOrigin>, ImportError> {
    match check_spec(head.spec.as_ref(), head.columns, spec, columns) {
        Ok(()) if !collection.is_external() => Ok(None),
        _ if collection.is_empty() => {
            Ok(Some(head.spec.clone().map_or_else(FeatureOrigin::unknown, FeatureOrigin::Network)))
        }
        Ok(()) => Err(ImportError::Incompatible("the pictures here have features of another kind".into())),
        Err(reason) => Err(ImportError::Incompatible(reason)),
    }
}

/// Reads the features of the open file to its end.
async fn read_rows(
    operation: &Operation,
    client: &Client,
    head: FeaturesHead,
) -> Result<Vec<Rc<FeatureRow>>, ApiError> {
    let FeaturesHead { columns, names, byte_sizes, content_hashes, .. } = head;
    let (total, columns) = (names.len(), columns as u32);
    let (byte_sizes, hashes) = (byte_sizes.to_vec(), content_hashes.to_vec());
    let hashes = hashes.as_chunks::<32>().0;
    let mut rows = Vec::with_capacity(total);
    let mut names = names.into_iter();
    let mut slices = Slices::start();
    loop {
        let values = client.call_on(0, ReadFeatures {}).await?.values;
        operation.check()?;
        if values.length() == 0 {
            return Ok(rows);
        }
        let count = values.length() / columns;
        for (row, path) in (0..count).zip(names.by_ref()) {
            let features = values.slice(row * columns, (row + 1) * columns);
            let byte_size = byte_sizes.get(rows.len()).map(|&bytes| bytes as u64);
            let sha256 = hashes.get(rows.len()).copied();
            rows.push(Rc::new(FeatureRow { path, byte_size, sha256, features }));
            slices.pause_when_due().await;
        }
        operation.check()?;
        operation.progress(Stage::Importing, rows.len(), total);
    }
}

impl FileFeatures {
    /// How the features were computed, if they are to become a collection of their own.
    pub fn external(&self) -> Option<&Rc<FeatureOrigin>> {
        self.external.as_ref()
    }

    /// Makes features that were to become a collection of their own part of one whose features are computed as `spec` says,
    /// `columns` for an image. Returns whether they are computed so.
    pub fn become_part_of(&mut self, spec: &FeatureSpec, columns: usize) -> bool {
        let found = self.external.as_ref().and_then(|origin| origin.spec());
        let is_same = check_spec(found, self.columns, spec, columns).is_ok();
        if is_same {
            self.external = None;
        }
        is_same
    }

    /// Fills an empty collection with the rows: images without source files and thumbnails. Returns the images. Nothing changes
    /// if it is cancelled.
    pub async fn into_collection(
        self,
        operation: &Operation,
        collection: &ImageCollection,
        origin: Rc<FeatureOrigin>,
    ) -> Result<(Imported, Vec<ImageId>), ApiError> {
        let missing = self.rows.iter().map(|row| row.path.clone()).collect();
        let imported = Imported { rows: self.rows.len(), dims: self.columns, missing, ..Imported::default() };
        let mut images = collection.images().successor();
        let mut ids = Vec::with_capacity(self.rows.len());
        let mut slices = Slices::start();
        for row in self.rows {
            let image = Image {
                byte_size: row.byte_size.unwrap_or_default(),
                sha256: row.sha256.unwrap_or_default(),
                ..Image::from_path(row.path.clone())
            };
            // The reader has checked that the names are distinct.
            if let Some(id) = images.collection.insert(image) {
                images.store(id, StoredImage::new(row.features.clone(), origin.clone(), Processor::Cpu));
                ids.push(id);
            }
            slices.pause_when_due().await;
            operation.check()?;
        }
        collection.fill_externally(images, origin);
        Ok((imported, ids))
    }

    /// Replaces the features of the images in the collection, and keeps the rest for images added later. Those of another version of
    /// the preprocessing than `spec` says are used until the files of their images are there.
    pub fn apply(self, collection: &ImageCollection, spec: &FeatureSpec) -> Imported {
        let spec = Rc::new(FeatureSpec { preprocessing: self.preprocessing, ..spec.clone() });
        let mut imported = Imported { rows: self.rows.len(), dims: self.columns, ..Imported::default() };
        let mut images = collection.images_mut();
        let hashes: HashSet<[u8; 32]> = images.collection.in_path_order().map(|(_, image)| image.sha256).collect();
        let mut matched = Vec::new();
        let mut by_sha256 = HashMap::new();
        for row in &self.rows {
            match images.collection.by_path(&row.path) {
                Some((id, image)) if row.fits(image.byte_size, &image.sha256) => matched.push((id, row)),
                Some(_) => imported.changed.push(row.path.clone()),
                None if row.sha256.is_some_and(|sha256| hashes.contains(&sha256)) => {}
                None => imported.missing.push(row.path.clone()),
            }
            by_sha256.extend(row.sha256.map(|sha256| (sha256, row)));
        }
        let matched_ids: HashSet<ImageId> = matched.iter().map(|(id, _)| *id).collect();
        // An image that has another path is still the same image.
        let moved = images.collection.in_path_order().filter(|(id, _)| !matched_ids.contains(id));
        matched.extend(moved.filter_map(|(id, image)| Some((id, *by_sha256.get(&image.sha256)?))));
        imported.reused = matched.len();
        let origin = Rc::new(FeatureOrigin::Network((*spec).clone()));
        for (id, row) in matched {
            let processor = images.stored(id).map_or(Processor::Cpu, |stored| stored.processor);
            images.set_features(id, row.features.clone(), processor, origin.clone());
        }
        drop(images);
        collection.imported_mut().extend(spec, self.rows);
        imported
    }
}

/// Checks that features can be compared with those of `spec`. The error says what differs.
fn check_spec(
    found: Option<&FeatureSpec>,
    found_columns: usize,
    spec: &FeatureSpec,
    columns: usize,
) -> Result<(), String> {
    let short = |sha256: &str| sha256.chars().take(12).collect::<String>();
    let Some(found) = found else {
        return Err("the file does not say how they were computed (it has no shoal.json)".into());
    };
    if found.weights_sha256 != spec.weights_sha256 {
        let [theirs, ours] = [found, spec].map(|spec| short(&spec.weights_sha256));
        return Err(format!("they are of the weights {theirs}, the network's here are {ours}"));
    }
    if found.features != spec.features {
        return Err("they are of another kind than the settings say".into());
    }
    if found.size_px != spec.size_px {
        return Err(format!("they are of pictures of {} px, the settings say {}", found.size_px, spec.size_px));
    }
    if found_columns != columns {
        return Err(format!("a picture has {found_columns} of them, the network computes {columns}"));
    }
    Ok(())
}
