//! From an image file to pixels, to the network's square, and to a fingerprint.

mod colours;
mod decode;
mod fingerprint;
mod fit;
mod frames;
mod hostile;
mod other_formats;
mod raw_previews;
mod tiff_kinds;
mod tiff_tiles;
