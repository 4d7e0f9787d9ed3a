//! `importFeatures`: features from a file, for the pictures at hand and for those that are dropped later. Those that were
//! made otherwise than the settings say become a collection of their own (`foreign.rs`).

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use js_sys::{Array, Float32Array, Float64Array, Uint8Array};
use serde::Serialize;
use web_sys::{Blob, File};

use crate::add::unexpected;
use crate::embedding::Processor;
use crate::feature_origin::FeatureOrigin;
use crate::imported_features::FeatureRow;
use crate::pool::Pool;
use crate::{Engine, Operation, Stage};
use shoal::archive::npz::FeatureSpec;
use shoal::archive::npz::FeaturesError;
use shoal_browser::api_error::ApiError;
use shoal_browser::pause::Slices;
use shoal_browser::wire::bulk_as;
use shoal_protocol::{FromWorker, ToWorker};

/// More bytes of features than this are not taken in: they are all held in memory.
const FEATURES_BYTES_MAX: u64 = 1 << 30;

/// What became of a features file that was opened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// How many pictures it tells the features of.
    pub rows: usize,
    /// How many features each has.
    pub dims: usize,
    /// How many of the pictures at hand have their features from it.
    pub reused: usize,
    /// Paths of its pictures that are not at hand.
    pub missing: Vec<String>,
    /// Paths of pictures at hand whose bytes are others.
    pub changed: Vec<String>,
}

impl Engine {
    /// Takes the features in that a file tells: at once for the pictures at hand, later for those that are yet to be
    /// dropped. Where nothing is at hand, features that were made otherwise than the settings say become a collection of
    /// their own. Nothing changes when it fails.
    ///
    /// # Errors
    /// The codes of [`FeaturesError`]; `features-incompatible` when pictures are at hand whose features were made otherwise.
    pub async fn import_features(&self, blob: &Blob) -> Result<Imported, ApiError> {
        let operation = self.begin().await?;
        let (pool, started) = self.pool().await?;
        let made = self.made(&pool).await?;
        let columns = made.features.columns(started.model.feature_columns, made.size_px);
        let read = self.read_features(&operation, &pool, blob, &made, columns).await;
        pool.post_to(0, ToWorker::CloseFeatures);
        let ReadFeatures { rows, columns, own } = read?;
        operation.check()?;
        if let Some(own) = own {
            return self.found_own_collection(&operation, own, rows, columns).await;
        }
        let imported = self.use_features(&made, &rows, columns);
        self.0.known.borrow_mut().learn(made, rows);
        Ok(imported)
    }

