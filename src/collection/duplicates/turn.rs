//! Copies that are turned by quarters or mirrored. The network's features and the difference hash differ between them, so that
//! they are found by the hashes of all orientations and verified on aligned pixels.

use serde::{Deserialize, Serialize};

use super::difference_hash::{HASH_HEIGHT, HASH_WIDTH, dhash, similar_hashes};

/// The side, in pixels, of the grey squares to which images are stretched to be compared: a multiple of both sides of the hash.
pub const GRID_PX: usize = HASH_WIDTH * HASH_HEIGHT;

/// The least correlation of the differences between neighbouring pixels of turned copies. Unlike the pixels themselves, these are
/// unlike in different landscapes, all of which have a bright upper half.
const GRADIENT_FLOOR: f64 = 0.8;
/// The difference, in grey levels, that counts half as much as the strongest one.
const FAINT: f64 = 8.0;
/// By how much the compression of thumbnails lowers the correlation of equal images.
const COMPRESSION: f64 = 0.005;

/// How a copy differs from an image in orientation. A mirrored and turned copy is mirrored from left to right, then turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Turn {
    /// Turned by 90 degrees clockwise.
    #[serde(rename = "rotated-90")]
    Rotated90,
    /// Turned by 180 degrees.
    #[serde(rename = "rotated-180")]
    Rotated180,
    /// Turned by 270 degrees clockwise.
    #[serde(rename = "rotated-270")]
    Rotated270,
    /// Mirrored from left to right.
    Mirrored,
    /// Mirrored, then turned by 90 degrees clockwise.
    #[serde(rename = "mirrored-rotated-90")]
    MirroredRotated90,
    /// Mirrored, then turned by 180 degrees: mirrored from top to bottom.
    #[serde(rename = "mirrored-rotated-180")]
    MirroredRotated180,
    /// Mirrored, then turned by 270 degrees clockwise.
    #[serde(rename = "mirrored-rotated-270")]
    MirroredRotated270,
}

impl Turn {
    /// The turns to search for. A copy turned by 270 degrees is found as the image of which the other is turned by 90 degrees.
    pub const SEARCHED: [Self; 6] = [
        Self::Rotated90,
        Self::Rotated180,
        Self::Mirrored,
        Self::MirroredRotated90,
        Self::MirroredRotated180,
        Self::MirroredRotated270,
    ];

    /// The turn that undoes this one.
    pub fn inverse(self) -> Self {
        match self {
            Self::Rotated90 => Self::Rotated270,
            Self::Rotated270 => Self::Rotated90,
            other => other,
        }
    }

    /// Whether it is mirrored before it is turned, and by how many quarters it is turned clockwise.
    fn parts(self) -> (bool, usize) {
        match self {
            Self::Rotated90 => (false, 1),
            Self::Rotated180 => (false, 2),
            Self::Rotated270 => (false, 3),
            Self::Mirrored => (true, 0),
            Self::MirroredRotated90 => (true, 1),
            Self::MirroredRotated180 => (true, 2),
            Self::MirroredRotated270 => (true, 3),
        }
    }

    /// The index, in a square image, of the pixel that this turn brings to column `x` of row `y`.
    fn source(self, mut x: usize, mut y: usize) -> usize {
        let (is_mirrored, quarters) = self.parts();
        for _ in 0..quarters {
            (x, y) = (y, GRID_PX - 1 - x);
        }
        if is_mirrored {
            x = GRID_PX - 1 - x;
        }
        y * GRID_PX + x
    }
}

/// The difference hash of an image once it is turned, or as it is for `None`. `grey` is the image stretched to a square with the
/// side [`GRID_PX`]; missing pixels count as black.
pub fn turned_hash(grey: &[u8], turn: Option<Turn>) -> u64 {
    let at = |x: usize, y: usize| turn.map_or(y * GRID_PX + x, |turn| turn.source(x, y));
    let mut luma = [0; HASH_WIDTH * HASH_HEIGHT];
    for (cell, mean) in luma.iter_mut().enumerate() {
        let (left, top) = (cell % HASH_WIDTH * HASH_HEIGHT, cell / HASH_WIDTH * HASH_WIDTH);
        let pixels = (top..top + HASH_WIDTH).flat_map(|y| (left..left + HASH_HEIGHT).map(move |x| (x, y)));
        let sum: u32 = pixels.map(|(x, y)| u32::from(grey.get(at(x, y)).copied().unwrap_or(0))).sum();
        *mean = (sum / (HASH_WIDTH * HASH_HEIGHT) as u32) as u8;
    }
    dhash(&luma)
}

/// Pairs of images (one, other) of which one may be the other turned: their hashes are near. `upright` and `turned` are the
/// hashes of the same images as they are and once they are turned, shape `[n]` each.
pub fn turned_candidates(upright: &[u64], turned: &[u64]) -> Vec<[u32; 2]> {
    let count = upright.len() as u32;
    let hashes: Vec<Option<u64>> = upright.iter().chain(turned).copied().map(Some).collect();
    let pairs = similar_hashes(&hashes).into_iter();
    pairs
        .filter(|&(one, other)| one < count && other >= count)
        .map(|(one, other)| [one, other - count])
        .filter(|[one, other]| one != other)
        .collect()
}

/// Whether `copy` is `image` turned, both grey squares with the side [`GRID_PX`]: the correlation of their aligned pixels is at
/// least `similarity`, from 0 to 1, within the accuracy of thumbnails, and their contours agree.
pub fn are_turned_copies(image: &[u8], copy: &[u8], turn: Turn, similarity: f32) -> bool {
    let pixels = GRID_PX * GRID_PX;
    if image.len() != pixels || copy.len() != pixels {
        return false;
    }
    let places = || (0..GRID_PX).flat_map(|y| (0..GRID_PX).map(move |x| (x, y)));
    let aligned: Vec<f64> = places().map(|(x, y)| f64::from(image[turn.source(x, y)])).collect();
    let copy: Vec<f64> = copy.iter().map(|&grey| f64::from(grey)).collect();
    let differences = |grey: &[f64]| -> Vec<f64> {
        let inner = places().filter(|(x, y)| x + 1 < GRID_PX && y + 1 < GRID_PX).map(|(x, y)| y * GRID_PX + x);
        // Bounded, so that a horizon does not outweigh everything else.
        let bounded = |difference: f64| difference / (difference.abs() + FAINT);
        inner.flat_map(|at| [grey[at + 1] - grey[at], grey[at + GRID_PX] - grey[at]].map(bounded)).collect()
    };
    correlation(&aligned, &copy) >= f64::from(similarity) - COMPRESSION
        && correlation(&differences(&aligned), &differences(&copy)) >= GRADIENT_FLOOR
}

/// Pearson's correlation; 0 if one of them is constant.
fn correlation(one: &[f64], other: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len().max(1) as f64;
    let (one_mean, other_mean) = (mean(one), mean(other));
    let (mut product, mut one_squares, mut other_squares) = (0.0, 0.0, 0.0);
    for (&a, &b) in one.iter().zip(other) {
        product += (a - one_mean) * (b - other_mean);
        one_squares += (a - one_mean).powi(2);
        other_squares += (b - other_mean).powi(2);
    }
    if one_squares > 0.0 && other_squares > 0.0 { product / (one_squares * other_squares).sqrt() } else { 0.0 }
}
