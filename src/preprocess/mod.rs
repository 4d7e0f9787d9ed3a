//! Preprocessing: decoding, resizing for the network, and fingerprints.

mod decode;
mod error;
mod fingerprint;
mod fit;
mod heif;
mod reduced;
mod tiff_tiles;

pub use decode::{MAX_MEGAPIXELS, Rgba, Shrunk, decode, decode_shrunk, decoding_bytes, exif_orientation, probe};
pub use error::ImageError;
pub use fingerprint::{Fingerprint, fingerprint};
pub use fit::{Framing, fit};
pub use heif::is_heif;
pub use reduced::reduced_size;
