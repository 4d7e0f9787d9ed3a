//! TIFF files that are compressed by fax Group 3 in one dimension.

use std::io::{Read, Seek};

use fax::Color;
use fax::decoder::{decode_g3, pels};
use tiff::decoder::Decoder;
use tiff::tags::Tag;

use super::samples::Layout;
use super::{tiff_error, unsupported};
use crate::preprocess::error::ImageError;
use crate::preprocess::pixels::Rgba;

/// The tag `T4Options`, and its bit for rows that refer to the row above.
const T4_OPTIONS: Tag = Tag::Unknown(292);
const TWO_DIMENSIONS: u32 = 1;
/// The value of `FillOrder` for bytes that begin with their lowest bit.
const LOWEST_FIRST: u16 = 2;

pub(super) fn decode<R: Read + Seek>(
    bytes: &[u8],
    decoder: &mut Decoder<R>,
    layout: &Layout,
    width: u32,
    height: u32,
) -> Result<Rgba, ImageError> {
    let options = decoder.find_tag_unsigned::<u32>(T4_OPTIONS).map_err(tiff_error)?.unwrap_or(0);
    if options & TWO_DIMENSIONS != 0 {
        return Err(unsupported("it is compressed by fax Group 3 in two dimensions"));
    }
    let reversed = decoder.find_tag_unsigned::<u16>(Tag::FillOrder).map_err(tiff_error)? == Some(LOWEST_FIRST);
    let columns = u16::try_from(width).map_err(|_| unsupported("it is too wide for a fax"))?;
    let mut offsets = |tag| decoder.find_tag_unsigned_vec::<u64>(tag).map_err(tiff_error);
    let (starts, lengths) = (offsets(Tag::StripOffsets)?, offsets(Tag::StripByteCounts)?);
    let (starts, lengths) = (starts.unwrap_or_default(), lengths.unwrap_or_default());
    // A row takes several bits at least.
    if u64::from(height) > 8 * bytes.len() as u64 {
        return Err(ImageError::Damaged("it has too few rows".into()));
    }
    let rows_per_strip = decoder.find_tag_unsigned::<u32>(Tag::RowsPerStrip).map_err(tiff_error)?.unwrap_or(height);
    // White is 0 in most faxes.
    let black = if layout.photometric == 0 { 0 } else { u8::MAX };
    let mut pixels_rgba_u8 = vec![u8::MAX - black; width as usize * height as usize * 4];
    let mut rows = pixels_rgba_u8.chunks_exact_mut(width as usize * 4);
    for (start, length) in starts.into_iter().zip(lengths) {
        let range = usize::try_from(start).ok().zip(usize::try_from(length).ok());
        let strip = range.and_then(|(start, length)| bytes.get(start..start.checked_add(length)?));
        let strip = strip.ok_or_else(|| ImageError::Damaged("a strip lies outside the file".into()))?;
        let mut left = rows_per_strip;
        let ordered = strip.iter().map(|&byte| if reversed { byte.reverse_bits() } else { byte });
        // Without a mark at its end, which many files lack, the strip ends after its last row.
        let _ = decode_g3(ordered, |changes| {
            if left == 0 {
                return;
            }
            left -= 1;
            let Some(row) = rows.next() else { return };
            for (pixel, colour) in row.as_chunks_mut::<4>().0.iter_mut().zip(pels(changes, columns)) {
                let value = if colour == Color::Black { black } else { u8::MAX - black };
                *pixel = [value, value, value, u8::MAX];
            }
        });
    }
    // Rows that are missing stay blank.
    rows.for_each(|row| row.as_chunks_mut::<4>().0.iter_mut().for_each(|pixel| pixel[3] = u8::MAX));
    Ok(Rgba { width, height, pixels_rgba_u8 })
}
