//! The network on the CPU, for speed: one picture at a time, forward only, built from the weights of [`MobileNetV2`].
//!
//! | file | what |
//! | --- | --- |
//! | `vector` | four floats at a time |
//! | `product` | the kernel: a few places times eight channels, in registers |
//! | `pointwise` | 1x1 convolutions with it |
//! | `depthwise` | 3x3 convolutions of each channel by itself |
//! | `stem` | the first convolution, from colours |
//! | `block` | an inverted residual in bands of rows |
//! | `net` | the whole pass |
//!
//! Maps lie as `[height, width, channels]`, so that a place's channels, which a 1x1 convolution reads together, lie together.
//! Weights are packed once into the order in which they are read. Bias, ReLU6 and shortcut are applied while a sum is still
//! in registers. All buffers are used again for the next picture. Every layer's channels are a multiple of eight.
//!
//! The width of the products and their order do not depend on the number of pictures or lanes, so that a picture's features
//! are always the same to the last bit in one build. Builds with and without relaxed SIMD differ in rounding.

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
