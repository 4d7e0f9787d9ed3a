//! Networks on one CPU thread: one image at a time, forward only, without burn. Web workers and the native programs run these.
//!
//! | module | job |
//! | --- | --- |
//! | `vector` | four floats at a time |
//! | `product` | the kernel: a few places times eight channels, in registers |
//! | `pointwise` | 1x1 convolutions with it |
//! | `depthwise` | 3x3 and 5x5 convolutions of each channel by itself |
//! | `stem` | the first convolution, from colours |
//! | `block` | an inverted residual in bands of rows |
//! | `pack` | weights in the order in which they are read |
//! | `net` | a whole network |
//! | `classifier` | features to scores of the training's classes |
//!
//! Maps are laid out as `[height, width, channels]`, so that a place's channels, which a 1x1 convolution reads together, are
//! adjacent. Weights are packed once into the order in which they are read. Bias, ReLU6 and shortcut are applied while a sum
//! is still in registers. Every layer's channels are a multiple of eight.
//!
//! The order of the products does not depend on the number of images or workers, so that an image's features are always the
//! same to the last bit in one build. Builds with and without relaxed SIMD differ in rounding.
//!
//! The crate `shoal-model` has the same networks as burn modules; its tests compare every layer.

mod block;
mod classifier;
mod depthwise;
mod net;
mod pack;
mod pointwise;
mod product;
mod stem;
mod vector;

pub use block::{Block, Extent, Scratch};
pub use classifier::Classifier;
pub use net::CpuNet;
pub use shoal_weights::error;