    /// All rows, once the whole file has proved sound and fit.
    async fn read_features(
        &self,
        operation: &Operation<'_>,
        pool: &Pool,
        blob: &Blob,
        made: &FeatureSpec,
        columns: usize,
    ) -> Result<ReadFeatures, ApiError> {
        let unreadable = |thrown| ApiError::thrown("file-unreadable", "the features file could not be read", &thrown);
        // A message carries a file; one that is made of a blob copies nothing.
        let file = File::new_with_blob_sequence(&Array::of1(blob), "features.npz").map_err(unreadable)?;
        let reply = pool.run_on_file(0, ToWorker::OpenFeatures, file).await?;
        operation.check()?;
        let (FromWorker::FeaturesOpened { columns: found_columns, names, made: found }, bulk) = reply else {
            return Err(unexpected());
        };
        let fit = check_origin(found.as_ref(), found_columns, made, columns);
        let own = match fit {
            Ok(()) if !self.is_own() => None,
            _ if self.is_empty() => Some(found.map_or_else(FeatureOrigin::unknown, FeatureOrigin::Network)),
            Ok(()) => return Err(foreign("the pictures here have features of another kind")),
            Err(why) => return Err(foreign(&why)),
        };
        let columns = found_columns;
        let total = names.len();
        if (total as u64).saturating_mul(4 * columns as u64) > FEATURES_BYTES_MAX {
            let words = format!("{total} pictures have more than {} MiB of features", FEATURES_BYTES_MAX >> 20);
            return Err(FeaturesError::TooLarge(words).into());
        }
        let byte_sizes = bulk_as::<Float64Array>(&bulk, 0)?.to_vec();
        let hashes = bulk_as::<Uint8Array>(&bulk, 1)?.to_vec();
        let hashes = hashes.as_chunks::<32>().0;
        let mut rows = Vec::with_capacity(total);
        let mut names = names.into_iter();
        let mut slices = Slices::start();
        loop {
            let (FromWorker::FeaturesRead, bulk) = pool.run_on(0, ToWorker::ReadFeatures, Array::new()).await? else {
                return Err(unexpected());
            };
            operation.check()?;
            let values: Float32Array = bulk_as(&bulk, 0)?;
            if values.length() == 0 {
                return Ok(ReadFeatures { rows, columns, own: own.map(Rc::new) });
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
            self.progress(Stage::Importing, rows.len(), total);
        }
    }

    /// Gives the pictures at hand the features that are known of them.
    fn use_features(&self, made: &Rc<FeatureSpec>, rows: &[Rc<FeatureRow>], columns: usize) -> Imported {
        let mut imported = Imported { rows: rows.len(), dims: columns, ..Imported::default() };
        let mut store = self.0.store.borrow_mut();
        let hashes: HashSet<[u8; 32]> = store.collection.in_path_order().map(|(_, picture)| picture.sha256).collect();
        let mut told = Vec::new();
        let mut elsewhere = Vec::new();
        for row in rows {
            match store.collection.by_path(&row.path) {
                Some((id, picture)) if row.fits(picture.byte_size, &picture.sha256) => told.push((id, row)),
                Some(_) => imported.changed.push(row.path.clone()),
                None if row.sha256.is_some_and(|sha256| hashes.contains(&sha256)) => {}
                None => imported.missing.push(row.path.clone()),
            }
            elsewhere.extend(row.sha256.map(|sha256| (sha256, row)));
        }
        let told_ids: HashSet<_> = told.iter().map(|(id, _)| *id).collect();
        let by_sha256: HashMap<_, _> = elsewhere.into_iter().collect();
        // A picture that goes by another path is still the same picture.
        let moved = store.collection.in_path_order().filter(|(id, _)| !told_ids.contains(id));
        told.extend(moved.filter_map(|(id, picture)| Some((id, *by_sha256.get(&picture.sha256)?))));
        imported.reused = told.len();
        let feature_origin = Rc::new(FeatureOrigin::Network(FeatureSpec::clone(made)));
        for (id, row) in told {
            let processor = store.stored(id).map_or(Processor::Cpu, |stored| stored.processor);
            store.update(id, row.features.clone(), processor, feature_origin.clone());
        }
        drop(store);
        if imported.reused > 0 {
            self.0.space.take();
            self.0.evaluated_revision.set(None);
        }
        imported
    }
}

/// What a features file tells.
struct ReadFeatures {
    rows: Vec<Rc<FeatureRow>>,
    columns: usize,
    /// How they were made, where they are to be a collection of their own.
    own: Option<Rc<FeatureOrigin>>,
}

fn foreign(why: &str) -> ApiError {
    let message = format!("these features do not fit what is here: {why}. Start over first, then open them");
    ApiError::new("features-incompatible", message)
}

/// Features can be compared only with those that were made alike. Says what is otherwise.
fn check_origin(
    found: Option<&FeatureSpec>,
    found_columns: usize,
    made: &FeatureSpec,
    columns: usize,
) -> Result<(), String> {
    let short = |sha256: &str| sha256.chars().take(12).collect::<String>();
    let Some(found) = found else {
        return Err("the file does not say how they were made (it has no shoal.json)".into());
    };
    if found.weights_sha256 != made.weights_sha256 {
        let [theirs, ours] = [found, made].map(|made| short(&made.weights_sha256));
        return Err(format!("they are of the weights {theirs}, the network's here are {ours}"));
    }
    if found.features != made.features {
        return Err("they are of another kind than the settings say".into());
    }
    if found.size_px != made.size_px {
        return Err(format!("they are of pictures of {} px, the settings say {}", found.size_px, made.size_px));
    }
    if found_columns != columns {
        return Err(format!("a picture has {found_columns} of them, the network gives {columns}"));
    }
    Ok(())
}
