//! From a file's bytes to the pixels that the network takes.

mod decode;
mod fingerprint;
mod fit;
mod reduced;

pub use decode::{MAX_MEGAPIXELS, Rgba, decode, exif_orientation, probe};
pub use fingerprint::{Fingerprint, fingerprint};
pub use fit::{Framing, fit};
pub use reduced::reduced_size;
