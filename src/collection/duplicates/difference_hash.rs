//! The difference hash (dHash): 64 bits that say where an image gets brighter from left to right.
//!
//! Source: Krawetz, "Kind of Like That", 2013, with the bit order of Python's `imagehash`. Hashes that differ in at most n bits
//! are found without comparing all pairs: split into n + 1 bands, two such hashes agree in at least one (Manku, Jain and Das
//! Sarma, "Detecting near-duplicates for web crawling", 2007).

use std::collections::{BTreeMap, BTreeSet};

/// The width of the image to hash, in pixels.
pub const HASH_WIDTH: usize = 9;
/// The height of the image to hash, in pixels.
pub const HASH_HEIGHT: usize = 8;

/// The most bits, of 64, in which the hashes of near duplicates may differ.
pub const HAMMING_LIMIT: u32 = 4;

/// The fewest ones, and the fewest zeros, of a hash that is compared. In a uniform image or a plain gradient nearly all bits are
/// equal, so its hash does not identify it.
pub const LEAST_BITS: u32 = 8;

const BANDS: u32 = HAMMING_LIMIT + 1;

/// Hashes a greyscale image of [`HASH_WIDTH`] x [`HASH_HEIGHT`] pixels in row-major order. Each bit says whether a pixel is
/// brighter than the one to its left; the most significant bit is that of the first two pixels.
pub fn dhash(luma: &[u8; HASH_WIDTH * HASH_HEIGHT]) -> u64 {
    let rows = luma.chunks_exact(HASH_WIDTH);
    let brighter = rows.flat_map(|row| row.windows(2).map(|pair| pair[1] > pair[0]));
    brighter.fold(0, |hash, bit| hash << 1 | u64::from(bit))
}

/// Pairs of rows, the lower first, whose hashes are near. Rows with equal hashes are paired with the first of them only, so
/// that many equal hashes do not make a quadratic number of pairs.
pub(super) fn near_pairs(hashes: &[Option<u64>]) -> Vec<(u32, u32)> {
    let mut pairs = BTreeSet::new();
    let mut first_with: BTreeMap<u64, u32> = BTreeMap::new();
    for (row, hash) in (0..).zip(hashes) {
        let Some(hash) = hash.filter(|hash| is_informative(*hash)) else { continue };
        let first = *first_with.entry(hash).or_insert(row);
        if first != row {
            pairs.insert((first, row));
        }
    }
    let mut distinct: Vec<(u64, u32)> = first_with.into_iter().collect();
    for band in 0..BANDS {
        let part = |hash: u64| hash & mask(band);
        distinct.sort_unstable_by_key(|&(hash, _)| part(hash));
        for bucket in distinct.chunk_by(|one, other| part(one.0) == part(other.0)) {
            for (index, &(hash, row)) in bucket.iter().enumerate() {
                let near = bucket[index + 1..].iter().filter(|other| (hash ^ other.0).count_ones() <= HAMMING_LIMIT);
                pairs.extend(near.map(|other| (row.min(other.1), row.max(other.1))));
            }
        }
    }
    pairs.into_iter().collect()
}

fn is_informative(hash: u64) -> bool {
    (LEAST_BITS..=u64::BITS - LEAST_BITS).contains(&hash.count_ones())
}

/// The bits of a band; bands differ in length by at most one bit.
fn mask(band: u32) -> u64 {
    let below = |bits: u32| u64::MAX.checked_shr(u64::BITS - bits).unwrap_or(0);
    below((band + 1) * u64::BITS / BANDS) & !below(band * u64::BITS / BANDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bands_partition_all_bits() {
        let bands: Vec<u64> = (0..BANDS).map(mask).collect();
        assert_eq!(bands.iter().fold(0, |all, band| all | band), u64::MAX);
        assert_eq!(bands.iter().map(|band| band.count_ones()).sum::<u32>(), u64::BITS);
        assert!(bands.iter().all(|band| band.count_ones() >= u64::BITS / BANDS));
    }
}
