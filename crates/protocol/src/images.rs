//! Reading, decoding and embedding files.

use js_sys::{Float32Array, Uint8Array};
use serde::{Deserialize, Serialize};
use shoal::capture::Capture;
use shoal::error::Coded;
use shoal::options::FeatureKind;
use shoal::preprocess::Fingerprint;
use shoal::step_times::StepTimes;
use thiserror::Error;
use web_sys::{Blob, File};

use crate::requests;

requests! {
    DigestFile = "digestFile" -> FileDigest;
    ChecksumPart = "checksumPart" -> u32;
    EmbedFile = "embedFile" -> Decoding<EmbeddedFile>;
    InspectFile = "inspectFile" -> Decoding<ImageFacts>;
    ReadPixels = "readPixels" -> Decoding<ImagePixels>;
    EmbedPixels = "embedPixels" -> EmbeddedPixels;
    DrawSample = "drawSample" -> DrawnSample;
}

/// The reply to a request that decodes an image.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Decoding<T> {
    /// What was asked for.
    Done(T),
    /// Nothing was decoded, because that takes more memory than the request allows.
    NeedsMemory {
        /// About how many bytes it takes.
        bytes: u64,
    },
}

impl<T> Decoding<T> {
    /// The same with `change` applied to what was asked for.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Decoding<U> {
        match self {
            Self::Done(reply) => Decoding::Done(change(reply)),
            Self::NeedsMemory { bytes } => Decoding::NeedsMemory { bytes },
        }
    }
}

/// Reads a file and hashes it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DigestFile {
    /// The file.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub file: File,
}

/// The browser cannot read a file, for example because it was deleted or changed on disk.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the file could not be read: {0}")]
pub struct FileUnreadable(pub String);

impl FileUnreadable {
    /// The error's code.
    pub const CODE: &'static str = "file-unreadable";
}

impl Coded for FileUnreadable {
    fn code(&self) -> &'static str {
        Self::CODE
    }
}

/// Size and checksums of a file's bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FileDigest {
    /// Number of bytes.
    pub byte_size: u64,
    /// SHA-256 of the bytes.
    pub sha256: [u8; 32],
    /// CRC-32 of the bytes, as zip files use it.
    pub crc32: u32,
}

/// Computes the CRC-32 of a part of a file, with a few megabytes in memory at a time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ChecksumPart {
    /// The file.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub file: File,
    /// The part's first byte.
    pub start: u64,
    /// One past its last byte.
    pub end: u64,
}

/// Reads, hashes, decodes and embeds a file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EmbedFile {
    /// The file.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub file: File,
    /// The side that the image is resized to, in pixels.
    pub size_px: u32,
    /// The kind of features.
    pub features: FeatureKind,
    /// How many bytes decoding may take.
    pub memory_bytes: u64,
}

/// An embedded file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EmbeddedFile {
    /// The image itself.
    pub facts: ImageFacts,
    /// Its features, as the network computed them.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub features: Float32Array,
}

/// Reads, hashes and decodes a file without embedding it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InspectFile {
    /// The file.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub file: File,
    /// The side that the image is resized to, in pixels.
    pub size_px: u32,
    /// The kind of features, which decides how the image is framed.
    pub features: FeatureKind,
    /// How many bytes decoding may take.
    pub memory_bytes: u64,
}

/// What is known about an image once it has been decoded.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImageFacts {
    /// Size and checksums of the file.
    pub digest: FileDigest,
    /// Width as displayed, in pixels.
    pub width_px: u32,
    /// Height as displayed, in pixels.
    pub height_px: u32,
    /// The number of pages of the file, of which the image is the first.
    pub pages: u32,
    /// How the image was taken, if the file says so.
    pub capture: Option<Capture>,
    /// The fingerprint, which identifies copies of the image.
    pub fingerprint: Fingerprint,
    /// How long each step took.
    pub times: StepTimes,
    /// The thumbnail.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub thumbnail: Blob,
}

/// Reads, hashes and decodes a file, for the GPU to embed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadPixels {
    /// The file.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub file: File,
    /// The side that the image is resized to, in pixels.
    pub size_px: u32,
    /// The kind of features, which decides how the image is framed.
    pub features: FeatureKind,
    /// How many bytes decoding may take.
    pub memory_bytes: u64,
}

/// A decoded file.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ImagePixels {
    /// The image itself.
    pub facts: ImageFacts,
    /// Its pixels, shape `[size_px, size_px, 3]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub rgb_hwc_u8: Uint8Array,
}

/// Embeds decoded images.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EmbedPixels {
    /// Their pixels, shape `[n, size_px, size_px, 3]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub rgb_nhwc_u8: Uint8Array,
    /// The side of the images, in pixels.
    pub size_px: u32,
    /// The kind of features.
    pub features: FeatureKind,
}

/// Features of decoded images.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct EmbeddedPixels {
    /// The features, shape `[n, columns]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub features: Float32Array,
}

/// Draws one of the built-in sample images.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct DrawSample {
    /// Which one, below `shoal_samples::COUNT`.
    pub index: usize,
}

/// A sample image.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DrawnSample {
    /// The image's path.
    pub path: String,
    /// The file's bytes.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub bytes: Uint8Array,
}
