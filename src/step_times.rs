//! Where the time goes while an image is embedded.

use serde::{Deserialize, Serialize};

/// A picture's part of the lane's time, in milliseconds. While the lane works, its time belongs to the step that it works
/// at; while it only waits, to the steps that are waited for, in equal parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct StepTimes {
    /// From the file to its bytes; by the browser.
    pub read_ms: f64,
    /// The checksums.
    pub hash_ms: f64,
    /// From bytes to pixels; by the browser, unless only the `image` crate can.
    pub decode_ms: f64,
    /// From pixels to the square that the network takes.
    pub resize_ms: f64,
    /// From pixels to a thumbnail's file; its encoding is the browser's.
    pub thumbnail_ms: f64,
    /// From the square to features.
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
