//! Decoding with the `image` crate.

use std::io::{self, BufRead, Cursor, Seek};

use image::codecs::tiff::TiffDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, GenericImageView, ImageDecoder, ImageFormat, ImageReader};

use super::error::ImageError;
use super::pixels::{Rgba, image_of, limits, read_decoder, rgba, unsized_error};
use super::{frames, other_formats, stretch, tiff};

/// Images of more million pixels than this may be shrunk while they are decoded.
pub const WHOLE_MEGAPIXELS: u32 = 32;
/// How many bytes a pixel takes.
const RGBA_BYTES: u64 = 4;

/// An upright image that was perhaps shrunk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shrunk {
    /// The pixels.
    pub rgba: Rgba,
    /// Width of the whole image, in pixels.
    pub width: u32,
    /// Height of the whole image, in pixels.
    pub height: u32,
}

/// Decodes a whole file, in sRGB, with its EXIF orientation applied. Of an animation, the first frame that is not blank is
/// decoded; of a TIFF file the first page, stretched if it is dark.
///
/// # Errors
/// [`ImageError::EmptyFile`]; [`ImageError::NotAPicture`] if the format is unknown to this program;
/// [`ImageError::Unsupported`] if it is known, and cannot be decoded; [`ImageError::TooLarge`] beyond [`MAX_MEGAPIXELS`](super::MAX_MEGAPIXELS) or if
/// decoding takes more memory than such an image; [`ImageError::TooMuchMemory`]; [`ImageError::Damaged`].
pub fn decode(bytes: &[u8]) -> Result<Rgba, ImageError> {
    let decoded = rgba(read_pixels(Cursor::new(bytes))?);
    let visible = if frames::may_be_animated(bytes) && frames::is_blank(&decoded.pixels_rgba_u8) {
        frames::first_visible_frame(bytes)
    } else {
        None
    };
    Ok(visible.unwrap_or(decoded))
}

/// As [`decode`], from a reader, but the first frame of an animation even if it is blank. An image of more than
/// `WHOLE_MEGAPIXELS` is shrunk until its shorter side has about `least_px`, before its pixels take four bytes each.
pub fn decode_shrunk(file: impl BufRead + Seek, least_px: u32) -> Result<Shrunk, ImageError> {
    let image = read_pixels(file)?;
    let (width, height) = image.dimensions();
    let divisor = width.min(height) / least_px.max(1);
    let is_large = u64::from(width) * u64::from(height) > u64::from(WHOLE_MEGAPIXELS) * 1_000_000;
    let shrunk = if is_large && divisor > 1 {
        image.thumbnail_exact(width.div_ceil(divisor), height.div_ceil(divisor))
    } else {
        image
    };
    Ok(Shrunk { rgba: rgba(shrunk), width, height })
}

/// About how many bytes it takes to decode an image of this width and height in pixels. `header` is the start of the file.
pub fn decoding_bytes(header: &[u8], (width, height): (u32, u32)) -> u64 {
    let pixels = u64::from(width) * u64::from(height);
    // Browsers decode the common formats; for the others, the decoder and its caller hold the pixels once each.
    let copies = match image::guess_format(header) {
        Ok(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::Gif | ImageFormat::WebP | ImageFormat::Bmp) => 1,
        _ => 2,
    };
    pixels * RGBA_BYTES * copies
}

/// Whether a file that begins with `bytes` is a TIFF file, as are most raw images.
pub fn is_tiff(bytes: &[u8]) -> bool {
    [&b"II*\0"[..], b"MM\0*", b"II+\0", b"MM\0+"].iter().any(|magic| bytes.starts_with(magic))
}

fn read_pixels(mut file: impl BufRead + Seek) -> Result<DynamicImage, ImageError> {
    if is_tiff(start_of(&mut file)?) {
        return read_tiff(file);
    }
    other_formats::register();
    let error = match open(&mut file) {
        Ok(decoder) => return read_decoder(decoder),
        Err(error) => error,
    };
    if error == ImageError::NotAPicture && other_formats::is_other_format(start_of(&mut file)?) {
        return other_formats::decode(&bytes_of(file)?);
    }
    Err(error)
}

fn read_tiff(mut file: impl BufRead + Seek) -> Result<DynamicImage, ImageError> {
    tiff::check(&mut file)?;
    start_of(&mut file)?;
    let by_image = match TiffDecoder::new(&mut file) {
        Ok(decoder) => read_decoder(decoder).map(stretch::stretched),
        Err(error) => Err(unsized_error(error)),
    };
    match by_image {
        Err(ImageError::NotAPicture) => {
            let bytes = bytes_of(file)?;
            let mut image = image_of(tiff::decode(&bytes)?)?;
            let orientation = Orientation::from_exif(tiff::orientation(&bytes));
            image.apply_orientation(orientation.unwrap_or(Orientation::NoTransforms));
            Ok(image)
        }
        decoded => decoded,
    }
}

/// The first bytes of a file that has any, from where it will be read.
fn start_of(file: &mut (impl BufRead + Seek)) -> Result<&[u8], ImageError> {
    file.rewind().map_err(unreadable)?;
    let start = file.fill_buf().map_err(unreadable)?;
    if start.is_empty() { Err(ImageError::EmptyFile) } else { Ok(start) }
}

fn bytes_of(mut file: impl BufRead + Seek) -> Result<Vec<u8>, ImageError> {
    let mut bytes = Vec::new();
    file.rewind().and_then(|()| file.read_to_end(&mut bytes)).map_err(unreadable)?;
    Ok(bytes)
}

fn unreadable(error: io::Error) -> ImageError {
    ImageError::Damaged(error.to_string())
}

fn open<'a>(mut file: impl BufRead + Seek + 'a) -> Result<impl ImageDecoder + 'a, ImageError> {
    start_of(&mut file)?;
    let mut reader = ImageReader::new(file);
    reader.limits(limits());
    let reader = reader.with_guessed_format().map_err(unreadable)?;
    reader.into_decoder().map_err(unsized_error)
}
