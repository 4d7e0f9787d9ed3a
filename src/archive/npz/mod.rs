//! Features as a `.npz` that `numpy.load` opens, out and back.
//!
//! | member | dtype, shape | what |
//! | --- | --- | --- |
//! | `features.npy` | `<f4`, `[n, d]` | as the network gave them, not normalised |
//! | `names.npy` | `<U`, `[n]` | the pictures' paths |
//! | `labels.npy` | `<i4`, `[n]` | the cluster's id, or -1 |
//! | `byte_sizes.npy` | `<i8`, `[n]` | number of bytes of the file |
//! | `content_hashes.npy` | `<U64`, `[n]` | SHA-256 of the file, in hexadecimal |
//! | `shoal.json` | [`FeatureSpec`] | how the features were made |
//!
//! A file of another program needs no more than its table of features and the names, which may be called `paths` or
//! `filenames` too.
//!
//! [`Columns`] writes all but the features, piece by piece; `NpzReader` reads what anyone may have written, and trusts
//! none of it.

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
pub use write::{Column, Columns, Row, features_header, made_json};

/// What tells a features file of this program from others.
pub const FEATURES_FORMAT: &str = "shoal-features";
/// The version that is written, and the newest that is read.
pub const FEATURES_VERSION: u32 = 1;
/// The member that holds the features.
pub const FEATURES_NPY: &str = "features.npy";
/// The member that says how they were made.
pub const SHOAL_JSON: &str = "shoal.json";

/// How features were made: those of equal origin can be compared with each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FeatureSpec {
    /// The network's name.
    pub model: String,
    /// SHA-256 of the weights file, in hexadecimal.
    pub weights_sha256: String,
    /// The side that pictures were resized to, in pixels.
    pub size_px: u32,
    /// What of the network's output they are.
    pub features: FeatureKind,
}

/// `shoal.json` as it stands in the file.
#[derive(Serialize, Deserialize)]
struct Document {
    format: String,
    version: u32,
    #[serde(flatten)]
    made: FeatureSpec,
}
