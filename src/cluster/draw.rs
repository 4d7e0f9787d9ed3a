//! Random draws. Spelled out, since a library's ways of drawing may change from version to version.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// The generator of one piece of work, derived from nothing but its `name` and the numbers.
pub fn generator(name: &[u8; 8], seed: u32, size: u64, part: u32) -> ChaCha8Rng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(name);
    bytes[8..12].copy_from_slice(&seed.to_le_bytes());
    bytes[12..20].copy_from_slice(&size.to_le_bytes());
    bytes[20..24].copy_from_slice(&part.to_le_bytes());
    ChaCha8Rng::from_seed(bytes)
}

/// A number from 0 up to but not including 1.
pub fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// A whole number below `count`; 0 where that is 0.
pub fn below(count: usize, rng: &mut ChaCha8Rng) -> usize {
    ((uniform(rng) * count as f64) as usize).min(count.saturating_sub(1))
}

/// `count` of `rows`, or all where there are fewer, in the order that they have there; each at most once.
pub fn sample(rows: &[usize], count: usize, rng: &mut ChaCha8Rng) -> Vec<usize> {
    let count = count.min(rows.len());
    let mut places: Vec<usize> = (0..rows.len()).collect();
    for place in 0..count {
        places.swap(place, place + below(rows.len() - place, rng));
    }
    places.truncate(count);
    places.sort_unstable();
    places.into_iter().map(|place| rows[place]).collect()
}
