//! Seeded random choices, the same on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A seeded source of random choices.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// The choices for image `number` of a kind.
    pub(super) fn new(kind: usize, number: usize) -> Self {
        Self(ChaCha8Rng::seed_from_u64(((kind as u64) << 32) | number as u64))
    }

    /// A random number from `low` to `high`.
    pub(super) fn range(&mut self, low: f32, high: f32) -> f32 {
        let unit = (self.0.next_u32() >> 8) as f32 / (1 << 24) as f32;
        low + (high - low) * unit
    }

    /// A random integer below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0.next_u32() as usize % end
    }

    /// True with probability `share`.
    pub(super) fn chance(&mut self, share: f32) -> bool {
        self.range(0.0, 1.0) < share
    }

    /// One of `choices`.
    pub(super) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    /// A seed for a texture.
    pub(super) fn seed(&mut self) -> u32 {
        self.0.next_u32()
    }
}
