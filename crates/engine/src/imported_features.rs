//! Features that a file told: rows stay known until their pictures are dropped, which then are not embedded again.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use js_sys::{Array, Float32Array};

use crate::Engine;
use crate::add::unexpected;
use crate::embedding::{Embedded, Processor};
use crate::pool::Pool;
use crate::sources::Found;
use shoal::archive::npz::FeatureSpec;
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::bulk_as;
use shoal_protocol::{FromWorker, ToWorker};

/// What a features file says of one picture.
pub struct FeatureRow {
    /// The picture's path.
    pub path: String,
    /// Number of bytes, where the file says it.
    pub byte_size: Option<u64>,
    /// SHA-256 of the bytes, where the file says it.
    pub sha256: Option<[u8; 32]>,
    /// Its features, as the network gave them.
    pub features: Float32Array,
}

impl FeatureRow {
    /// Whether it is about these bytes, as far as it says.
    pub fn fits(&self, byte_size: u64, sha256: &[u8; 32]) -> bool {
        match &self.sha256 {
            Some(known) => known == sha256,
            None => self.byte_size.is_none_or(|known| known == byte_size),
        }
    }
}

/// The rows that are known, all of them made alike.
#[derive(Default)]
pub struct ImportedFeatures {
    made: Option<Rc<FeatureSpec>>,
    by_path: HashMap<String, Rc<FeatureRow>>,
    by_sha256: HashMap<[u8; 32], Rc<FeatureRow>>,
    /// Numbers of bytes of the rows in `by_sha256`.
    byte_sizes: HashSet<u64>,
}

impl ImportedFeatures {
    /// Adds rows, in place of older ones of the same paths. Rows that were made otherwise are forgotten.
    pub fn learn(&mut self, made: Rc<FeatureSpec>, rows: Vec<Rc<FeatureRow>>) {
        if self.made.as_ref() != Some(&made) {
            *self = Self { made: Some(made), ..Self::default() };
        }
        for row in rows {
            if let Some(sha256) = row.sha256 {
                self.by_sha256.insert(sha256, row.clone());
                self.byte_sizes.extend(row.byte_size);
            }
            self.by_path.insert(row.path.clone(), row);
        }
    }

    /// Whether a file of this path and size is worth hashing before it is embedded.
    fn may_know(&self, made: &FeatureSpec, path: &str, byte_size: u64) -> bool {
        let has_size = |row: &Rc<FeatureRow>| row.byte_size.is_none_or(|known| known == byte_size);
        self.made.as_deref() == Some(made)
            && (self.by_path.get(path).is_some_and(has_size) || self.byte_sizes.contains(&byte_size))
    }

    /// The features of a file of this path with these bytes.
    fn features_of(&self, made: &FeatureSpec, path: &str, byte_size: u64, sha256: &[u8; 32]) -> Option<Float32Array> {
        if self.made.as_deref() != Some(made) {
            return None;
        }
        let by_path = self.by_path.get(path).filter(|row| row.fits(byte_size, sha256));
        by_path.or_else(|| self.by_sha256.get(sha256)).map(|row| row.features.clone())
    }
}

impl Engine {
    /// What a file would be embedded to, if its features are known: it is read and decoded, but not embedded.
    pub(super) async fn match_imported(
        &self,
        pool: &Pool,
        found: &Found,
        made: &FeatureSpec,
    ) -> Result<Option<Embedded>, ApiError> {
        if !self.0.known.borrow().may_know(made, &found.path, found.file.size() as u64) {
            return Ok(None);
        }
        let message = ToWorker::Preview { size_px: made.size_px, features: made.features };
        let reply = pool.run(message, Some(found.file.clone()), Array::new()).await?;
        let (FromWorker::Previewed { identity, width_px, height_px, fingerprint, times }, bulk) = reply else {
            return Err(unexpected());
        };
        let features = self.0.known.borrow().features_of(made, &found.path, identity.byte_size, &identity.sha256);
        let Some(features) = features else { return Ok(None) };
        let thumbnail = bulk_as(&bulk, 0)?;
        // The file does not say what computed them: the workers are what every browser has.
        let processor = Processor::Cpu;
        Ok(Some(Embedded { identity, width_px, height_px, features, processor, fingerprint, thumbnail, times }))
    }
}
