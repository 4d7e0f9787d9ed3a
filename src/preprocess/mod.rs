//! From a file's bytes to the pixels that the network takes.

mod decode;
mod error;
mod fingerprint;
mod fit;
mod heif;
mod reduced;

pub use decode::{MAX_MEGAPIXELS, Rgba, decode, exif_orientation, probe};
pub use error::ImageError;
pub use fingerprint::{Fingerprint, fingerprint};
pub use fit::{Framing, fit};
pub use heif::is_heif;
pub use reduced::reduced_size;
