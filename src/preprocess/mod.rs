//! Preprocessing: decoding, resizing for the network, and fingerprints.

mod decode;
mod error;
mod fingerprint;
mod fit;
mod header;
mod heif;
mod jpeg;
mod raw_preview;
mod reduced;
mod stretch;
mod tiff;

pub use decode::{MAX_MEGAPIXELS, Rgba, Shrunk, decode, decode_shrunk, decoding_bytes, is_tiff};
pub use error::ImageError;
pub use fingerprint::{Fingerprint, fingerprint};
pub use fit::{Framing, fit};
pub use header::{exif_orientation, probe};
pub use heif::is_heif;
pub use raw_preview::raw_preview;
pub use reduced::reduced_size;
pub use tiff::pages as tiff_pages;
