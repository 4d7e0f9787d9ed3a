//! TIFF files of kinds that the `image` crate does not decode, and checks of all kinds.
//!
//! The `tiff` crate, on which `image` builds, reads the samples of more files than either gives colours to: palettes, few or many
//! bits per sample, separate planes, CMYK and L*a*b*. Fax Group 3 is read by the `fax` crate; of the JPEG compression of TIFF 6.0,
//! files that contain a whole JPEG are read.

mod colours;
mod fax;
mod samples;
mod tiles;

use std::io::{Cursor, Read, Seek};

use tiff::decoder::Decoder;
use tiff::tags::Tag;
use tiff::{TiffError, TiffUnsupportedError};

use super::error::ImageError;
use super::pixels::{Rgba, check_pixels, decode_jpeg};
use samples::Layout;

pub(super) use tiles::check;

/// The compression methods of old JPEG, and of fax without and with two dimensions.
const OLD_JPEG: u16 = 6;
const FAX_ROWS: u16 = 2;
const FAX_GROUP_3: u16 = 3;
/// The most pages that are counted.
const PAGES_MAX: u32 = 10_000;

/// Decodes the first page of a TIFF file that `image` cannot decode; its orientation is not applied.
///
/// # Errors
/// [`ImageError::Unsupported`] with the reason; [`ImageError::TooLarge`], [`ImageError::TooMuchMemory`],
/// [`ImageError::Damaged`].
pub(super) fn decode(bytes: &[u8]) -> Result<Rgba, ImageError> {
    let mut decoder = Decoder::new(Cursor::new(bytes)).map_err(tiff_error)?;
    let (width, height) = decoder.dimensions().map_err(tiff_error)?;
    check_pixels(width, height)?;
    let layout = Layout::read(&mut decoder)?;
    match layout.compression {
        OLD_JPEG => {
            let at = decoder.find_tag_unsigned::<u64>(Tag::Unknown(513)).map_err(tiff_error)?;
            let jpeg = at.and_then(|at| bytes.get(usize::try_from(at).ok()?..));
            match jpeg.filter(|jpeg| jpeg.starts_with(&[0xff, 0xd8, 0xff])) {
                Some(jpeg) => decode_jpeg(jpeg),
                None => Err(unsupported("it is compressed by the JPEG method of TIFF 6.0")),
            }
        }
        FAX_ROWS => Err(unsupported("it is compressed by CCITT's modified Huffman method")),
        FAX_GROUP_3 => fax::decode(bytes, &mut decoder, &layout, width, height),
        _ => colours::of(&samples::read(bytes, &layout, width, height)?, &layout, width, height),
    }
}

/// The number of pages of a TIFF file, without previews of other pages; at least 1.
pub fn pages(file: impl Read + Seek) -> u32 {
    let Ok(mut decoder) = Decoder::new(file) else { return 1 };
    let mut pages = 0;
    for _ in 0..PAGES_MAX {
        let kind = decoder.find_tag_unsigned::<u32>(Tag::NewSubfileType).ok().flatten().unwrap_or(0);
        pages += u32::from(kind & 1 == 0);
        if !decoder.more_images() || decoder.next_image().is_err() {
            break;
        }
    }
    pages.max(1)
}

/// The orientation of the first page, 1 to 8.
pub(super) fn orientation(bytes: &[u8]) -> u8 {
    let decoder = Decoder::new(Cursor::new(bytes)).ok();
    let found = decoder.and_then(|mut decoder| decoder.find_tag_unsigned::<u8>(Tag::Orientation).ok().flatten());
    found.filter(|orientation| (1..=8).contains(orientation)).unwrap_or(1)
}

fn unsupported(reason: impl Into<String>) -> ImageError {
    ImageError::Unsupported { format: "TIFF", reason: reason.into() }
}

fn tiff_error(error: TiffError) -> ImageError {
    match error {
        TiffError::UnsupportedError(TiffUnsupportedError::UnsupportedCompressionMethod(method)) => {
            unsupported(format!("its compression is not supported: {method:?}"))
        }
        TiffError::UnsupportedError(TiffUnsupportedError::UnknownInterpretation) => {
            unsupported("its colours are of a kind that is not known here, such as the raw data of a sensor")
        }
        TiffError::UnsupportedError(error) => unsupported(error.to_string()),
        TiffError::LimitsExceeded | TiffError::IntSizeError => ImageError::TooMuchMemory,
        other => ImageError::Damaged(other.to_string()),
    }
}
