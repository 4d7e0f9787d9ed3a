//! The random number generator of a layout: xoshiro128++, which takes a few 32-bit operations where ChaCha takes hundreds.
//!
//! Blackman and Vigna, "Scrambled linear pseudorandom number generators", 2021. It is seeded by ChaCha8, so that
//! similar seeds give unrelated numbers, and implemented here, so that it never changes between versions.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// A generator whose numbers depend on the seed alone.
#[derive(Clone, Debug)]
pub struct Generator {
    state: [u32; 4],
}

impl Generator {
    /// The generator of a seed.
    pub fn new(seed: u32) -> Self {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(b"umap\0\0\0\0");
        bytes[8..12].copy_from_slice(&seed.to_le_bytes());
        let mut rng = ChaCha8Rng::from_seed(bytes);
        // An all-zero state, which yields only zeros, has a probability of 2^-128.
        Self { state: std::array::from_fn(|_| rng.next_u32()) }
    }

    /// The next 32 bits.
    #[inline]
    pub fn next(&mut self) -> u32 {
        let [a, b, c, d] = self.state;
        let result = a.wrapping_add(d).rotate_left(7).wrapping_add(a);
        let (c, d) = (c ^ a, d ^ b);
        self.state = [a ^ d, b ^ c, c ^ (b << 9), d.rotate_left(11)];
        result
    }

    /// An integer below `count`, which is at least 1. Uniform up to a bias of `count / 2^32`.
    #[inline]
    pub fn below(&mut self, count: u32) -> usize {
        ((u64::from(self.next()) * u64::from(count)) >> 32) as usize
    }

    /// A uniform number in [-1, 1).
    pub fn symmetric(&mut self) -> f32 {
        (self.next() >> 8) as f32 / (1 << 23) as f32 - 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::Generator;

    #[test]
    fn numbers_equal_the_reference_implementation() {
        let mut generator = Generator { state: [1, 2, 3, 4] };
        let found: [u32; 5] = std::array::from_fn(|_| generator.next());
        assert_eq!(found, [641, 1573767, 3222811527, 3517856514, 836907274]);
    }

    #[test]
    fn numbers_stay_in_range_and_are_spread() {
        let mut generator = Generator::new(7);
        let mut counts = [0; 5];
        for _ in 0..50_000 {
            counts[generator.below(5)] += 1;
            assert!((-1.0..1.0).contains(&generator.symmetric()));
        }
        assert!(counts.iter().all(|count| (9_500..10_500).contains(count)), "{counts:?}");
        assert_ne!(Generator::new(0).next(), Generator::new(1).next());
    }
}
