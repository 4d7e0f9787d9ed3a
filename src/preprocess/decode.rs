//! Reading pictures with the `image` crate: their size from the header alone, and their pixels.

use std::io::Cursor;

use image::error::ImageError;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};

use crate::error::PictureError;

/// A picture that claims more than this, in millions of pixels, is not decoded.
pub const MAX_MEGAPIXELS: u32 = 250;
/// What a decoder may allocate, in bytes: room for the largest picture at four bytes a pixel.
const MAX_DECODER_BYTES: u64 = MAX_MEGAPIXELS as u64 * 4_000_000 + (64 << 20);

/// A decoded picture, upright.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rgba {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Red, green, blue and alpha (not multiplied in), row after row: `width * height * 4` values.
    pub pixels_rgba_u8: Vec<u8>,
}

/// Reads a picture's width and height in pixels, before its orientation is applied, from its header. `bytes` may be the
/// file's beginning. `None` when the format is unknown here: a browser may know it.
///
/// # Errors
/// [`PictureError::EmptyFile`]; [`PictureError::TooLarge`] beyond [`MAX_MEGAPIXELS`]; [`PictureError::TooMuchMemory`];
/// [`PictureError::Damaged`] when the header of a known format cannot be read.
pub fn probe(bytes: &[u8]) -> Result<Option<(u32, u32)>, PictureError> {
    match open(bytes) {
        Ok(decoder) => checked_size(&decoder).map(Some),
        Err(PictureError::NotAPicture) => Ok(None),
        Err(error) => Err(error),
    }
}

/// How a file says that its picture is to be turned, by EXIF's numbers: 1 to 8, and 1 where it says nothing. `bytes` may be
/// the file's beginning.
pub fn exif_orientation(bytes: &[u8]) -> u8 {
    let orientation = open(bytes).ok().and_then(|mut decoder| decoder.orientation().ok());
    orientation.unwrap_or(Orientation::NoTransforms).to_exif()
}

/// Decodes a whole file: upright by its EXIF orientation, the first frame of an animation.
///
/// # Errors
/// [`PictureError::EmptyFile`]; [`PictureError::NotAPicture`] when the format is unknown here; [`PictureError::TooLarge`]
/// beyond [`MAX_MEGAPIXELS`] or when decoding takes more memory than such a picture; [`PictureError::TooMuchMemory`];
/// [`PictureError::Damaged`].
pub fn decode(bytes: &[u8]) -> Result<Rgba, PictureError> {
    let mut decoder = open(bytes)?;
    let (width, height) = checked_size(&decoder)?;
    let failed = |error| picture_error(error, width, height);
    let mut limits = limits();
    limits.reserve(decoder.total_bytes()).map_err(failed)?;
    decoder.set_limits(limits).map_err(failed)?;
    // Unreadable EXIF is no reason to refuse pixels that are sound.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(failed)?;
    picture.apply_orientation(orientation);
    let rgba = picture.into_rgba8();
    let (width, height) = rgba.dimensions();
    Ok(Rgba { width, height, pixels_rgba_u8: rgba.into_raw() })
}

fn open(bytes: &[u8]) -> Result<impl ImageDecoder, PictureError> {
    if bytes.is_empty() {
        return Err(PictureError::EmptyFile);
    }
    let mut reader = ImageReader::new(Cursor::new(bytes));
    reader.limits(limits());
    let reader = reader.with_guessed_format().map_err(|error| PictureError::Damaged(error.to_string()))?;
    reader.into_decoder().map_err(|error| match error {
        // The size is not known yet: 32 bits cannot even count the bytes of the largest that a header can claim.
        ImageError::Limits(_) => PictureError::TooMuchMemory,
        other => picture_error(other, 0, 0),
    })
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    limits
}

fn checked_size(decoder: &impl ImageDecoder) -> Result<(u32, u32), PictureError> {
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(PictureError::Damaged(format!("it claims {width} x {height} pixels")));
    }
    if u64::from(width) * u64::from(height) > u64::from(MAX_MEGAPIXELS) * 1_000_000 {
        return Err(PictureError::TooLarge { width, height, limit_megapixels: MAX_MEGAPIXELS });
    }
    Ok((width, height))
}

fn picture_error(error: ImageError, width: u32, height: u32) -> PictureError {
    match error {
        ImageError::Unsupported(_) => PictureError::NotAPicture,
        ImageError::Limits(_) => PictureError::TooLarge { width, height, limit_megapixels: MAX_MEGAPIXELS },
        other => PictureError::Damaged(other.to_string()),
    }
}
