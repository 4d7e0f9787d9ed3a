//! A collection whose features are a file's own: of another network, or of nobody knows what. It is not mixed with what is
//! embedded here; pictures that are dropped onto it only show what its rows are about.

use std::collections::HashMap;
use std::rc::Rc;

use futures_util::stream::{self, StreamExt};
use js_sys::Array;

use crate::add::{Added, unexpected};
use crate::embedding::Processor;
use crate::feature_origin::FeatureOrigin;
use crate::import_features::Imported;
use crate::imported_features::FeatureRow;
use crate::pool::Pool;
use crate::sources::Found;
use crate::store::StoredImage;
use crate::{Engine, Event, Operation, Stage};
use shoal::collection::{Image, ImageId};
use shoal::options::{DEFAULT_SIZE_PX, FeatureKind};
use shoal_browser::api_error::ApiError;
use shoal_browser::pause::Slices;
use shoal_browser::wire::bulk_as;
use shoal_protocol::{FromWorker, ToWorker};

/// Files whose answers may wait for that of an earlier one, a worker.
const AHEAD_PER_WORKER: usize = 8;

impl Engine {
    /// Makes a collection of a file's rows: pictures without originals and thumbnails. There is none before.
    pub(super) async fn found_own_collection(
        &self,
        operation: &Operation<'_>,
        own: Rc<FeatureOrigin>,
        rows: Vec<Rc<FeatureRow>>,
        columns: usize,
    ) -> Result<Imported, ApiError> {
        let missing = rows.iter().map(|row| row.path.clone()).collect();
        let imported = Imported { rows: rows.len(), dims: columns, missing, ..Imported::default() };
        self.0.own.replace(Some(own.clone()));
        let mut ids = Vec::with_capacity(rows.len());
        let mut slices = Slices::start();
        for row in rows {
            let picture = Image {
                byte_size: row.byte_size.unwrap_or_default(),
                sha256: row.sha256.unwrap_or_default(),
                ..Image::from_path(row.path.clone())
            };
            {
                let mut store = self.0.store.borrow_mut();
                // The file's names are distinct, and nothing was here before.
                let Some(id) = store.collection.insert(picture) else { return Err(unexpected()) };
                store.hold(id, StoredImage::new(row.features.clone(), own.clone(), Processor::Cpu));
                ids.push(id);
            }
            slices.pause_when_due().await;
            operation.check()?;
        }
        self.0.arrangement.borrow_mut().add(ids);
        self.tell_collection();
        Ok(imported)
    }

    /// Takes files in as what the rows at hand are about, by path or, where that tells one from all others, by name, and
    /// what belongs to these.
    pub(super) async fn match_files(
        &self,
        operation: &Operation<'_>,
        found: Vec<Found>,
        mut added: Added,
    ) -> Result<Added, ApiError> {
        let pool = match self.pool().await {
            Err(failure) if failure.is_cancelled() => return Ok(Added { cancelled: true, ..added }),
            pool => &pool?.0,
        };
        let rows = self.rows_of(&found);
        let (mut with_row, mut without) = (Vec::new(), Vec::new());
        for (found, row) in found.into_iter().zip(rows) {
            match row {
                Some(id) => with_row.push((found, id)),
                None => without.push(found),
            }
        }
        let total = with_row.len();
        self.progress(Stage::Reading, 0, total);
        let mut taken = Vec::with_capacity(total);
        let mut seen = stream::iter(with_row)
            .map(|(found, id)| async move {
                let done = if operation.is_cancelled() {
                    Err(ApiError::cancelled())
                } else {
                    self.see(pool, &found, id).await
                };
                (found, id, done)
            })
            .buffered(pool.workers() * AHEAD_PER_WORKER)
            .enumerate();
        while let Some((index, (found, id, done))) = seen.next().await {
            match done {
                _ if operation.is_cancelled() => added.cancelled = true,
                Err(failure) if failure.is_cancelled() => added.cancelled = true,
                Ok(()) => {
                    added.added += 1;
                    added.reused += 1;
                    self.0.beside.borrow_mut().accept(&found.path);
                    taken.push((found.path, id));
                }
                Err(failure) => self.turn_away(found, failure, &mut added),
            }
            if added.cancelled {
                break;
            }
            self.progress(Stage::Reading, index + 1, total);
        }
        drop(seen);
        if !added.cancelled {
            for alone in self.attach(without, &taken, &mut added) {
                self.turn_away(alone, no_row(), &mut added);
            }
        }
        self.conclude(&added);
        if added.reused > 0
            && let Some(clustering) = self.clustering()
        {
            // Nothing but the thumbnails is another.
            self.tell(Event::Edited(clustering));
        }
        Ok(added)
    }

    /// The picture that each of these files is, if any.
    fn rows_of(&self, found: &[Found]) -> Vec<Option<ImageId>> {
        let store = self.0.store.borrow();
        let rows = || store.collection.in_path_order().map(|(id, picture)| (name_of(&picture.path), id));
        let by_name = single(rows());
        let files_by_name = single(found.iter().enumerate().map(|(index, found)| (name_of(&found.path), index)));
        let row_of = |found: &Found| {
            if let Some((id, _)) = store.collection.by_path(&found.path) {
                return Some(id);
            }
            let name = name_of(&found.path);
            files_by_name.get(name).copied().flatten()?;
            by_name.get(name).copied().flatten()
        };
        found.iter().map(row_of).collect()
    }

    /// Looks at a file, and keeps what there is to see as that of a picture.
    async fn see(&self, pool: &Pool, found: &Found, id: ImageId) -> Result<(), ApiError> {
        let message = ToWorker::Preview { size_px: DEFAULT_SIZE_PX, features: FeatureKind::Pooled };
        let reply = pool.run(message, Some(found.file.clone()), Array::new()).await?;
        let (FromWorker::Previewed { identity, width_px, height_px, fingerprint, times }, bulk) = reply else {
            return Err(unexpected());
        };
        self.count(times);
        let mut store = self.0.store.borrow_mut();
        let known = store.collection.get(id).ok_or_else(ApiError::cancelled)?;
        if known.known_sha256().is_some_and(|sha256| *sha256 != identity.sha256) {
            let message = "the features here are those of another file of this name";
            return Err(ApiError::new("features-incompatible", message));
        }
        let picture = Image {
            path: known.path.clone(),
            byte_size: identity.byte_size,
            sha256: identity.sha256,
            crc32: identity.crc32,
            modified_ms: found.file.last_modified(),
            width_px,
            height_px,
        };
        store.collection.set_details(id, picture);
        store.see(id, fingerprint, bulk_as(&bulk, 0)?);
        store.renew_file(id, found.file.clone(), false);
        self.0.remembered.keep_anew(id);
        Ok(())
    }
}

fn no_row() -> ApiError {
    let message =
        "the features here came from a file that says nothing of this picture: start over to sort it by itself";
    ApiError::new("features-incompatible", message)
}

/// The last part of a path, whatever system wrote it.
fn name_of(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// What each name stands for; `None` where that is not one thing only.
fn single<'a, T>(named: impl Iterator<Item = (&'a str, T)>) -> HashMap<&'a str, Option<T>> {
    let mut single = HashMap::new();
    for (name, value) in named {
        single.entry(name).and_modify(|known| *known = None).or_insert(Some(value));
    }
    single
}
