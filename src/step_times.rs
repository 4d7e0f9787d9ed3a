//! Durations of the steps from a file to its features.

use serde::{Deserialize, Serialize};

/// An image's share of the worker's time, in milliseconds. Working time counts for the current step; time in which the worker
/// only waits is divided equally among the steps that it waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct StepTimes {
    /// Reading the file's bytes, by the browser.
    pub read_ms: f64,
    /// Computing the checksums.
    pub hash_ms: f64,
    /// Decoding, by the browser where it can, otherwise by the `image` crate.
    pub decode_ms: f64,
    /// Resizing to the square that the network takes.
    pub resize_ms: f64,
    /// Making the thumbnail, which the browser encodes.
    pub thumbnail_ms: f64,
    /// Computing the features.
    pub embed_ms: f64,
}

impl std::ops::AddAssign for StepTimes {
    fn add_assign(&mut self, other: Self) {
        self.read_ms += other.read_ms;
        self.hash_ms += other.hash_ms;
        self.decode_ms += other.decode_ms;
        self.resize_ms += other.resize_ms;
        self.thumbnail_ms += other.thumbnail_ms;
        self.embed_ms += other.embed_ms;
    }
}
