//! The pictures of the collection and what hangs on each in the browser: file, features, thumbnail.
//!
//! Features stay in typed arrays outside this program's memory, which could never shrink again.

use std::collections::HashMap;
use std::rc::Rc;

use js_sys::Float32Array;
use web_sys::{Blob, File, Url};

use crate::archive::npz::Made;
use crate::library::{Collection, PictureId};
use crate::web::engine::embedding::{Embedded, Processor};

/// What hangs on a picture.
pub struct Holding {
    /// The original.
    pub file: File,
    /// Its features, as the network gave them.
    pub features: Float32Array,
    /// How they were made.
    pub made: Rc<Made>,
    /// What computed them.
    pub processor: Processor,
    /// The picture's difference hash.
    pub dhash: Option<u64>,
    /// How sharp the picture is.
    pub sharpness: Option<f32>,
    /// A small picture of it.
    pub thumbnail: Blob,
    thumbnail_url: String,
}

/// The collection with everything that hangs on it.
#[derive(Default)]
pub struct Store {
    /// The pictures.
    pub collection: Collection,
    holdings: HashMap<PictureId, Holding>,
}

impl Store {
    /// How many pictures there are.
    pub fn len(&self) -> usize {
        self.collection.len()
    }

    /// What hangs on a picture.
    pub fn holding(&self, id: PictureId) -> Option<&Holding> {
        self.holdings.get(&id)
    }

    /// A picture's original, where it is at hand.
    pub fn file_of(&self, id: PictureId) -> Option<File> {
        self.holdings.get(&id).map(|holding| holding.file.clone())
    }

    /// Keeps what hangs on a new picture, and gives its thumbnail's object URL.
    pub fn hold(&mut self, id: PictureId, file: File, embedded: Embedded, made: Rc<Made>) -> String {
        let Embedded { features, processor, fingerprint, thumbnail, .. } = embedded;
        let [high, low] = fingerprint.dhash.map(u64::from);
        let (dhash, sharpness) = (Some(high << 32 | low), Some(fingerprint.sharpness));
        // A URL cannot be refused to a blob at hand; without one the picture merely shows no thumbnail.
        let thumbnail_url = Url::create_object_url_with_blob(&thumbnail).unwrap_or_default();
        let url = thumbnail_url.clone();
        let holding = Holding { file, features, made, processor, dhash, sharpness, thumbnail, thumbnail_url };
        self.holdings.insert(id, holding);
        url
    }

    /// Gives a picture other features.
    pub fn update(&mut self, id: PictureId, features: Float32Array, processor: Processor, made: Rc<Made>) {
        if let Some(holding) = self.holdings.get_mut(&id) {
            holding.features = features;
            holding.processor = processor;
            holding.made = made;
        }
    }

    /// Gives a picture a fresh handle of the same bytes: the old one may have lost its file.
    pub fn renew_file(&mut self, id: PictureId, file: File) {
        if let Some(holding) = self.holdings.get_mut(&id) {
            holding.file = file;
        }
    }

    /// An object URL of a picture's thumbnail.
    pub fn thumbnail_url(&self, path: &str) -> Option<String> {
        let (id, _) = self.collection.by_path(path)?;
        Some(self.holdings.get(&id)?.thumbnail_url.clone())
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.collection.clear();
        for (_, holding) in self.holdings.drain() {
            // A URL made by this object is always one that can be revoked.
            let _ = Url::revoke_object_url(&holding.thumbnail_url);
        }
    }
}
