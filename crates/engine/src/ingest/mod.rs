//! Ingest: from dropped files to images with features.
//!
//! | file | what |
//! | --- | --- |
//! | `sources` | from what was dropped to a list of files |
//! | `add` | reading, looking up and embedding files |
//! | `reembed` | embedding images again after the settings changed |
//! | `external` | files for a collection of external features |
//! | `sample_images` | the program's own images |
//! | `timings` | where the time goes |

mod add;
mod external;
mod reembed;
mod sample_images;
mod sources;
mod timings;

use std::rc::Rc;

use shoal::archive::npz::FeatureSpec;
use shoal::collection::sidecars::FileKind;
use shoal::collection::{ImageId, SidecarIndex};
use shoal_browser::api_error::ApiError;

use crate::collection::{FeatureOrigin, ImageCollection, SourceFile};
use crate::compute::{Client, Compute};
use crate::events::{Event, Events};
use crate::operation::Operation;
use crate::reports::{Added, Timings};
use crate::settings::Settings;
pub use add::{AddImages, IngestObserver};
pub use sources::gather;
use timings::TimingSums;

/// The owner of what happens to files on their way into the collection.
pub struct Ingest {
    events: Events,
    timings: TimingSums,
}

impl Ingest {
    /// Nothing was read yet.
    pub fn new(events: Events) -> Self {
        Self { timings: TimingSums::new(events.clone()), events }
    }

    /// Where the time went since the collection was last empty.
    pub fn timings(&self) -> Timings {
        self.timings.get()
    }

    /// What embeds, and how the features of the collection were computed, once all are as the settings say. Images whose features
    /// were computed otherwise are embedded again.
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

    /// Starts the timings again.
    pub fn reset(&self) {
        self.timings.reset();
    }

    /// Emits the outcome of adding, apart from the images themselves.
    fn emit_added(&self, collection: &ImageCollection, added: &Added) {
        if added.reused > 0 {
            collection.emit_changed(&self.events);
        }
        if !added.rejected.is_empty() {
            self.events.emit(Event::Rejected(added.rejected.clone()));
        }
    }
}

/// How features are computed by these settings and this network.
pub fn feature_spec(settings: &Settings, client: &Client) -> Result<FeatureSpec, ApiError> {
    let embedding = settings.embedding()?;
    let model = client.network().model.clone();
    Ok(FeatureSpec {
        model: model.name,
        weights_sha256: model.sha256,
        size_px: embedding.size_px,
        features: embedding.features,
    })
}

/// Attaches files to the images that they belong to: to those that this call `took`, by the paths of their files, or to older
/// ones. Returns the files that belong to none.
fn attach_sidecars(
    collection: &ImageCollection,
    files: Vec<SourceFile>,
    took: &[(String, ImageId)],
    added: &mut Added,
) -> Vec<SourceFile> {
    if files.iter().all(|source| FileKind::of(&source.path) == FileKind::Image) {
        return files;
    }
    let images = collection.images();
    let of_this_call = took.iter().map(|(path, id)| (path.as_str(), *id));
    let older = images.collection.in_path_order().map(|(id, image)| (image.path.as_str(), id));
    let owners = SidecarIndex::new(of_this_call.chain(older));
    let mut sidecars = collection.sidecars_mut();
    let mut alone = Vec::new();
    for source in files {
        match owners.image_of(&source.path) {
            Some(image) => {
                sidecars.attach(image, source);
                added.sidecars += 1;
            }
            None => alone.push(source),
        }
    }
    alone
}

/// Keeps a file that is no image of the collection, with the reason.
fn reject(collection: &ImageCollection, source: SourceFile, error: ApiError, added: &mut Added) {
    let rejection = error.into_rejection(source.path);
    added.rejected.push(rejection.clone());
    collection.sidecars_mut().reject(rejection, Some(source.file));
}
