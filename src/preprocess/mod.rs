//! From a file's bytes to the pixels that the network takes.

mod decode;
mod fit;

pub use decode::{MAX_MEGAPIXELS, Rgba, decode, probe};
pub use fit::{Framing, fit};
