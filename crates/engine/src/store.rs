//! The pictures of the collection and what hangs on each in the browser: file, features, thumbnail.
//!
//! Features stay in typed arrays outside this program's memory, which could never shrink again. A picture's file may be
//! away: what was remembered, or told by a features file, is there without it.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use js_sys::{Array, Float32Array};
use web_sys::{Blob, File, Url};

use crate::embedding::{Embedded, Processor};
use crate::feature_origin::FeatureOrigin;
use crate::placeholder::placeholder_svg;
use shoal::collection::{Collection, ImageId, Placement};
use shoal_browser::blob::blob_of;
use shoal_protocol::{Fingerprint, Identity};

/// What hangs on a picture.
pub struct StoredImage {
    /// The original, unless it is away.
    pub file: Option<File>,
    /// Whether that was taken by its looks for the file that was read: its checksum is not to be relied on.
    pub is_unread: bool,
    /// Its features, as the network gave them.
    pub features: Float32Array,
    /// How they were made.
    pub made: Rc<FeatureOrigin>,
    /// What computed them.
    pub processor: Processor,
    /// The picture's difference hash.
    pub dhash: Option<u64>,
    /// How sharp the picture is.
    pub sharpness: Option<f32>,
    /// A small picture of it, unless nobody has seen it.
    pub thumbnail: Option<Blob>,
    shown_url: OnceCell<String>,
}

impl StoredImage {
    /// Features of which there is nothing to see.
    pub fn new(features: Float32Array, made: Rc<FeatureOrigin>, processor: Processor) -> Self {
        let shown_url = OnceCell::new();
        Self {
            file: None,
            is_unread: false,
            features,
            made,
            processor,
            dhash: None,
            sharpness: None,
            thumbnail: None,
            shown_url,
        }
    }

    /// A picture that was embedded; `is_unread` as the field.
    pub fn embedded(file: File, is_unread: bool, embedded: Embedded, made: Rc<FeatureOrigin>) -> Self {
        let Embedded { features, processor, fingerprint, thumbnail, .. } = embedded;
        let mut stored = Self { file: Some(file), is_unread, ..Self::new(features, made, processor) };
        stored.see(fingerprint, thumbnail);
        stored
    }

    /// Takes in what there is to see of the picture.
    pub fn see(&mut self, fingerprint: Fingerprint, thumbnail: Blob) {
        let [high, low] = fingerprint.dhash.map(u64::from);
        self.dhash = Some(high << 32 | low);
        self.sharpness = Some(fingerprint.sharpness);
        self.thumbnail = Some(thumbnail);
        self.hide();
    }

    /// An object URL of the thumbnail or, for want of one, of a drawing with the picture's name. A URL cannot be refused to
    /// a blob at hand; without one the picture merely shows nothing.
    fn url(&self, path: &str) -> String {
        let make = || {
            let drawn = match &self.thumbnail {
                Some(thumbnail) => Some(thumbnail.clone()),
                None => blob_of(&Array::of1(&placeholder_svg(path).into()), "image/svg+xml").ok(),
            };
            drawn.and_then(|blob| Url::create_object_url_with_blob(&blob).ok()).unwrap_or_default()
        };
        self.shown_url.get_or_init(make).clone()
    }

    fn hide(&mut self) {
        if let Some(url) = self.shown_url.take() {
            // A URL made by this object is always one that can be revoked.
            let _ = Url::revoke_object_url(&url);
        }
    }
}

/// The pictures whose files are away, by what tells their bytes.
#[derive(Default)]
pub struct Away {
    by_sha256: HashMap<[u8; 32], ImageId>,
    byte_sizes: HashSet<u64>,
}

impl Away {
    /// Whether a file of this size may be one of them.
    pub fn has_size(&self, byte_size: u64) -> bool {
        self.byte_sizes.contains(&byte_size)
    }
}

/// The collection with everything that hangs on it.
#[derive(Default)]
pub struct Store {
    /// The pictures.
    pub collection: Collection,
    stored: HashMap<ImageId, StoredImage>,
}

impl Store {
    /// How many pictures there are.
    pub fn len(&self) -> usize {
        self.collection.len()
    }

    /// What hangs on a picture.
    pub fn stored(&self, id: ImageId) -> Option<&StoredImage> {
        self.stored.get(&id)
    }

    /// A picture's original, unless it is away.
    pub fn file_of(&self, id: ImageId) -> Option<&File> {
        self.stored.get(&id)?.file.as_ref()
    }

    /// How many pictures' originals are away.
    pub fn away_count(&self) -> usize {
        self.stored.values().filter(|stored| stored.file.is_none()).count()
    }

    /// The pictures whose originals are away and whose bytes somebody has seen.
    pub fn away(&self) -> Away {
        let mut away = Away::default();
        for (id, picture) in self.collection.in_path_order() {
            if self.file_of(id).is_none()
                && let Some(sha256) = picture.known_sha256()
            {
                away.by_sha256.entry(*sha256).or_insert(id);
                away.byte_sizes.insert(picture.byte_size);
            }
        }
        away
    }

    /// The picture that a file of this path and these bytes is: one of the same path or, where its original is away, one
    /// that goes by another.
    pub fn known(&self, away: &Away, path: &str, sha256: &[u8; 32]) -> Option<ImageId> {
        match self.collection.place(path, sha256) {
            Placement::Reused(id) => Some(id),
            Placement::New(_) => away
                .by_sha256
                .get(sha256)
                .copied()
                .filter(|&id| self.stored(id).is_some() && self.file_of(id).is_none()),
        }
    }

    /// Who a file is that looks like the picture of its path as that was read: of the same size, last changed at the same time.
    pub fn unchanged(&self, path: &str, file: &File) -> Option<Identity> {
        let (_, picture) = self.collection.by_path(path)?;
        let sha256 = *picture.known_sha256()?;
        let is_same = picture.byte_size == file.size() as u64 && picture.modified_ms == file.last_modified();
        is_same.then_some(Identity { byte_size: picture.byte_size, sha256, crc32: picture.crc32 })
    }

    /// Keeps what hangs on a new picture.
    pub fn hold(&mut self, id: ImageId, stored: StoredImage) {
        self.stored.insert(id, stored);
    }

    /// Gives a picture other features.
    pub fn update(&mut self, id: ImageId, features: Float32Array, processor: Processor, made: Rc<FeatureOrigin>) {
        if let Some(stored) = self.stored.get_mut(&id) {
            stored.features = features;
            stored.processor = processor;
            stored.made = made;
        }
    }

    /// Gives a picture a fresh handle of the same bytes: it had none, or the old one may have lost its file. `is_unread` as in
    /// [`StoredImage`].
    pub fn renew_file(&mut self, id: ImageId, file: File, is_unread: bool) {
        if let Some(stored) = self.stored.get_mut(&id) {
            stored.file = Some(file);
            stored.is_unread = is_unread;
        }
    }

    /// Takes in what there is to see of a picture.
    pub fn see(&mut self, id: ImageId, fingerprint: Fingerprint, thumbnail: Blob) {
        if let Some(stored) = self.stored.get_mut(&id) {
            stored.see(fingerprint, thumbnail);
        }
    }

    /// An object URL of what shows a picture.
    pub fn thumbnail_url(&self, path: &str) -> Option<String> {
        let (id, _) = self.collection.by_path(path)?;
        Some(self.stored.get(&id)?.url(path))
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.collection.clear();
        for (_, mut stored) in self.stored.drain() {
            stored.hide();
        }
    }
}
