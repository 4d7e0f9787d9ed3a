//! Reading pictures with the `image` crate: their size from the header alone, and their pixels.

use std::io::Cursor;

use image::error::ImageError as DecoderError;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageReader, Limits};

use crate::preprocess::ImageError;

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
/// [`ImageError::EmptyFile`]; [`ImageError::TooLarge`] beyond [`MAX_MEGAPIXELS`]; [`ImageError::TooMuchMemory`];
/// [`ImageError::Damaged`] when the header of a known format cannot be read.
pub fn probe(bytes: &[u8]) -> Result<Option<(u32, u32)>, ImageError> {
    match open(bytes) {
        Ok(decoder) => checked_size(&decoder).map(Some),
        Err(ImageError::NotAPicture) => Ok(None),
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
/// [`ImageError::EmptyFile`]; [`ImageError::NotAPicture`] when the format is unknown here; [`ImageError::TooLarge`]
/// beyond [`MAX_MEGAPIXELS`] or when decoding takes more memory than such a picture; [`ImageError::TooMuchMemory`];
/// [`ImageError::Damaged`].
pub fn decode(bytes: &[u8]) -> Result<Rgba, ImageError> {
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

fn open(bytes: &[u8]) -> Result<impl ImageDecoder, ImageError> {
    if bytes.is_empty() {
        return Err(ImageError::EmptyFile);
    }
    let mut reader = ImageReader::new(Cursor::new(bytes));
    reader.limits(limits());
    let reader = reader.with_guessed_format().map_err(|error| ImageError::Damaged(error.to_string()))?;
    reader.into_decoder().map_err(|error| match error {
        // The size is not known yet: 32 bits cannot even count the bytes of the largest that a header can claim.
        DecoderError::Limits(_) => ImageError::TooMuchMemory,
        other => picture_error(other, 0, 0),
    })
}

fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    limits
}

fn checked_size(decoder: &impl ImageDecoder) -> Result<(u32, u32), ImageError> {
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 {
        return Err(ImageError::Damaged(format!("it claims {width} x {height} pixels")));
    }
    if u64::from(width) * u64::from(height) > u64::from(MAX_MEGAPIXELS) * 1_000_000 {
        return Err(ImageError::TooLarge { width, height, limit_megapixels: MAX_MEGAPIXELS });
    }
    Ok((width, height))
}

fn picture_error(error: DecoderError, width: u32, height: u32) -> ImageError {
    match error {
        DecoderError::Unsupported(_) => ImageError::NotAPicture,
        DecoderError::Limits(_) => ImageError::TooLarge { width, height, limit_megapixels: MAX_MEGAPIXELS },
        other => ImageError::Damaged(other.to_string()),
    }
}
