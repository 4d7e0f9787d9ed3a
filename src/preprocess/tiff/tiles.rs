//! Rejection of tiled TIFF files on which their decoder panics.

use std::io::{Read, Seek};

use tiff::decoder::Decoder;
use tiff::tags::Tag;

use super::unsupported;
use crate::preprocess::error::ImageError;

/// The value of the tag `PlanarConfiguration` for files that store each sample in a plane of its own.
const PLANAR: u16 = 2;

/// Rejects TIFF files with several planes in tiles whose height does not divide the image's.
///
/// On these, tiff 0.11.3 fails the assertion `buf.len() >= layout.row_stride * (data_dims.1 as usize - 1) + data_row_bytes` in
/// `Image::expand_chunk` (src/decoder/image.rs): `TileAttributes::get_padding` takes the last row of tiles for an inner one in
/// every plane but the first, so that the last plane's bottom tile exceeds the buffer.
///
/// # Errors
/// [`ImageError::Unsupported`].
pub(in crate::preprocess) fn check(file: &mut (impl Read + Seek)) -> Result<(), ImageError> {
    // A header that cannot be read is reported by the decoder itself.
    match unsupported_tiles(file) {
        Some((tile_height_px, height_px)) => Err(unsupported(format!(
            "it stores each colour separately, in tiles of {tile_height_px} px that do not divide its height of {height_px} px"
        ))),
        None => Ok(()),
    }
}

/// The height of a tile and of the image, in pixels, where the former does not divide the latter and there are several planes.
fn unsupported_tiles(file: &mut (impl Read + Seek)) -> Option<(u32, u32)> {
    let mut decoder = Decoder::new(file).ok()?;
    let (_, height_px) = decoder.dimensions().ok()?;
    let planar = decoder.find_tag_unsigned::<u16>(Tag::PlanarConfiguration).ok()? == Some(PLANAR);
    let samples = decoder.find_tag_unsigned::<u16>(Tag::SamplesPerPixel).ok()?.unwrap_or(1);
    let tile_height_px = decoder.find_tag_unsigned::<u32>(Tag::TileLength).ok()??;
    (planar && samples > 1 && !height_px.is_multiple_of(tile_height_px)).then_some((tile_height_px, height_px))
}
