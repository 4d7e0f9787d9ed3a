//! Seeded random sampling, implemented here because a library's algorithms may change between versions.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A generator for one task, seeded by the task's `name` and the numbers alone.
pub fn generator(name: &[u8; 8], seed: u32, size: u64, part: u32) -> ChaCha8Rng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(name);
    bytes[8..12].copy_from_slice(&seed.to_le_bytes());
    bytes[12..20].copy_from_slice(&size.to_le_bytes());
    bytes[20..24].copy_from_slice(&part.to_le_bytes());
    ChaCha8Rng::from_seed(bytes)
}

/// A uniform number in [0, 1).
pub fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// A uniform integer below `count`; 0 if `count` is 0.
pub fn below(count: usize, rng: &mut ChaCha8Rng) -> usize {
    ((uniform(rng) * count as f64) as usize).min(count.saturating_sub(1))
}

/// A sample without replacement of `count` of `rows`, or of all if there are fewer, in their original order.
pub fn sample(rows: &[usize], count: usize, rng: &mut ChaCha8Rng) -> Vec<usize> {
    let count = count.min(rows.len());
    let mut indices: Vec<usize> = (0..rows.len()).collect();
    for index in 0..count {
        indices.swap(index, index + below(rows.len() - index, rng));
    }
    indices.truncate(count);
    indices.sort_unstable();
    indices.into_iter().map(|index| rows[index]).collect()
}
