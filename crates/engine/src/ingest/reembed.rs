//! Embedding images again whose features were not computed with the current settings.

use std::rc::Rc;

use futures_util::stream::{self, StreamExt};
use shoal::archive::npz::FeatureSpec;
use shoal::collection::ImageId;
use shoal_browser::api_error::ApiError;
use web_sys::File;

use super::Ingest;
use crate::collection::{EmbeddedImage, FeatureOrigin, ImageCollection, StoredImage};
use crate::compute::Embedder;
use crate::events::Stage;
use crate::operation::Operation;
use crate::settings::Embedding;

impl Ingest {
    /// Embeds every image whose features are not of this spec.
    ///
    /// # Errors
    /// `originals-missing`, before anything changes, if one of them lacks its source file.
    pub async fn reembed(
        &self,
        operation: &Operation,
        collection: &ImageCollection,
        embedder: &Embedder,
        spec: &FeatureSpec,
    ) -> Result<(), ApiError> {
        let is_stale = |stored: &StoredImage| stored.origin.spec() != Some(spec);
        let stale: Vec<ImageId> = {
            let images = collection.images();
            let ids = images.collection.in_path_order().map(|(id, _)| id);
            ids.filter(|&id| images.stored(id).is_some_and(is_stale)).collect()
        };
        if collection.is_samples() && collection.source_files(&stale).is_err() {
            self.restore_samples(operation, collection, embedder.client()).await?;
        }
        let stale: Vec<(ImageId, File)> = stale.iter().copied().zip(collection.source_files(&stale)?).collect();
        let origin = Rc::new(FeatureOrigin::Network(spec.clone()));
        let embedding = Embedding { features: spec.features, size_px: spec.size_px };
        let total = stale.len();
        let _elapsed = (total > 0).then(|| self.timings.start());
        let mut embedded = stream::iter(stale)
            .map(async |(id, file)| (id, embedder.embed(&file, embedding).await))
            .buffered(embedder.concurrency())
            .enumerate();
        while let Some((index, (id, image))) = embedded.next().await {
            let EmbeddedImage { facts, features, processor } = image?;
            self.timings.add(facts.times);
            collection.images_mut().set_features(id, features, processor, origin.clone());
            operation.progress(Stage::Embedding, index + 1, total);
        }
        operation.check()
    }
}
