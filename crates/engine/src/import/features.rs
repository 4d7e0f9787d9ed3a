//! Features from a file: for the images of the collection, for images that are yet to come, or as a collection of their own.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use js_sys::Array;
use shoal::archive::npz::{FeatureSpec, FeaturesError};
use shoal::collection::{Image, ImageId};
use shoal_browser::api_error::{ApiError, thrown_message};
use shoal_browser::yielding::Slices;
use shoal_protocol::{CloseFeatures, FeaturesHead, OpenFeatures, ReadFeatures};
use web_sys::{Blob, File};

use super::error::ImportError;
use crate::collection::{FeatureOrigin, FeatureRow, ImageCollection, Processor, StoredImage};
use crate::compute::Client;
use crate::events::Stage;
use crate::operation::Operation;
use crate::reports::Imported;

/// The most bytes of features that are read: all of them are kept in memory.
const FEATURES_BYTES_MAX: u64 = 1 << 30;

/// A features file that proved to be sound and to fit.
pub struct FileFeatures {
    rows: Vec<Rc<FeatureRow>>,
    columns: usize,
    /// How the features were computed, where they are to be a collection of their own.
    external: Option<Rc<FeatureOrigin>>,
}

/// Reads a features file. `spec` says how the features of the collection are computed, and `columns` how many an image has.
///
/// # Errors
/// The codes of [`FeaturesError`]; [`ImportError::Incompatible`] when the collection has images whose features were computed
/// otherwise.
pub async fn read_features(
    operation: &Operation,
    collection: &ImageCollection,
    client: &Client,
    blob: &Blob,
    spec: &FeatureSpec,
    columns: usize,
) -> Result<FileFeatures, ApiError> {
    let read = read(operation, collection, client, blob, spec, columns).await;
    client.send_to(0, CloseFeatures {});
    let read = read?;
    operation.check()?;
    Ok(read)
}

async fn read(
    operation: &Operation,
    collection: &ImageCollection,
    client: &Client,
    blob: &Blob,
    spec: &FeatureSpec,
    columns: usize,
) -> Result<FileFeatures, ApiError> {
    let unreadable = |thrown| ImportError::Unreadable(thrown_message(&thrown));
    // A file made of a blob copies nothing.
    let file = File::new_with_blob_sequence(&Array::of1(blob), "features.npz").map_err(unreadable)?;
    let FeaturesHead { columns: found_columns, names, spec: found_spec, byte_sizes, content_hashes } =
        client.call_on(0, OpenFeatures { file }).await?;
    operation.check()?;
    let compatible = check_spec(found_spec.as_ref(), found_columns, spec, columns);
    let external = match compatible {
        Ok(()) if !collection.is_external() => None,
        _ if collection.is_empty() => Some(found_spec.map_or_else(FeatureOrigin::unknown, FeatureOrigin::Network)),
        Ok(()) => {
            return Err(ImportError::Incompatible("the pictures here have features of another kind".into()).into());
        }
        Err(reason) => return Err(ImportError::Incompatible(reason).into()),
    };
    let columns = found_columns;
    let total = names.len();
    if (total as u64).saturating_mul(4 * columns as u64) > FEATURES_BYTES_MAX {
        let message = format!("{total} pictures have more than {} MiB of features", FEATURES_BYTES_MAX >> 20);
        return Err(FeaturesError::TooLarge(message).into());
    }
    let (byte_sizes, hashes) = (byte_sizes.to_vec(), content_hashes.to_vec());
    let hashes = hashes.as_chunks::<32>().0;
    let mut rows = Vec::with_capacity(total);
    let mut names = names.into_iter();
    let mut slices = Slices::start();
    loop {
        let values = client.call_on(0, ReadFeatures {}).await?.values;
        operation.check()?;
        if values.length() == 0 {
            return Ok(FileFeatures { rows, columns, external: external.map(Rc::new) });
        }
        let count = values.length() / columns as u32;
        for (row, path) in (0..count).zip(names.by_ref()) {
            let features = values.slice(row * columns as u32, (row + 1) * columns as u32);
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
    /// Whether the features are to be a collection of their own.
    pub fn external(&self) -> Option<&Rc<FeatureOrigin>> {
        self.external.as_ref()
    }

    /// Fills an empty collection with the rows: images without source files and thumbnails. Returns the images.
    pub async fn into_collection(
        self,
        operation: &Operation,
        collection: &ImageCollection,
        origin: Rc<FeatureOrigin>,
    ) -> Result<(Imported, Vec<ImageId>), ApiError> {
        let missing = self.rows.iter().map(|row| row.path.clone()).collect();
        let imported = Imported { rows: self.rows.len(), dims: self.columns, missing, ..Imported::default() };
        collection.set_external(Some(origin.clone()));
        let mut ids = Vec::with_capacity(self.rows.len());
        let mut slices = Slices::start();
        for row in self.rows {
            let image = Image {
                byte_size: row.byte_size.unwrap_or_default(),
                sha256: row.sha256.unwrap_or_default(),
                ..Image::from_path(row.path.clone())
            };
            {
                let mut images = collection.images_mut();
                // The reader has checked that the names are distinct, and the collection was empty.
                if let Some(id) = images.collection.insert(image) {
                    images.store(id, StoredImage::new(row.features.clone(), origin.clone(), Processor::Cpu));
                    ids.push(id);
                }
            }
            slices.pause_when_due().await;
            operation.check()?;
        }
        Ok((imported, ids))
    }

    /// Gives the images of the collection their features, and keeps the rest for images that are yet to come.
    pub fn apply(self, collection: &ImageCollection, spec: Rc<FeatureSpec>) -> Imported {
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
