//! Duplicate detection: identical files, and files that show nearly the same image.
//!
//! | file | contents |
//! | --- | --- |
//! | `difference_hash` | perceptual hashes, and pairs of images with near hashes |
//! | `sets` | merging pairs into groups |

mod difference_hash;
mod sets;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use difference_hash::{HAMMING_LIMIT, HASH_HEIGHT, HASH_WIDTH, LEAST_BITS, dhash};
use sets::Sets;

/// The properties of an image that are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Traits<'a> {
    /// SHA-256 of the file's bytes; `None` if unknown.
    pub sha256: Option<&'a [u8; 32]>,
    /// The [difference hash](dhash()); `None` if unknown.
    pub dhash: Option<u64>,
    /// The number of pixels: width times height.
    pub pixels: u64,
    /// The number of bytes.
    pub byte_size: u64,
    /// The sharpness, from 0; `None` if unknown.
    pub sharpness: Option<f32>,
}

/// Images with near hashes are no duplicates if the cosine of their features is lower than this. Different products
/// photographed in front of the same wall, for instance, have near hashes.
pub const COSINE_FLOOR: f32 = 0.9;

/// A copy with at least this share of the sharpest copy's sharpness counts as equally sharp.
pub const SHARP_SHARE: f32 = 0.8;

/// How similar the images of a group are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum DuplicateKind {
    /// All files have the same bytes.
    Exact,
    /// The images look the same, or nearly so.
    Near,
}

/// Images that are duplicates of each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DuplicateGroup {
    /// How similar they are.
    pub kind: DuplicateKind,
    /// The rows of at least two images, ascending.
    pub rows: Vec<u32>,
}

/// Pairs of rows, the lower first, whose hashes differ in at most [`HAMMING_LIMIT`] bits and are informative
/// ([`LEAST_BITS`]). [`group`] takes them for duplicates unless the features say otherwise. Rows with equal hashes are paired
/// with the first of them only.
pub fn candidates(traits: &[Traits<'_>]) -> Vec<(u32, u32)> {
    let hashes: Vec<Option<u64>> = traits.iter().map(|image| image.dhash).collect();
    similar_hashes(&hashes)
}

/// The [`candidates`] among images with these difference hashes, shape `[n]`; `None` where unknown.
pub fn similar_hashes(hashes: &[Option<u64>]) -> Vec<(u32, u32)> {
    difference_hash::near_pairs(hashes)
}

/// Groups the images of `traits`, shape `[n]`, that are duplicates, in the order of their first rows. Images without duplicates
/// are in no group.
///
/// Two images are duplicates if their bytes are equal, if `near_pairs` (row, row, cosine of their features) gives them a cosine
/// of at least `cosine_threshold`, or if they are [`candidates`] and `near_pairs` gives them no cosine below [`COSINE_FLOOR`].
/// The relation is transitive. Pairs with rows that do not exist are ignored.
pub fn group(traits: &[Traits<'_>], near_pairs: &[(u32, u32, f32)], cosine_threshold: f32) -> Vec<DuplicateGroup> {
    group_with(traits, near_pairs, &candidates(traits), cosine_threshold)
}

/// [`group`] with the [`candidates`] that were found before.
pub fn group_with(
    traits: &[Traits<'_>],
    near_pairs: &[(u32, u32, f32)],
    candidates: &[(u32, u32)],
    cosine_threshold: f32,
) -> Vec<DuplicateGroup> {
    let mut sets = Sets::new(traits.len());
    let mut first_with = BTreeMap::new();
    for (row, image) in traits.iter().enumerate() {
        if let Some(sha256) = image.sha256 {
            sets.join(*first_with.entry(sha256).or_insert(row), row);
        }
    }
    let mut dissimilar = BTreeSet::new();
    for &(one, other, cosine) in near_pairs {
        if cosine >= cosine_threshold && (one.max(other) as usize) < traits.len() {
            sets.join(one as usize, other as usize);
        } else if cosine < COSINE_FLOOR {
            dissimilar.insert((one.min(other), one.max(other)));
        }
    }
    let candidates = candidates.iter().filter(|pair| (pair.0.max(pair.1) as usize) < traits.len());
    for pair in candidates.filter(|pair| !dissimilar.contains(pair)) {
        sets.join(pair.0 as usize, pair.1 as usize);
    }
    let groups = sets.into_groups().into_iter().filter(|rows| rows.len() > 1);
    groups
        .map(|rows| {
            let is_same = |pair: &[usize]| {
                let [one, other] = [pair[0], pair[1]].map(|row| traits[row].sha256);
                one.is_some() && one == other
            };
            let same = rows.windows(2).all(is_same);
            let kind = if same { DuplicateKind::Exact } else { DuplicateKind::Near };
            DuplicateGroup { kind, rows: rows.into_iter().map(|row| row as u32).collect() }
        })
        .collect()
}

/// The image to keep of `rows`, each a row of `traits`; `None` without rows.
///
/// Of the images with the most pixels, excluding blurred ones, it is the one with the most bytes, or the first of equal ones.
/// An image is blurred if its sharpness is below [`SHARP_SHARE`] of the sharpest. Finer differences are ignored, since
/// compression artefacts look sharp.
///
/// # Panics
/// Panics if a row is out of range.
pub fn best(traits: &[Traits<'_>], rows: &[u32]) -> Option<u32> {
    let one = |row: u32| &traits[row as usize];
    let most_pixels = rows.iter().map(|&row| one(row).pixels).max()?;
    let largest: Vec<u32> = rows.iter().copied().filter(|&row| one(row).pixels == most_pixels).collect();
    let sharpness = |row: u32| one(row).sharpness.filter(|sharpness| !sharpness.is_nan());
    let sharpest = largest.iter().filter_map(|&row| sharpness(row)).fold(0.0, f32::max);
    let sharp = largest.iter().copied().filter(|&row| sharpness(row).unwrap_or(0.0) >= SHARP_SHARE * sharpest);
    sharp.max_by_key(|&row| (one(row).byte_size, Reverse(row)))
}
