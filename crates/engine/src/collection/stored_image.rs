//! The data of an image: source file, features, thumbnail.

use std::cell::OnceCell;
use std::rc::Rc;

use js_sys::{Array, Float32Array};
use shoal::preprocess::Fingerprint;
use shoal_browser::blob::blob_of;
use shoal_protocol::{FileDigest, ImageFacts};
use web_sys::{Blob, File, Url};

use super::feature_origin::FeatureOrigin;
use super::placeholder::placeholder_svg;

/// What computed the features.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Processor {
    /// The workers.
    Cpu,
    /// The GPU.
    WebGpu,
}

impl Processor {
    /// The name in results: `cpu` or `webgpu`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::WebGpu => "webgpu",
        }
    }
}

/// A file and its path: `trip/day1/a.jpg`, or a lone file's name.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path.
    pub path: String,
    /// The file.
    pub file: File,
    /// Whether path, size and modification time stand for the bytes: the file lies in a folder, and no other file of its call has
    /// its path. Lone files often share a name, and their time may be that of the choice.
    pub is_identified: bool,
}

impl SourceFile {
    /// Number of bytes.
    pub fn byte_size(&self) -> u64 {
        self.file.size() as u64
    }
}

/// An image with its features.
#[derive(Clone, Debug)]
pub struct EmbeddedImage {
    /// The image itself.
    pub facts: ImageFacts,
    /// Its features, as the network computed them.
    pub features: Float32Array,
    /// What computed them.
    pub processor: Processor,
}

impl EmbeddedImage {
    /// Size and checksums of its file.
    pub fn digest(&self) -> &FileDigest {
        &self.facts.digest
    }
}

/// The data of an image. Features are typed arrays outside this program's memory, because that never shrinks.
pub struct StoredImage {
    /// The source file, unless it is missing.
    pub file: Option<File>,
    /// Whether the file was identified by path, size and time alone, so that its checksum is not certain.
    pub is_unread: bool,
    /// The features, as the network computed them.
    pub features: Float32Array,
    /// How they were computed.
    pub origin: Rc<FeatureOrigin>,
    /// What computed them.
    pub processor: Processor,
    /// The fingerprint, which identifies copies; `None` for an image that was never decoded.
    pub fingerprint: Option<Fingerprint>,
    /// The thumbnail; `None` for an image that was never decoded.
    pub thumbnail: Option<Blob>,
    shown_url: OnceCell<String>,
}

impl StoredImage {
    /// The data of an image that was never decoded.
    pub fn new(features: Float32Array, origin: Rc<FeatureOrigin>, processor: Processor) -> Self {
        Self {
            file: None,
            is_unread: false,
            features,
            origin,
            processor,
            fingerprint: None,
            thumbnail: None,
            shown_url: OnceCell::new(),
        }
    }

    /// The data of an image that was embedded. `is_unread` as in the field.
    pub fn embedded(file: File, is_unread: bool, image: EmbeddedImage, origin: Rc<FeatureOrigin>) -> Self {
        let EmbeddedImage { facts, features, processor } = image;
        let mut stored = Self { file: Some(file), is_unread, ..Self::new(features, origin, processor) };
        stored.set_appearance(facts.fingerprint, facts.thumbnail);
        stored
    }

    /// Stores what the image looks like.
    pub fn set_appearance(&mut self, fingerprint: Fingerprint, thumbnail: Blob) {
        self.fingerprint = Some(fingerprint);
        self.thumbnail = Some(thumbnail);
        self.revoke_url();
    }

    /// An object URL of the thumbnail or, without one, of a drawing with the image's name; empty if the browser
    /// refuses a URL.
    pub fn url(&self, path: &str) -> String {
        let create = || {
            let shown = match &self.thumbnail {
                Some(thumbnail) => Some(thumbnail.clone()),
                None => blob_of(&Array::of1(&placeholder_svg(path).into()), "image/svg+xml").ok(),
            };
            shown.and_then(|blob| Url::create_object_url_with_blob(&blob).ok()).unwrap_or_default()
        };
        self.shown_url.get_or_init(create).clone()
    }

    /// Frees the object URL.
    pub fn revoke_url(&mut self) {
        if let Some(url) = self.shown_url.take() {
            // A URL created by this object can always be revoked.
            let _ = Url::revoke_object_url(&url);
        }
    }
}
