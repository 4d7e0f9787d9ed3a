//! What can go wrong with a network and its weights.

use shoal::error::Coded;
use thiserror::Error;

/// A weights file that cannot be used. Found before any picture is touched.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ModelError {
    /// The file is cut off or not in the safetensors format.
    #[error("the weights file cannot be read: {0}")]
    Format(String),
    /// The bytes are not those that were asked for.
    #[error("the weights file's SHA-256 is {found}, not {expected}")]
    Checksum {
        /// The SHA-256 that was expected, in hexadecimal.
        expected: String,
        /// The SHA-256 of the bytes at hand, in hexadecimal.
        found: String,
    },
    /// The tensors are not those of a MobileNetV2.
    #[error("these are not the weights of a MobileNetV2: {0}")]
    Architecture(String),
    /// A weight is NaN or infinite.
    #[error("the weights hold a value that is not finite, in {0}")]
    NotFinite(String),
    /// The pixels handed in are not a whole batch of the stated size.
    #[error("{found} values are no batch of {expected}")]
    BadBatch {
        /// How many values a whole batch has.
        expected: usize,
        /// How many there were.
        found: usize,
    },
    /// The device could not give the result back.
    #[error("the network's result could not be read back: {0}")]
    Readback(String),
}

impl Coded for ModelError {
    fn code(&self) -> &'static str {
        match self {
            Self::Format(_) => "weights-format",
            Self::Checksum { .. } => "weights-checksum",
            Self::Architecture(_) => "weights-architecture",
            Self::NotFinite(_) => "weights-not-finite",
            Self::BadBatch { .. } => "bad-shape",
            Self::Readback(_) => "readback-failed",
        }
    }
}
