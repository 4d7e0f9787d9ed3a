//! Loading the network into a worker.

use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use shoal::backbones::Backbone;

use crate::requests;

requests! {
    LoadNetwork = "loadNetwork" -> LoadedNetwork;
}

/// Loads the network and embeds one image, so that warming up does not slow down the first real one.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadNetwork {
    /// The weights file.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub weights: Uint8Array,
    /// The SHA-256 that the file must have, in hexadecimal; `None` accepts any.
    pub expected_sha256: Option<String>,
}

/// The network that was loaded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadedNetwork {
    /// The network.
    pub model: ModelSummary,
    /// Time to embed one image of the default size in this worker, in milliseconds.
    pub cpu_ms: f64,
}

/// Facts about a network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ModelSummary {
    /// Which network it is.
    pub backbone: Backbone,
    /// Its architecture, as weights files name it.
    pub name: String,
    /// Its width multiplier.
    pub width: f32,
    /// SHA-256 of the weights file, in hexadecimal.
    pub sha256: String,
    /// Number of pooled features.
    pub feature_columns: usize,
}
