//! Finding duplicates: pairs of similar images, groups of them, turned copies, and the detail that decides which one to keep.

use js_sys::{Array, Float64Array, Uint32Array};
use serde::{Deserialize, Serialize};
use shoal::collection::DuplicateGroup;
use shoal::collection::duplicates::Turn;
use web_sys::{Blob, File};

use crate::{Decoding, MatrixId, requests};

requests! {
    PairDuplicates = "pairDuplicates" -> DuplicatePairs;
    GroupDuplicates = "groupDuplicates" -> Vec<DuplicateGroup>;
    MeasureDetail = "measureDetail" -> Decoding<Option<f32>>;
    HashThumbnails = "hashThumbnails" -> ThumbnailHashes;
    PairTurned = "pairTurned" -> TurnedPairs;
    CompareTurned = "compareTurned" -> bool;
}

/// Finds pairs of images that may be duplicates, by their nearest neighbours and their difference hashes.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PairDuplicates {
    /// The features, shape `[n, d]`.
    pub matrix: MatrixId,
    /// The nearest neighbours of every row, shape `[n, neighbours / n]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub neighbours: Uint32Array,
    /// The difference hashes, shape `[n, 2]`: the higher half first, both 0 if unknown.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub hashes: Uint32Array,
    /// The traits, shape `[n, TRAIT_COLUMNS]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub traits: Float64Array,
    /// The least cosine of a pair.
    pub cosine: f32,
}

/// Pairs of images that may be duplicates.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DuplicatePairs {
    /// The pairs, shape `[m, 2]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub pairs: Uint32Array,
    /// The rows whose detail decides which image is kept.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub to_measure: Uint32Array,
}

/// Forms groups of duplicates, in each of which every image is near the one to keep.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct GroupDuplicates {
    /// The features, shape `[n, d]`.
    pub matrix: MatrixId,
    /// The pairs that may be duplicates, shape `[m, 2]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub pairs: Uint32Array,
    /// The traits, shape `[n, TRAIT_COLUMNS]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub traits: Float64Array,
    /// The least cosine of an image with the one to keep.
    pub cosine: f32,
}

/// Measures the share of an image's pixels that would suffice for its detail; `None` if the browser cannot decode it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MeasureDetail {
    /// The file.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub file: File,
    /// How many bytes decoding may take.
    pub memory_bytes: u64,
}

/// Hashes thumbnails in all orientations.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HashThumbnails {
    /// The thumbnails, blobs of shape `[n]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub thumbnails: Array,
}

/// The hashes of thumbnails.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ThumbnailHashes {
    /// The hashes, shape `[n, 1 + turns, 2]`: as it is, then in the order of [`Turn::SEARCHED`]; the higher half first, all 0 for a
    /// thumbnail that cannot be decoded.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub hashes: Uint32Array,
}

/// Finds pairs of images of which one may be the other turned, by their hashes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PairTurned {
    /// The hashes, shape `[n, 2]`: the higher half first.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub upright: Uint32Array,
    /// The hashes of the same images once they are turned, shape `[n, 2]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub turned: Uint32Array,
}

/// Pairs of images of which the first may be the second turned.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TurnedPairs {
    /// The pairs, shape `[m, 2]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub pairs: Uint32Array,
}

/// Compares two aligned thumbnails: is the second the first turned?
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CompareTurned {
    /// The thumbnail of the image.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub image: Blob,
    /// The thumbnail of what may be its copy.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub copy: Blob,
    /// How the copy would be turned.
    pub turn: Turn,
    /// The least similarity, from 0 to 1.
    pub similarity: f32,
}

/// Encodes hashes for a message: the higher half first, 0 for an unknown one, which is not compared either.
pub fn hashes_to_wire(hashes: impl IntoIterator<Item = Option<u64>>) -> Vec<u32> {
    let halves = |hash: Option<u64>| hash.map_or([0, 0], |hash| [(hash >> 32) as u32, hash as u32]);
    hashes.into_iter().flat_map(halves).collect()
}

/// Decodes hashes from a message.
pub fn hashes_from_wire(halves: &[u32]) -> Vec<u64> {
    halves.as_chunks::<2>().0.iter().map(|&[high, low]| u64::from(high) << 32 | u64::from(low)).collect()
}
