//! Preprocessing: decoding, resizing for the network, and fingerprints.

mod decode;
mod error;
mod fingerprint;
mod fit;
mod frames;
mod ground;
mod header;
mod heif;
mod icc;
mod jpeg;
mod other_formats;
mod pixels;
mod psd;
mod raw_preview;
mod reduced;
mod stretch;
mod tiff;

pub use decode::{Shrunk, decode, decode_shrunk, decoding_bytes, is_tiff};
pub use error::ImageError;
pub use fingerprint::{Fingerprint, fingerprint};
pub use fit::{Framing, fit, fit_over, scaled_to};
pub use frames::{first_visible_frame, is_blank, may_be_animated};
pub use ground::Ground;
pub use header::{exif_orientation, probe};
pub use heif::is_heif;
pub use other_formats::is_other_format;
pub use pixels::{MAX_MEGAPIXELS, Rgba};
pub use raw_preview::raw_preview;
pub use reduced::reduced_size;
pub use tiff::pages as tiff_pages;

/// The version of what features and fingerprints depend on here: decoding, framing, grounds. It is raised when any image gives other
/// pixels than before; version 1 knew neither letterboxes nor dark grounds, and showed the first frame of every animation.
pub const PREPROCESSING_VERSION: u32 = 2;
