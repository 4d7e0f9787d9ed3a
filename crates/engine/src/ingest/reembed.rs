//! Embedding images again whose features were not computed with the current settings.

use std::rc::Rc;

use futures_util::stream::{self, StreamExt};
use shoal::archive::npz::FeatureSpec;
use shoal::collection::ImageId;
use shoal_browser::api_error::ApiError;
use shoal_protocol::FileUnreadable;
use web_sys::File;

use super::Ingest;
use crate::collection::{EmbeddedImage, FeatureOrigin, ImageCollection, StoredImage};
use crate::compute::{ComputeError, Embedder};
use crate::events::Stage;
use crate::operation::Operation;
use crate::settings::Embedding;

impl Ingest {
    /// Embeds every image whose features are not of this spec. Where that is impossible, features that are comparable stay.
    ///
    /// # Errors
    /// `originals-missing` if the source files of some of them are missing or unreadable, after the others have been embedded.
    /// Why an image cannot be embedded, likewise.
    pub async fn reembed(
        &self,
        operation: &Operation,
        collection: &ImageCollection,
        embedder: &Embedder,
        spec: &FeatureSpec,
    ) -> Result<(), ApiError> {
        let is_stale = |stored: &StoredImage| stored.origin.spec() != Some(spec);
        let is_comparable = |id: ImageId| {
            let images = collection.images();
            images.stored(id).and_then(|stored| stored.origin.spec()).is_some_and(|found| found.is_comparable(spec))
        };
        let stale: Vec<ImageId> = {
            let images = collection.images();
            let ids = images.collection.in_path_order().map(|(id, _)| id);
            ids.filter(|&id| images.stored(id).is_some_and(is_stale)).collect()
        };
        if collection.is_samples() && collection.source_files(&stale).is_err() {
            self.restore_samples(operation, collection, embedder.client()).await?;
        }
        let (stale, mut missing) = with_source_files(collection, stale);
        let (mut failure, mut is_changed) = (None, false);
        let origin = Rc::new(FeatureOrigin::Network(spec.clone()));
        let embedding = Embedding { features: spec.features, size_px: spec.size_px };
        let total = stale.len();
        let _elapsed = (total > 0).then(|| self.timings.start());
        let mut embedded = stream::iter(stale)
            .map(async |(id, file)| (id, embedder.embed(&file, embedding).await))
            .buffered(embedder.concurrency())
            .enumerate();
        while let Some((index, (id, image))) = embedded.next().await {
            match image {
                Ok(EmbeddedImage { facts, features, processor }) => {
                    self.timings.add(facts.times);
                    let is_outdated = is_comparable(id);
                    let mut images = collection.images_mut();
                    images.set_features(id, features, processor, origin.clone());
                    if is_outdated {
                        images.set_appearance(id, facts.fingerprint, facts.thumbnail);
                        is_changed = true;
                    }
                }
                Err(error) if error.is_cancelled() || ComputeError::is_worker_failure(&error) => return Err(error),
                Err(error) if error.code == FileUnreadable::CODE => missing.push(id),
                Err(_) if is_comparable(id) => {}
                Err(error) => drop(failure.get_or_insert(error)),
            }
            operation.progress(Stage::Embedding, index + 1, total);
        }
        if is_changed {
            collection.emit_changed(&self.events);
        }
        operation.check()?;
        missing.retain(|&id| !is_comparable(id));
        if !missing.is_empty() {
            return Err(collection.source_files_missing(&missing).into());
        }
        failure.map_or(Ok(()), Err)
    }
}

/// The images that have a source file, with it, and the others.
fn with_source_files(collection: &ImageCollection, ids: Vec<ImageId>) -> (Vec<(ImageId, File)>, Vec<ImageId>) {
    let images = collection.images();
    let (mut with_file, mut without) = (Vec::with_capacity(ids.len()), Vec::new());
    for id in ids {
        match images.source_file(id) {
            Some(file) => with_file.push((id, file.clone())),
            None => without.push(id),
        }
    }
    (with_file, without)
}
