//! The collection: images, their source files and features, and other files that were dropped with them.
//!
//! | file | what |
//! | --- | --- |
//! | `images` | the images, each with its data |
//! | `stored_image` | the data of an image |
//! | `sidecars` | files that belong to images, and files that could not be read |
//! | `imported_features` | features from a file, for images added later |
//! | `feature_origin` | the origin of features |
//! | `lookup` | the lookup of a file |
//! | `placeholder` | the drawing shown for an image without a thumbnail |

mod error;
mod feature_origin;
mod images;
mod imported_features;
mod lookup;
mod placeholder;
mod sidecars;
mod stored_image;

use std::cell::{Cell, Ref, RefCell, RefMut};
use std::rc::Rc;

use shoal::backbones::Backbone;
use shoal::collection::ImageId;
use web_sys::File;

use crate::events::{Event, Events};
pub use error::CollectionError;
pub use feature_origin::{FeatureOrigin, random_token};
pub use images::{Images, MissingSourceFiles};
pub use imported_features::{FeatureRow, ImportedFeatures};
pub use lookup::Lookup;
pub use sidecars::Sidecars;
pub use stored_image::{EmbeddedImage, Processor, SourceFile, StoredImage};

/// The owner of the images and their data.
#[derive(Default)]
pub struct ImageCollection {
    images: RefCell<Images>,
    sidecars: RefCell<Sidecars>,
    imported: RefCell<ImportedFeatures>,
    /// The origin of the features if they are external. Such a collection is not mixed with images embedded here.
    external: RefCell<Option<Rc<FeatureOrigin>>>,
    /// Whether the images are the built-in samples, which are drawn again when their files are needed.
    is_samples: Cell<bool>,
}

impl ImageCollection {
    /// The images.
    pub fn images(&self) -> Ref<'_, Images> {
        self.images.borrow()
    }

    /// The images, to change them.
    pub fn images_mut(&self) -> RefMut<'_, Images> {
        self.images.borrow_mut()
    }

    /// The files that came with the images.
    pub fn sidecars(&self) -> Ref<'_, Sidecars> {
        self.sidecars.borrow()
    }

    /// The files that came with the images, to change them.
    pub fn sidecars_mut(&self) -> RefMut<'_, Sidecars> {
        self.sidecars.borrow_mut()
    }

    /// Imported features.
    pub fn imported(&self) -> Ref<'_, ImportedFeatures> {
        self.imported.borrow()
    }

    /// Imported features, to add some.
    pub fn imported_mut(&self) -> RefMut<'_, ImportedFeatures> {
        self.imported.borrow_mut()
    }

    /// The network of this program that computed the features, judged by the first image.
    pub fn backbone(&self) -> Option<Backbone> {
        let images = self.images();
        let (first, _) = images.collection.in_path_order().next()?;
        Backbone::of_architecture(&images.stored(first)?.origin.spec()?.model)
    }

    /// The origin of the features, if they are external.
    pub fn external_origin(&self) -> Option<Rc<FeatureOrigin>> {
        self.external.borrow().clone()
    }

    /// Whether the features are external; nothing is embedded then.
    pub fn is_external(&self) -> bool {
        self.external.borrow().is_some()
    }

    /// Makes this a collection of external features or, with `None`, an ordinary one.
    pub fn set_external(&self, origin: Option<Rc<FeatureOrigin>>) {
        self.external.replace(origin);
    }

    /// Whether the images are the built-in samples.
    pub fn is_samples(&self) -> bool {
        self.is_samples.get()
    }

    /// Sets whether the images are the built-in samples.
    pub fn set_samples(&self, is_samples: bool) {
        self.is_samples.set(is_samples);
    }

    /// How many images there are.
    pub fn len(&self) -> usize {
        self.images.borrow().len()
    }

    /// Whether there is no image.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The images in path order: the order of rows everywhere.
    pub fn ids(&self) -> Vec<ImageId> {
        self.images.borrow().collection.in_path_order().map(|(id, _)| id).collect()
    }

    /// The images with these paths.
    ///
    /// # Errors
    /// [`CollectionError::UnknownImage`].
    pub fn ids_of(&self, paths: &[String]) -> Result<Vec<ImageId>, CollectionError> {
        let images = self.images.borrow();
        let id_of = |path: &String| {
            let known = images.collection.by_path(path).map(|(id, _)| id);
            known.ok_or_else(|| CollectionError::UnknownImage { path: path.clone() })
        };
        paths.iter().map(id_of).collect()
    }

    /// The source files of these images, in their order.
    ///
    /// # Errors
    /// [`CollectionError::SourceFilesMissing`].
    pub fn source_files(&self, ids: &[ImageId]) -> Result<Vec<File>, CollectionError> {
        let images = self.images.borrow();
        let files: Vec<File> = ids.iter().filter_map(|&id| images.source_file(id).cloned()).collect();
        if files.len() == ids.len() {
            return Ok(files);
        }
        let missing: Vec<ImageId> = ids.iter().copied().filter(|&id| images.source_file(id).is_none()).collect();
        Err(self.source_files_missing(&missing))
    }

    /// The error that the source files of these images are missing.
    pub fn source_files_missing(&self, ids: &[ImageId]) -> CollectionError {
        let images = self.images.borrow();
        let paths = ids.iter().filter_map(|&id| images.collection.get(id)).map(|image| image.path.clone());
        CollectionError::SourceFilesMissing { paths: paths.collect() }
    }

    /// Replaces the images, all of which were removed, and makes this a collection of external features of this origin.
    pub fn fill_externally(&self, images: Images, origin: Rc<FeatureOrigin>) {
        self.images.replace(images);
        self.external.replace(Some(origin));
    }

    /// How many images lack their source file, which only the user can give back.
    pub fn missing_source_files(&self) -> usize {
        if self.is_samples() {
            return 0;
        }
        self.images.borrow().missing_source_file_count()
    }

    /// Emits the new size of the collection, after a change that was not emitted image by image.
    pub fn emit_changed(&self, events: &Events) {
        events.emit(Event::Collection { images: self.len(), missing_source_files: self.missing_source_files() });
    }

    /// Removes everything.
    pub fn reset(&self) {
        self.images.borrow_mut().clear();
        self.sidecars.take();
        self.imported.take();
        self.external.take();
        self.is_samples.set(false);
    }
}
