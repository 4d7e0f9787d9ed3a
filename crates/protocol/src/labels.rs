//! Suggested names of clusters.

use js_sys::{Float32Array, Uint8Array};
use serde::{Deserialize, Serialize};

use crate::requests;

requests! {
    LoadClassifier = "loadClassifier" -> (), Begins Classifier;
    SuggestLabels = "suggestLabels" -> SuggestedLabels;
}

/// Loads the classifier, unless the worker has the same one already.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LoadClassifier {
    /// Its file.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub bytes: Uint8Array,
    /// The SHA-256 that the file must have, in hexadecimal.
    pub expected_sha256: String,
}

/// Suggests a name for each cluster.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SuggestLabels {
    /// Pooled features, cluster after cluster, shape `[sum of rows, columns]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub features: Float32Array,
    /// How many rows of features each cluster has.
    pub rows: Vec<usize>,
}

/// Suggested names.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SuggestedLabels {
    /// A name for each cluster; `None` if the classifier is unsure.
    pub names: Vec<Option<String>>,
}
