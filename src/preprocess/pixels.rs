//! Pixels of one decoder of the `image` crate, within limits.

use std::io::Cursor;

use image::codecs::jpeg::JpegDecoder;
use image::error::ImageError as DecoderError;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, Limits, RgbaImage};

use super::error::ImageError;
use super::icc;

/// The largest image that is decoded, in millions of pixels.
pub const MAX_MEGAPIXELS: u32 = 250;
/// The most that a decoder may allocate, in bytes: the largest image at four bytes per pixel, and 64 MiB.
const MAX_DECODER_BYTES: u64 = MAX_MEGAPIXELS as u64 * 4_000_000 + (64 << 20);

/// A decoded, upright image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rgba {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Red, green, blue and straight alpha, row by row: `width * height * 4` values.
    pub pixels_rgba_u8: Vec<u8>,
}

/// Decodes a whole JPEG that is part of another file.
pub(super) fn decode_jpeg(bytes: &[u8]) -> Result<Rgba, ImageError> {
    let decoder = JpegDecoder::new(Cursor::new(bytes)).map_err(unsized_error)?;
    Ok(rgba(read_decoder(decoder)?))
}

/// The pixels of an image, as red, green, blue and alpha.
pub(super) fn rgba(image: DynamicImage) -> Rgba {
    let rgba = image.into_rgba8();
    let (width, height) = rgba.dimensions();
    Rgba { width, height, pixels_rgba_u8: rgba.into_raw() }
}

/// The image of these pixels.
pub(super) fn image_of(Rgba { width, height, pixels_rgba_u8 }: Rgba) -> Result<DynamicImage, ImageError> {
    let pixels = RgbaImage::from_raw(width, height, pixels_rgba_u8);
    Ok(pixels.ok_or_else(|| ImageError::Damaged("it has too few pixels".into()))?.into())
}

/// The pixels of an image of which the header was read.
pub(super) fn read_decoder(mut decoder: impl ImageDecoder) -> Result<DynamicImage, ImageError> {
    let (width, height) = checked_size(&decoder)?;
    let failed = |error| image_error(error, width, height);
    let mut limits = limits();
    limits.reserve(decoder.total_bytes()).map_err(failed)?;
    decoder.set_limits(limits).map_err(failed)?;
    // Unreadable EXIF data is no reason to reject sound pixels.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().unwrap_or_default();
    let mut image = DynamicImage::from_decoder(decoder).map_err(failed)?;
    if let Some(profile) = profile {
        image = icc::to_srgb(image, &profile);
    }
    image.apply_orientation(orientation);
    Ok(image)
}

/// The error of reading a header, when the size is not known yet: on 32 bits the byte count of the largest claims overflows.
pub(super) fn unsized_error(error: DecoderError) -> ImageError {
    match error {
        DecoderError::Limits(_) => ImageError::TooMuchMemory,
        other => image_error(other, 0, 0),
    }
}

/// The limits of what a decoder may allocate.
pub(super) fn limits() -> Limits {
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MAX_DECODER_BYTES);
    limits
}

fn checked_size(decoder: &impl ImageDecoder) -> Result<(u32, u32), ImageError> {
    let (width, height) = decoder.dimensions();
    check_pixels(width, height)?;
    Ok((width, height))
}

/// Checks the size that a header claims.
pub(super) fn check_pixels(width: u32, height: u32) -> Result<(), ImageError> {
    if width == 0 || height == 0 {
        return Err(ImageError::Damaged(format!("its header claims {width} x {height} pixels")));
    }
    if u64::from(width) * u64::from(height) > u64::from(MAX_MEGAPIXELS) * 1_000_000 {
        return Err(ImageError::TooLarge { width, height, limit_megapixels: MAX_MEGAPIXELS });
    }
    Ok(())
}

fn image_error(error: DecoderError, width: u32, height: u32) -> ImageError {
    match error {
        DecoderError::Unsupported(_) => ImageError::NotAPicture,
        DecoderError::Limits(_) => ImageError::TooLarge { width, height, limit_megapixels: MAX_MEGAPIXELS },
        other => ImageError::Damaged(other.to_string()),
    }
}
