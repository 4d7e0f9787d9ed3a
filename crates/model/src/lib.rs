//! The network: MobileNetV2 without norm layers, and the reading and converting of its weights.
//!
//! | file | what |
//! | --- | --- |
//! | `mobilenet` | the whole network, from pixels to the last map |
//! | `blocks` | its convolutions and inverted residuals |
//! | `checkpoint` | any file of weights, whoever made it, to tensors with one set of names |
//! | `pytorch` | PyTorch's own files (feature `pth`) |
//! | `names` | timm's names into torchvision's |
//! | `tensors` | safetensors files to named `f32` tensors and back to f16 |
//! | `info` | what a file's metadata says |
//! | `fold` | batch norm into convolutions, torchvision's names into ours |
//! | `weights` | a file's bytes into a network |
//! | `classifier` | from features to scores of classes |
//! | `cpu` | the same network for speed: what runs in a lane |
//! | `convert` | a training's file into the two that are shipped |

mod blocks;
pub mod checkpoint;
mod classifier;
pub mod convert;
mod cpu;
pub mod embed;
pub mod error;
pub mod fold;
mod info;
mod mobilenet;
mod names;
mod pytorch;
pub mod tensors;
mod weights;

pub use blocks::{InvertedResidual, InvertedResidualConfig, Padding};
pub use classifier::Classifier;
pub use cpu::CpuNet;
pub use info::WeightsInfo;
pub use mobilenet::{MobileNetV2, MobileNetV2Config};
pub use weights::load;

use sha2::{Digest, Sha256};

/// A file's SHA-256 in hexadecimal, lower case.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    shoal::collection::content_hash::to_hex(&Sha256::digest(bytes).into())
}
