//! Pictures that are there more than once: the same file again, or the same picture in another file.
//!
//! | file | what |
//! | --- | --- |
//! | `dhash` | a picture's outline in 64 bits, and which pictures have nearly the same |
//! | `sets` | pairs into groups |

mod dhash;
mod sets;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use dhash::{HAMMING_LIMIT, HASH_HEIGHT, HASH_WIDTH, LEAST_BITS, dhash};
use sets::Sets;

/// What is compared of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Traits<'a> {
    /// SHA-256 of the file's bytes; `None` where nobody has seen them.
    pub sha256: Option<&'a [u8; 32]>,
    /// What [`dhash()`] gives; `None` where it is not known.
    pub dhash: Option<u64>,
    /// Width times height.
    pub pixels: u64,
    /// Number of bytes.
    pub byte_size: u64,
    /// How sharp the picture is, from 0; `None` where it is not known.
    pub sharpness: Option<f32>,
}

/// Pictures whose hashes are near but whose features have a lower cosine than this are no duplicates: goods photographed
/// one after the other in front of the same wall have the same outline.
pub const COSINE_FLOOR: f32 = 0.9;

/// What has at least this share of the sharpest copy's sharpness is as good as that.
pub const SHARP_SHARE: f32 = 0.8;

/// How alike the pictures of a group are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum DuplicateKind {
    /// All have the same bytes.
    Exact,
    /// They look the same, or nearly so.
    Near,
}

/// Pictures that are duplicates of each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DuplicateGroup {
    /// How alike they are.
    pub kind: DuplicateKind,
    /// Their rows, ascending, at least two.
    pub rows: Vec<u32>,
}

/// Pairs of rows, the lower first, whose hashes differ in at most [`HAMMING_LIMIT`] bits and say enough ([`LEAST_BITS`]):
/// those that [`group`] takes for duplicates unless it is told better. Of rows with the very same hash, each is paired with
/// the first alone. As many as there are pairs alike.
pub fn candidates(traits: &[Traits<'_>]) -> Vec<(u32, u32)> {
    let hashes: Vec<Option<u64>> = traits.iter().map(|one| one.dhash).collect();
    dhash::near_pairs(&hashes)
}

/// Groups the pictures of `traits`, shape `[n]`, that are duplicates, in the order of their first rows. Pictures without a
/// duplicate are in no group.
///
/// Two pictures are duplicates when their bytes are the same, when `near_pairs` (row, row, cosine of their features) gives
/// them a cosine of at least `cosine_threshold`, or when they are [`candidates`], unless `near_pairs` gives them a cosine
/// below [`COSINE_FLOOR`]. Duplicates of duplicates are in one group. Pairs of rows that are not there are passed over.
pub fn group(traits: &[Traits<'_>], near_pairs: &[(u32, u32, f32)], cosine_threshold: f32) -> Vec<DuplicateGroup> {
    let mut sets = Sets::new(traits.len());
    let mut first_with = BTreeMap::new();
    for (row, one) in traits.iter().enumerate() {
        if let Some(sha256) = one.sha256 {
            sets.join(*first_with.entry(sha256).or_insert(row), row);
        }
    }
    let mut apart = BTreeSet::new();
    for &(one, other, cosine) in near_pairs {
        if cosine >= cosine_threshold && (one.max(other) as usize) < traits.len() {
            sets.join(one as usize, other as usize);
        } else if cosine < COSINE_FLOOR {
            apart.insert((one.min(other), one.max(other)));
        }
    }
    for pair in candidates(traits).into_iter().filter(|pair| !apart.contains(pair)) {
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

/// Which of `rows`, each a row of `traits`, to keep: of those with most pixels, without the blurred ones, the one of most
/// bytes, of those the first row. Blurred is what is less than [`SHARP_SHARE`] as sharp as the sharpest; the rest tells
/// nothing, since what a file lost in compression looks sharp. `None` without rows.
///
/// # Panics
/// When a row is not there, as a slice does.
pub fn best(traits: &[Traits<'_>], rows: &[u32]) -> Option<u32> {
    let one = |row: u32| &traits[row as usize];
    let most_pixels = rows.iter().map(|&row| one(row).pixels).max()?;
    let largest: Vec<u32> = rows.iter().copied().filter(|&row| one(row).pixels == most_pixels).collect();
    let sharpness = |row: u32| one(row).sharpness.filter(|sharpness| !sharpness.is_nan());
    let sharpest = largest.iter().filter_map(|&row| sharpness(row)).fold(0.0, f32::max);
    let sharp = largest.iter().copied().filter(|&row| sharpness(row).unwrap_or(0.0) >= SHARP_SHARE * sharpest);
    sharp.max_by_key(|&row| (one(row).byte_size, Reverse(row)))
}
