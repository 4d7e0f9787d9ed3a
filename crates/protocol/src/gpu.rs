//! Embedding on the GPU.

use js_sys::{Float32Array, Uint8Array};
use serde::{Deserialize, Serialize};
use shoal::error::Coded;
use shoal::options::FeatureKind;
use thiserror::Error;

use crate::requests;

requests! {
    OpenGpu = "openGpu" -> ();
    EmbedBatch = "embedBatch" -> EmbeddedBatch;
}

/// The most images in a message to the GPU's worker, which embeds them at once. At 224 px a layer of 16 images takes 77 MB, and
/// every adapter allows buffers of 128 MiB.
pub const GPU_BATCH_IMAGES: usize = 16;

/// Opens the device and loads the network onto it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenGpu {
    /// The weights file.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub weights: Uint8Array,
    /// The SHA-256 that the file must have, in hexadecimal; `None` accepts any.
    pub expected_sha256: Option<String>,
}

/// Embeds up to [`GPU_BATCH_IMAGES`] images. After a failure the device is unusable.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EmbedBatch {
    /// Their pixels, shape `[n, size_px, size_px, 3]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub rgb_nhwc_u8: Uint8Array,
    /// The side of the images, in pixels.
    pub size_px: u32,
    /// The kind of features.
    pub features: FeatureKind,
}

/// The features of a batch.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EmbeddedBatch {
    /// The features, all of them finite, shape `[n, columns]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub features: Float32Array,
}

/// Errors of the GPU.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum GpuError {
    /// There is no adapter, or its device cannot be opened.
    #[error("the GPU cannot be used here: {0}")]
    Unavailable(String),
    /// The device failed after it had been opened.
    #[error("the GPU failed: {0}")]
    Lost(String),
}

impl Coded for GpuError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unavailable(_) => "webgpu-unavailable",
            Self::Lost(_) => "webgpu-lost",
        }
    }
}
