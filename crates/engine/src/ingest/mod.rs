//! Ingest: the path from dropped files to images with features.
//!
//! | file | what |
//! | --- | --- |
//! | `sources` | listing the files in what was dropped |
//! | `listings` | recognising folders that contain themselves |
//! | `add` | reading, looking up and embedding files |
//! | `reembed` | embedding images again after the settings changed |
//! | `external` | files for a collection of external features |
//! | `sample_images` | the built-in sample images |
//! | `timings` | how long each step takes |

mod add;
mod external;
mod listings;
mod reembed;
mod sample_images;
mod sources;
mod timings;

use std::rc::Rc;

use shoal::archive::npz::FeatureSpec;
use shoal::collection::sidecars::FileKind;
use shoal::collection::{ImageId, SidecarIndex};
use shoal::preprocess::PREPROCESSING_VERSION;
use shoal_browser::api_error::ApiError;

use crate::collection::{CollectionError, FeatureOrigin, ImageCollection, SourceFile};
use crate::compute::{Client, Compute};
use crate::events::{Event, Events};
use crate::operation::Operation;
use crate::reports::{Added, Timings};
use crate::settings::Settings;
pub use add::{AddImages, IngestObserver};
pub use sources::gather;
use timings::TimingSums;

/// The owner of the path from files into the collection.
pub struct Ingest {
    events: Events,
    timings: TimingSums,
}

impl Ingest {
    /// No image has been read yet.
    pub fn new(events: Events) -> Self {
        Self { timings: TimingSums::new(events.clone()), events }
    }

    /// How long each step has taken since the collection was last empty.
    pub fn timings(&self) -> Timings {
        self.timings.get()
    }

    /// Brings all features up to date with the settings, by embedding again the images whose features were computed
    /// differently. Returns the workers, and how the features were computed.
    ///
    /// # Errors
    /// Those of the workers; `originals-missing`; `cancelled`.
    pub async fn current_features(
        &self,
        operation: &Operation,
        collection: &ImageCollection,
        compute: &Compute,
        settings: &Settings,
    ) -> Result<(Client, Rc<FeatureOrigin>), ApiError> {
        if let Some(origin) = collection.external_origin() {
            return Ok((compute.client(settings).await?, origin));
        }
        let embedder = compute.embedder(settings).await?.embedder;
        let spec = feature_spec(settings, embedder.client())?;
        self.reembed(operation, collection, &embedder, &spec).await?;
        Ok((embedder.client().clone(), Rc::new(FeatureOrigin::Network(spec))))
    }

    /// Resets the timings.
    pub fn reset(&self) {
        self.timings.reset();
    }

    /// Emits what adding changed, apart from the images themselves.
    fn emit_added(&self, collection: &ImageCollection, added: &Added) {
        if added.reused > 0 {
            collection.emit_changed(&self.events);
        }
        if let Some(first) = added.paged.first() {
            let (path, pages) = (first.path.clone(), first.pages);
            let error = CollectionError::FirstPages { count: added.paged.len(), path, pages };
            self.events.emit(Event::Notice(error.into()));
        }
        if !added.rejected.is_empty() {
            self.events.emit(Event::Rejected(added.rejected.clone()));
        }
    }
}

/// The spec of features that are computed with these settings and this network.
pub fn feature_spec(settings: &Settings, client: &Client) -> Result<FeatureSpec, ApiError> {
    let model = client.network().model.clone();
    let embedding = settings.embedding(model.backbone)?;
    Ok(FeatureSpec {
        model: model.name,
        weights_sha256: model.sha256,
        size_px: embedding.size_px,
        features: embedding.features,
        preprocessing: PREPROCESSING_VERSION,
    })
}

/// Attaches sidecars to the images that they belong to: to those `taken` by this call, given by the paths of their files, or to
/// older ones. Returns the files that belong to no image.
fn attach_sidecars(
    collection: &ImageCollection,
    files: Vec<SourceFile>,
    taken: &[(String, ImageId)],
    added: &mut Added,
) -> Vec<SourceFile> {
    if files.iter().all(|source| FileKind::of(&source.path) == FileKind::Image) {
        return files;
    }
    let images = collection.images();
    let of_this_call = taken.iter().map(|(path, id)| (path.as_str(), *id));
    let older = images.collection.in_path_order().map(|(id, image)| (image.path.as_str(), id));
    let owners = SidecarIndex::new(of_this_call.chain(older));
    let mut sidecars = collection.sidecars_mut();
    let mut others = Vec::new();
    for source in files {
        match owners.image_of(&source.path) {
            Some(image) => {
                sidecars.attach(image, source);
                added.sidecars += 1;
            }
            None => others.push(source),
        }
    }
    others
}

/// Records a file that was not added, with the reason.
fn reject(collection: &ImageCollection, source: SourceFile, error: ApiError, added: &mut Added) {
    let rejection = error.into_rejection(source.path);
    added.rejected.push(rejection.clone());
    collection.sidecars_mut().reject(rejection, Some(source.file));
}
