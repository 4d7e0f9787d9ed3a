//! The images of the collection, each with its data.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use js_sys::Float32Array;
use shoal::collection::{Collection, ImageId, Placement};
use shoal::preprocess::Fingerprint;
use shoal_protocol::FileDigest;
use web_sys::{Blob, File};

use super::feature_origin::FeatureOrigin;
use super::stored_image::{Processor, SourceFile, StoredImage};

/// The images whose source files are missing, by content.
#[derive(Default)]
pub struct MissingSourceFiles {
    by_sha256: HashMap<[u8; 32], ImageId>,
    byte_sizes: HashSet<u64>,
}

impl MissingSourceFiles {
    /// Whether a file of this size may be one of them.
    pub fn has_size(&self, byte_size: u64) -> bool {
        self.byte_sizes.contains(&byte_size)
    }
}

/// The images.
#[derive(Default)]
pub struct Images {
    /// Their paths and facts.
    pub collection: Collection,
    stored: HashMap<ImageId, StoredImage>,
}

impl Images {
    /// No images, to be filled and then to replace these: ids of removed images are not used again.
    pub fn successor(&self) -> Self {
        let mut collection = self.collection.clone();
        collection.clear();
        Self { collection, stored: HashMap::new() }
    }

    /// How many images there are.
    pub fn len(&self) -> usize {
        self.collection.len()
    }

    /// The data of an image.
    pub fn stored(&self, id: ImageId) -> Option<&StoredImage> {
        self.stored.get(&id)
    }

    /// An image's source file, unless it is missing.
    pub fn source_file(&self, id: ImageId) -> Option<&File> {
        self.stored.get(&id)?.file.as_ref()
    }

    /// How many images lack their source file.
    pub fn missing_source_file_count(&self) -> usize {
        self.stored.values().filter(|stored| stored.file.is_none()).count()
    }

    /// The images that lack their source file and whose content is known.
    pub fn missing_source_files(&self) -> MissingSourceFiles {
        let mut missing = MissingSourceFiles::default();
        for (id, image) in self.collection.in_path_order() {
            if self.source_file(id).is_none()
                && let Some(sha256) = image.known_sha256()
            {
                missing.by_sha256.entry(*sha256).or_insert(id);
                missing.byte_sizes.insert(image.byte_size);
            }
        }
        missing
    }

    /// The image with this path and content or, if its source file is missing, the image with this content and any path.
    pub fn find(&self, missing: &MissingSourceFiles, path: &str, sha256: &[u8; 32]) -> Option<ImageId> {
        match self.collection.place(path, sha256) {
            Placement::Reused(id) => Some(id),
            Placement::New(_) => missing
                .by_sha256
                .get(sha256)
                .copied()
                .filter(|&id| self.stored(id).is_some() && self.source_file(id).is_none()),
        }
    }

    /// The digest of a file with the path, size and modification time of an image.
    pub fn unchanged(&self, source: &SourceFile) -> Option<FileDigest> {
        if !source.is_identified {
            return None;
        }
        let (_, image) = self.collection.by_path(&source.path)?;
        let sha256 = *image.known_sha256()?;
        let is_same = image.byte_size == source.byte_size() && image.modified_ms == source.file.last_modified();
        is_same.then_some(FileDigest { byte_size: image.byte_size, sha256, crc32: image.crc32 })
    }

    /// Stores the data of a new image.
    pub fn store(&mut self, id: ImageId, stored: StoredImage) {
        self.stored.insert(id, stored);
    }

    /// Replaces an image's features.
    pub fn set_features(
        &mut self,
        id: ImageId,
        features: Float32Array,
        processor: Processor,
        origin: Rc<FeatureOrigin>,
    ) {
        if let Some(stored) = self.stored.get_mut(&id) {
            stored.features = features;
            stored.processor = processor;
            stored.origin = origin;
        }
    }

    /// Replaces an image's source file with another handle of the same bytes. `is_unread` as in [`StoredImage`].
    pub fn set_source_file(&mut self, id: ImageId, file: File, is_unread: bool) {
        if let Some(stored) = self.stored.get_mut(&id) {
            stored.file = Some(file);
            stored.is_unread = is_unread;
        }
    }

    /// Stores what an image looks like.
    pub fn set_appearance(&mut self, id: ImageId, fingerprint: Fingerprint, thumbnail: Blob) {
        if let Some(stored) = self.stored.get_mut(&id) {
            stored.set_appearance(fingerprint, thumbnail);
        }
    }

    /// An object URL of the image's thumbnail or placeholder.
    pub fn thumbnail_url(&self, path: &str) -> Option<String> {
        let (id, _) = self.collection.by_path(path)?;
        Some(self.stored.get(&id)?.url(path))
    }

    /// An image's thumbnail, unless it was never decoded.
    pub fn thumbnail(&self, path: &str) -> Option<Blob> {
        let (id, _) = self.collection.by_path(path)?;
        self.stored.get(&id)?.thumbnail.clone()
    }

    /// Removes every image.
    pub fn clear(&mut self) {
        self.collection.clear();
        for (_, mut stored) in self.stored.drain() {
            stored.revoke_url();
        }
    }
}
