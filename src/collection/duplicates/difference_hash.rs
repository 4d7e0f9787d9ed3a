//! The difference hash (dHash): 64 bits that say where an image gets brighter from left to right.
//!
//! Source: Krawetz, "Kind of Like That", 2013, with the bit order of Python's `imagehash`. Hashes that differ in at most n bits
//! are found without comparing all pairs: split into n + 1 bands of bits, two such hashes agree in at least one (Manku, Jain and
//! Das Sarma, "Detecting near-duplicates for web crawling", 2007).

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The width of the image to hash, in pixels.
pub const HASH_WIDTH: usize = 9;
/// The height of the image to hash, in pixels.
pub const HASH_HEIGHT: usize = 8;

/// The most bits, of 64, in which the hashes of near duplicates may differ.
pub const HAMMING_LIMIT: u32 = 4;

/// The fewest ones, and the fewest zeros, of a hash that is compared. In a uniform image or a plain gradient nearly all bits are
/// equal, so its hash does not identify it.
pub const LEAST_BITS: u32 = 8;

const BANDS: usize = HAMMING_LIMIT as usize + 1;
/// How many hashes that agree in a band are compared each with each. More of them are divided again by their other bits; if
/// they still are more, each is compared with this many of the next ones.
const BUCKET_SIZE: usize = 256;
/// The most pairs of which a hash is the one of lower row. Images with more near hashes are connected through each other.
const PAIRS_PER_HASH: usize = 64;

/// A hash and the first row that has it.
type Row = (u64, u32);

/// Hashes a greyscale image of [`HASH_WIDTH`] x [`HASH_HEIGHT`] pixels in row-major order. Each bit says whether a pixel is
/// brighter than the one to its left; the most significant bit is that of the first two pixels.
pub fn dhash(luma: &[u8; HASH_WIDTH * HASH_HEIGHT]) -> u64 {
    let rows = luma.chunks_exact(HASH_WIDTH);
    let brighter = rows.flat_map(|row| row.windows(2).map(|pair| pair[1] > pair[0]));
    brighter.fold(0, |hash, bit| hash << 1 | u64::from(bit))
}

/// Pairs of rows, the lower first, whose hashes differ in at most [`HAMMING_LIMIT`] bits and are informative ([`LEAST_BITS`]);
/// `None` where unknown. Rows with equal hashes are paired with the first of them only, so that many equal hashes do not make a
/// quadratic number of pairs. Of thousands of hashes that are all near each other, not every pair is found, but enough to
/// connect them.
pub fn similar_hashes(hashes: &[Option<u64>]) -> Vec<(u32, u32)> {
    let mut pairs = BTreeSet::new();
    let mut first_with: BTreeMap<u64, u32> = BTreeMap::new();
    for (row, hash) in (0..).zip(hashes) {
        let Some(hash) = hash.filter(|hash| is_informative(*hash)) else { continue };
        let first = *first_with.entry(hash).or_insert(row);
        if first != row {
            pairs.insert((first, row));
        }
    }
    let mut distinct: Vec<Row> = first_with.into_iter().collect();
    let mut near = NearHashes::default();
    for_each_bucket(&mut distinct, u64::MAX, &mut |bucket, mask| {
        if bucket.len() <= BUCKET_SIZE {
            compare(bucket, &mut near);
        } else {
            for_each_bucket(bucket, !mask, &mut |bucket, _| compare(bucket, &mut near));
        }
    });
    pairs.extend(near.0.into_iter().flat_map(|(row, others)| others.into_iter().map(move |(_, other)| (row, other))));
    pairs.into_iter().collect()
}

/// Calls `visit` with the hashes that agree in a band of the bits in `mask`, and the band's bits, for every band.
fn for_each_bucket(hashes: &mut [Row], mask: u64, visit: &mut dyn FnMut(&mut [Row], u64)) {
    for band in bands(hashes, mask) {
        hashes.sort_unstable_by_key(|&(hash, row)| (hash & band, hash, row));
        for bucket in hashes.chunk_by_mut(|one, other| one.0 & band == other.0 & band) {
            visit(bucket, band);
        }
    }
}

/// Adds the near pairs of a bucket.
fn compare(bucket: &[Row], near: &mut NearHashes) {
    for (index, &(hash, row)) in bucket.iter().enumerate() {
        for &(other, other_row) in bucket[index + 1..].iter().take(BUCKET_SIZE) {
            let distance = (hash ^ other).count_ones();
            if distance <= HAMMING_LIMIT {
                near.add(row.min(other_row), (distance, row.max(other_row)));
            }
        }
    }
}

/// For each row the higher rows with the nearest hashes, at most [`PAIRS_PER_HASH`]: distance and row.
#[derive(Default)]
struct NearHashes(HashMap<u32, Vec<(u32, u32)>>);

impl NearHashes {
    fn add(&mut self, row: u32, other: (u32, u32)) {
        let others = self.0.entry(row).or_default();
        if others.contains(&other) {
            return;
        }
        if others.len() < PAIRS_PER_HASH {
            others.push(other);
        } else if let Some(furthest) = others.iter_mut().max()
            && other < *furthest
        {
            *furthest = other;
        }
    }
}

/// Divides the bits in `mask` into bands. The bits that divide `hashes` best are dealt to the bands in turn: scans with white
/// upper halves, for instance, agree in half of their bits, and bands of such bits alone would divide nothing.
fn bands(hashes: &[Row], mask: u64) -> [u64; BANDS] {
    let mut ones = [0_usize; u64::BITS as usize];
    for (hash, _) in hashes {
        for (bit, ones) in ones.iter_mut().enumerate() {
            *ones += (hash >> bit & 1) as usize;
        }
    }
    let mut bits: Vec<usize> = (0..ones.len()).filter(|bit| mask >> bit & 1 == 1).collect();
    bits.sort_by_key(|&bit| (2 * ones[bit]).abs_diff(hashes.len()));
    let mut bands = [0; BANDS];
    for (place, bit) in bits.into_iter().enumerate() {
        bands[place % BANDS] |= 1 << bit;
    }
    bands
}

fn is_informative(hash: u64) -> bool {
    (LEAST_BITS..=u64::BITS - LEAST_BITS).contains(&hash.count_ones())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_partition_the_bits_and_divide_alike() {
        // The upper half of every hash is the same.
        let hashes: Vec<(u64, u32)> =
            (0..100).map(|row| ((0x0f0f_0f0f << 32) + u64::from(row) * 0x0123_4567, row)).collect();
        for mask in [u64::MAX, 0xffff_0000_ff00_ff0f, 0b101] {
            let bands = bands(&hashes, mask);
            assert_eq!(bands.iter().fold(0, |all, band| all | band), mask);
            assert_eq!(bands.iter().map(|band| band.count_ones()).sum::<u32>(), mask.count_ones());
        }
        assert!(bands(&hashes, u64::MAX).iter().all(|band| (band & 0xffff_ffff).count_ones() >= 6));
    }
}
