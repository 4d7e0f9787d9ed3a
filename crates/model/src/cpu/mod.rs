//! Networks on one CPU thread: one image at a time, forward only, built from the weights of a [`crate::MobileNet`].
//!
//! | module | job |
//! | --- | --- |
//! | `vector` | four floats at a time |
//! | `product` | the kernel: a few places times eight channels, in registers |
//! | `pointwise` | 1x1 convolutions with it |
//! | `depthwise` | 3x3 and 5x5 convolutions of each channel by itself |
//! | `stem` | the first convolution, from colours |
//! | `block` | an inverted residual in bands of rows |
//! | `net` | a whole network |
//!
//! Maps are laid out as `[height, width, channels]`, so that a place's channels, which a 1x1 convolution reads together, are
//! adjacent. Weights are packed once into the order in which they are read. Bias, ReLU6 and shortcut are applied while a sum
//! is still in registers. Every layer's channels are a multiple of eight.
//!
//! The order of the products does not depend on the number of images or workers, so that an image's features are always the
//! same to the last bit in one build. Builds with and without relaxed SIMD differ in rounding.

mod block;
mod depthwise;
mod net;
mod pointwise;
mod product;
mod stem;
#[cfg(test)]
mod tests;
mod vector;

pub use net::CpuNet;
