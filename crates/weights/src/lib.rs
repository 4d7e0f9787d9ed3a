//! Weights files: from any supported checkpoint to named `f32` tensors with batch norm folded, and to the files that the site
//! ships. Nothing here computes with a network.
//!
//! | module | job |
//! | --- | --- |
//! | [`checkpoint`] | any file of weights to tensors with our names |
//! | `pytorch` | PyTorch's own file format |
//! | `naming` | the names that torchvision, timm and efficientnet_pytorch give their tensors |
//! | [`tensors`] | safetensors files to named `f32` tensors and back |
//! | [`storage`] | how a tensor's values are stored: f16, or fewer bits with a scale per output channel |
//! | `info` | the metadata of a file, checked |
//! | [`fold`] | batch norm into the convolutions before it |
//! | [`layers`] | the tensors that a backbone consists of |
//! | [`backbone`] | a file's bytes into a backbone's checked tensors |
//! | [`convert`] | a training's file into the files that the site ships |

pub mod backbone;
pub mod checkpoint;
pub mod convert;
pub mod error;
pub mod fold;
mod info;
pub mod layers;
mod named_tensor;
mod naming;
mod pytorch;
pub mod storage;
pub mod tensors;

pub use info::WeightsInfo;

use sha2::{Digest, Sha256};

use error::ModelError;

/// The SHA-256 of `bytes` in hexadecimal, lower case.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Compares the SHA-256 of `bytes` with `expected_sha256`, where one is given, and returns it.
///
/// # Errors
/// [`ModelError::Checksum`] when they differ.
pub fn checked_sha256(bytes: &[u8], expected_sha256: Option<&str>) -> Result<String, ModelError> {
    let found = sha256_hex(bytes);
    match expected_sha256 {
        Some(expected) if !expected.eq_ignore_ascii_case(&found) => {
            Err(ModelError::Checksum { expected: expected.to_owned(), found })
        }
        _ => Ok(found),
    }
}
