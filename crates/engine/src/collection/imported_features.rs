//! Imported features. They are kept for images added later, which are then not embedded.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use js_sys::Float32Array;
use shoal::archive::npz::FeatureSpec;
use shoal_protocol::FileDigest;

use super::stored_image::SourceFile;

/// A row of a features file.
pub struct FeatureRow {
    /// The image's path.
    pub path: String,
    /// Number of bytes of the image file, if the features file says so.
    pub byte_size: Option<u64>,
    /// SHA-256 of the image file, if the features file says so.
    pub sha256: Option<[u8; 32]>,
    /// The features, as the network computed them.
    pub features: Float32Array,
}

impl FeatureRow {
    /// Whether the row may belong to a file of this size and content, as far as the row says.
    pub fn fits(&self, byte_size: u64, sha256: &[u8; 32]) -> bool {
        match &self.sha256 {
            Some(known) => known == sha256,
            None => self.byte_size.is_none_or(|known| known == byte_size),
        }
    }
}

/// The rows of features files, all of the same spec.
#[derive(Default)]
pub struct ImportedFeatures {
    spec: Option<Rc<FeatureSpec>>,
    by_path: HashMap<String, Rc<FeatureRow>>,
    by_sha256: HashMap<[u8; 32], Rc<FeatureRow>>,
    /// The file sizes of the rows in `by_sha256`.
    byte_sizes: HashSet<u64>,
}

impl ImportedFeatures {
    /// Adds rows, replacing older ones of the same paths. Rows of another spec are dropped.
    pub fn extend(&mut self, spec: Rc<FeatureSpec>, rows: Vec<Rc<FeatureRow>>) {
        if self.spec.as_ref() != Some(&spec) {
            *self = Self { spec: Some(spec), ..Self::default() };
        }
        for row in rows {
            if let Some(sha256) = row.sha256 {
                self.by_sha256.insert(sha256, row.clone());
                self.byte_sizes.extend(row.byte_size);
            }
            self.by_path.insert(row.path.clone(), row);
        }
    }

    /// Whether there may be features of a file with this path and size.
    pub fn may_have(&self, spec: &FeatureSpec, source: &SourceFile) -> bool {
        let has_size = |row: &Rc<FeatureRow>| row.byte_size.is_none_or(|known| known == source.byte_size());
        self.spec.as_deref() == Some(spec)
            && (self.by_path.get(&source.path).is_some_and(has_size) || self.byte_sizes.contains(&source.byte_size()))
    }

    /// The features of a file of this path and content.
    pub fn features_of(&self, spec: &FeatureSpec, path: &str, digest: &FileDigest) -> Option<Float32Array> {
        if self.spec.as_deref() != Some(spec) {
            return None;
        }
        let by_path = self.by_path.get(path).filter(|row| row.fits(digest.byte_size, &digest.sha256));
        by_path.or_else(|| self.by_sha256.get(&digest.sha256)).map(|row| row.features.clone())
    }
}
