//! Errors of weights files and of the networks that use them.

use shoal::error::Coded;
use thiserror::Error;

/// A weights file or a network that cannot be used.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ModelError {
    /// The file is truncated, damaged, or in no supported format.
    #[error("the weights file cannot be read: {0}")]
    Format(String),
    /// The bytes have another checksum than the expected one.
    #[error("the weights file's SHA-256 is {found}, not {expected}")]
    Checksum {
        /// The expected SHA-256, in hexadecimal.
        expected: String,
        /// The SHA-256 of the bytes, in hexadecimal.
        found: String,
    },
    /// The tensors are not those of a supported network.
    #[error("these are not the weights of a supported network: {0}")]
    Architecture(String),
    /// A weight is NaN or infinite.
    #[error("the weights hold a value that is not finite, in {0}")]
    NotFinite(String),
    /// The pixels are not a whole number of images of the stated size.
    #[error("{found} values do not make whole images of {expected}")]
    BadBatch {
        /// How many values one image has.
        expected: usize,
        /// How many there were.
        found: usize,
    },
    /// The device did not return the result.
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
