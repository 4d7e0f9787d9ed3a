//! Reading a features file a few rows at a time.

use js_sys::{Float32Array, Float64Array, Uint8Array};
use serde::{Deserialize, Serialize};
use shoal::archive::npz::FeatureSpec;
use web_sys::File;

use crate::requests;

requests! {
    OpenFeatures = "openFeatures" -> FeaturesHead, Begins FeaturesFile;
    ReadFeatures = "readFeatures" -> FeatureRows, Advances FeaturesFile;
    CloseFeatures = "closeFeatures" -> (), Ends FeaturesFile;
}

/// Opens a features file, replacing an open one, and reads everything but the features.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OpenFeatures {
    /// The file.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub file: File,
}

/// The contents of a features file, apart from the features.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FeaturesHead {
    /// How many features an image has.
    pub columns: usize,
    /// The paths of the images, one per row.
    pub names: Vec<String>,
    /// How the features were computed, if the file says so.
    pub spec: Option<FeatureSpec>,
    /// The number of bytes of each image file, shape `[n]`; empty if the file does not say.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub byte_sizes: Float64Array,
    /// SHA-256 of each image file, shape `[n, 32]`; empty if the file does not say.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub content_hashes: Uint8Array,
}

/// Reads the next features of the open file.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct ReadFeatures {}

/// The next features of the open file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FeatureRows {
    /// The features, shape `[rows, columns]`; empty after the last row. Only then is the file known to be complete.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub values: Float32Array,
}

/// Closes the features file, if one is open.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct CloseFeatures {}
