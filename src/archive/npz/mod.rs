//! Features files: `.npz` files that `numpy.load` can open, written and read.
//!
//! | member | dtype, shape | contents |
//! | --- | --- | --- |
//! | `features.npy` | `<f4`, `[n, d]` | the features as the network computed them, not normalised |
//! | `names.npy` | `<U`, `[n]` | the images' paths |
//! | `labels.npy` | `<i4`, `[n]` | the cluster ids, or -1 |
//! | `byte_sizes.npy` | `<i8`, `[n]` | the files' sizes in bytes |
//! | `content_hashes.npy` | `<U64`, `[n]` | SHA-256 of the files, in hexadecimal |
//! | `shoal.json` | [`FeatureSpec`] | how the features were computed |
//!
//! A file from another program only needs a matrix of features and the names, which may also be called `paths` or `filenames`.
//!
//! [`Columns`] writes everything but the features, in chunks; [`NpzReader`] reads untrusted files.

mod body;
mod columns;
mod directory;
mod error;
mod npy;
mod read;
mod write;

use serde::{Deserialize, Serialize};

use crate::options::FeatureKind;

pub use error::FeaturesError;
pub use read::{Head, NpzReader};
pub use write::{Column, Columns, Row, feature_spec_json, features_header};

/// The format name in `shoal.json`.
pub const FEATURES_FORMAT: &str = "shoal-features";
/// The format version that is written, and the newest that can be read.
pub const FEATURES_VERSION: u32 = 1;
/// The member with the features.
pub const FEATURES_NPY: &str = "features.npy";
/// The member that says how the features were computed.
pub const SHOAL_JSON: &str = "shoal.json";

/// How features were computed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FeatureSpec {
    /// The network's name.
    pub model: String,
    /// SHA-256 of the weights file, in lowercase hexadecimal.
    pub weights_sha256: String,
    /// The side length that images were resized to, in pixels.
    pub size_px: u32,
    /// Which output of the network they are.
    pub features: FeatureKind,
    /// The version of what happens to images before the network,
    /// [`PREPROCESSING_VERSION`](crate::preprocess::PREPROCESSING_VERSION); 1 where a file does not say.
    #[serde(default = "first_version")]
    pub preprocessing: u32,
}

fn first_version() -> u32 {
    1
}

impl FeatureSpec {
    /// Whether features of both can be compared. The version of the preprocessing makes no difference to that: it changes the pixels
    /// of few images.
    pub fn is_comparable(&self, other: &Self) -> bool {
        Self { preprocessing: other.preprocessing, ..self.clone() } == *other
    }
}

/// The contents of `shoal.json`.
#[derive(Serialize, Deserialize)]
struct Document {
    format: String,
    version: u32,
    #[serde(flatten)]
    spec: FeatureSpec,
}
