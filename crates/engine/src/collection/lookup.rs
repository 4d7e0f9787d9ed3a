//! The lookup of a file, in a fixed order: images of the collection, imported features, cache.

use js_sys::Float32Array;
use shoal::archive::npz::FeatureSpec;
use shoal::collection::ImageId;
use shoal_protocol::FileDigest;

use super::stored_image::SourceFile;
use super::{ImageCollection, MissingSourceFiles};

/// What is known about a file.
#[derive(Clone, Debug)]
pub enum Lookup {
    /// It is the file of an image in the collection.
    Loaded {
        /// The image.
        id: ImageId,
        /// Whether it was identified by path, size and time alone.
        is_unread: bool,
    },
    /// A features file has its features.
    Imported(Float32Array),
    /// Its digest is needed to decide.
    NeedsDigest,
    /// Neither the collection nor the imported features know it.
    Unknown,
}

impl ImageCollection {
    /// What the collection knows about a file before its content has been hashed.
    pub fn look_up(&self, source: &SourceFile, missing: &MissingSourceFiles, spec: &FeatureSpec) -> Lookup {
        let images = self.images();
        if let Some(digest) = images.unchanged(source)
            && let Some(id) = images.find(missing, &source.path, &digest.sha256)
        {
            return Lookup::Loaded { id, is_unread: true };
        }
        let may_be_loaded = images.collection.contains_path(&source.path) || missing.has_size(source.byte_size());
        if may_be_loaded || self.imported().may_have(spec, source) { Lookup::NeedsDigest } else { Lookup::Unknown }
    }

    /// What the collection knows about a file with this content.
    pub fn look_up_digest(
        &self,
        source: &SourceFile,
        digest: &FileDigest,
        missing: &MissingSourceFiles,
        spec: &FeatureSpec,
    ) -> Lookup {
        if let Some(id) = self.images().find(missing, &source.path, &digest.sha256) {
            return Lookup::Loaded { id, is_unread: false };
        }
        match self.imported().features_of(spec, &source.path, digest) {
            Some(features) => Lookup::Imported(features),
            None => Lookup::Unknown,
        }
    }
}
