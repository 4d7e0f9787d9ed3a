//! Files for a collection of external features. They are not embedded: a file supplies the picture for an image of
//! the collection, matched by path or by a name that is unique on both sides.

use std::collections::HashMap;

use futures_util::stream::{self, StreamExt};
use shoal::collection::{Image, ImageId};
use shoal::options::{FeatureKind, SIZE_PX_RANGE};
use shoal_browser::api_error::ApiError;
use shoal_protocol::InspectFile;

use super::sources::Gathered;
use super::{Ingest, attach_sidecars, reject};
use crate::collection::{CollectionError, ImageCollection, SourceFile};
use crate::compute::{Client, ComputeError, files_in_flight};
use crate::events::Stage;
use crate::operation::Operation;
use crate::reports::Added;

impl Ingest {
    /// Matches files with the images of a collection of external features. `on_seen` is called for every image whose file
    /// was read.
    pub async fn match_external(
        &self,
        operation: &Operation,
        collection: &ImageCollection,
        client: &Client,
        gathered: Gathered,
        on_seen: impl Fn(ImageId),
    ) -> Result<Added, ApiError> {
        let mut added = Added { rejected: gathered.rejected, ..Added::default() };
        let rows = rows_of(collection, &gathered.found);
        let (mut with_row, mut without) = (Vec::new(), Vec::new());
        for (source, row) in gathered.found.into_iter().zip(rows) {
            match row {
                Some(id) => with_row.push((source, id)),
                None => without.push(source),
            }
        }
        let total = with_row.len();
        operation.progress(Stage::Reading, 0, total);
        let mut taken = Vec::with_capacity(total);
        let mut inspected = stream::iter(with_row)
            .map(async |(source, id)| {
                let result = match operation.check() {
                    Ok(()) => self.inspect(collection, client, &source, id).await,
                    Err(error) => Err(error),
                };
                (source, id, result)
            })
            .buffered(files_in_flight(client))
            .enumerate();
        while let Some((index, (source, id, result))) = inspected.next().await {
            match result {
                _ if operation.is_cancelled() => added.cancelled = true,
                Err(error) if error.is_cancelled() => added.cancelled = true,
                Ok(()) => {
                    added.added += 1;
                    added.reused += 1;
                    collection.sidecars_mut().accept(&source.path);
                    on_seen(id);
                    taken.push((source.path, id));
                }
                // It is no fault of the file.
                Err(error) if ComputeError::is_worker_failure(&error) => return Err(error),
                Err(error) => reject(collection, source, error, &mut added),
            }
            if added.cancelled {
                break;
            }
            operation.progress(Stage::Reading, index + 1, total);
        }
        drop(inspected);
        if !added.cancelled {
            for source in attach_sidecars(collection, without, &taken, &mut added) {
                reject(collection, source, CollectionError::NoExternalFeatures.into(), &mut added);
            }
        }
        self.emit_added(collection, &added);
        Ok(added)
    }

    /// Decodes a file, and stores its appearance and facts for an image.
    async fn inspect(
        &self,
        collection: &ImageCollection,
        client: &Client,
        source: &SourceFile,
        id: ImageId,
    ) -> Result<(), ApiError> {
        // Nothing is embedded, so that any size will do.
        let (size_px, features) = (*SIZE_PX_RANGE.start(), FeatureKind::Pooled);
        let request = |memory_bytes| InspectFile { file: source.file.clone(), size_px, features, memory_bytes };
        let facts = client.decode(&source.file, request).await?;
        self.timings.add(facts.times);
        let mut images = collection.images_mut();
        let known = images.collection.get(id).ok_or_else(ApiError::cancelled)?;
        if known.known_sha256().is_some_and(|sha256| *sha256 != facts.digest.sha256) {
            return Err(CollectionError::OtherFile.into());
        }
        let image = Image {
            path: known.path.clone(),
            byte_size: facts.digest.byte_size,
            sha256: facts.digest.sha256,
            crc32: facts.digest.crc32,
            modified_ms: source.file.last_modified(),
            width_px: facts.width_px,
            height_px: facts.height_px,
            capture: facts.capture.clone(),
        };
        images.collection.set_details(id, image);
        images.set_appearance(id, facts.fingerprint, facts.thumbnail);
        images.set_source_file(id, source.file.clone(), false);
        Ok(())
    }
}

/// The image that each of these files belongs to, if any.
fn rows_of(collection: &ImageCollection, found: &[SourceFile]) -> Vec<Option<ImageId>> {
    let images = collection.images();
    let rows = images.collection.in_path_order().map(|(id, image)| (file_name(&image.path), id));
    let by_name = unique(rows);
    let files_by_name = unique(found.iter().enumerate().map(|(index, source)| (file_name(&source.path), index)));
    let row_of = |source: &SourceFile| {
        if let Some((id, _)) = images.collection.by_path(&source.path) {
            return Some(id);
        }
        let name = file_name(&source.path);
        files_by_name.get(name).copied().flatten()?;
        by_name.get(name).copied().flatten()
    };
    found.iter().map(row_of).collect()
}

/// The last part of a path, with the separators of any system.
fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The value of each name; `None` if it has more than one.
fn unique<'a, T>(named: impl Iterator<Item = (&'a str, T)>) -> HashMap<&'a str, Option<T>> {
    let mut unique = HashMap::new();
    for (name, value) in named {
        unique.entry(name).and_modify(|known| *known = None).or_insert(Some(value));
    }
    unique
}
