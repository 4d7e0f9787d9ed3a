//! The samples of a TIFF file as they are stored, as numbers.

use std::io::{Cursor, Read, Seek};

use tiff::decoder::{Decoder, DecodingResult, Limits};
use tiff::tags::Tag;

use super::{tiff_error, unsupported};
use crate::preprocess::error::ImageError;

/// The most samples that are read: each takes four bytes more than in the file.
const SAMPLES_MAX: u64 = 160_000_000;
/// The value of `PhotometricInterpretation` whose samples the `tiff` crate returns as they are, however many there are.
const BLACK_IS_ZERO: u16 = 1;
/// The value of `SampleFormat` for floats.
const FLOAT: u16 = 3;

/// How the first page of a file is stored.
pub(super) struct Layout {
    /// The tag `Compression`.
    pub compression: u16,
    /// The tag `PhotometricInterpretation`.
    pub photometric: u16,
    /// The samples of a pixel, extra ones included.
    pub samples: usize,
    /// The bits of a sample.
    pub bits: u32,
    /// Whether samples are floats.
    pub is_float: bool,
    /// The tag `ExtraSamples`: what the samples mean beyond those of the colour.
    pub extra: Vec<u16>,
    /// The tag `ColorMap`, of files with a palette.
    pub palette: Vec<u16>,
    is_planar: bool,
}

impl Layout {
    /// Reads the tags of the first page.
    pub fn read<R: Read + Seek>(decoder: &mut Decoder<R>) -> Result<Self, ImageError> {
        let mut one = |tag, default: u16| {
            let value = decoder.find_tag_unsigned_vec::<u16>(tag).map_err(tiff_error)?;
            Ok::<_, ImageError>(value.and_then(|values| values.first().copied()).unwrap_or(default))
        };
        let format = one(Tag::SampleFormat, 1)?;
        let (compression, photometric) = (one(Tag::Compression, 1)?, one(Tag::PhotometricInterpretation, u16::MAX)?);
        let (samples, bits) = (one(Tag::SamplesPerPixel, 1)?, one(Tag::BitsPerSample, 1)?);
        let is_planar = one(Tag::PlanarConfiguration, 1)? == 2;
        let mut all =
            |tag| Ok::<_, ImageError>(decoder.find_tag_unsigned_vec(tag).map_err(tiff_error)?.unwrap_or_default());
        Ok(Self {
            compression,
            photometric,
            samples: usize::from(samples),
            bits: bits.into(),
            is_float: format == FLOAT,
            extra: all(Tag::ExtraSamples)?,
            palette: all(Tag::ColorMap)?,
            is_planar: is_planar && samples > 1,
        })
    }
}

/// The samples of the first page, shape `[height, width, samples]`: integers from 0 to 1, where 1 is the highest value, and floats
/// as they are.
pub(super) fn read(bytes: &[u8], layout: &Layout, width: u32, height: u32) -> Result<Vec<f32>, ImageError> {
    let (columns, rows) = (width as usize, height as usize);
    if u64::from(width) * u64::from(height) * layout.samples as u64 > SAMPLES_MAX {
        return Err(ImageError::TooMuchMemory);
    }
    let patched =
        with_photometric(bytes, BLACK_IS_ZERO).ok_or_else(|| unsupported("it does not say what its colours mean"))?;
    let mut decoder = Decoder::new(Cursor::new(patched)).map_err(tiff_error)?.with_limits(limits());
    let mut found = DecodingResult::U8(Vec::new());
    let planes = decoder.read_image_to_buffer(&mut found).map_err(tiff_error)?;
    if found.as_buffer(0).as_bytes().len() < planes.complete_len {
        return Err(ImageError::TooMuchMemory);
    }
    let per_row = columns * if layout.is_planar { 1 } else { layout.samples };
    let values = numbers(found, layout, per_row)?;
    let expected = rows * columns * layout.samples;
    if values.len() != expected {
        return Err(ImageError::Damaged(format!("{} samples instead of {expected}", values.len())));
    }
    if !layout.is_planar {
        return Ok(values);
    }
    let plane = rows * columns;
    Ok((0..expected).map(|place| values[place % layout.samples * plane + place / layout.samples]).collect())
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.decoding_buffer_size = 2 * SAMPLES_MAX as usize;
    limits.intermediate_buffer_size = SAMPLES_MAX as usize;
    limits
}

/// The samples as numbers. Those of less than a byte are packed in rows of `per_row`, each row in whole bytes.
fn numbers(found: DecodingResult, layout: &Layout, per_row: usize) -> Result<Vec<f32>, ImageError> {
    // Half of the range, where signed integers are 0.
    let signed = |share: f32| (share + 1.0) / 2.0;
    Ok(match found {
        DecodingResult::U8(packed) if matches!(layout.bits, 1 | 2 | 4) => unpacked(&packed, layout.bits, per_row),
        DecodingResult::U8(values) => values.into_iter().map(|value| f32::from(value) / 255.0).collect(),
        DecodingResult::U16(values) => {
            // Some scanners store 10, 12 or 14 bits in two bytes.
            let most = ((1_u32 << layout.bits.clamp(9, 16)) - 1) as f32;
            values.into_iter().map(|value| f32::from(value) / most).collect()
        }
        DecodingResult::U32(values) => {
            values.into_iter().map(|value| (f64::from(value) / f64::from(u32::MAX)) as f32).collect()
        }
        DecodingResult::I8(values) => values.into_iter().map(|value| signed(f32::from(value) / 128.0)).collect(),
        DecodingResult::I16(values) => values.into_iter().map(|value| signed(f32::from(value) / 32_768.0)).collect(),
        DecodingResult::I32(values) => values.into_iter().map(|value| signed(value as f32 / 2_147_483_648.0)).collect(),
        DecodingResult::F16(values) => values.into_iter().map(f32::from).collect(),
        DecodingResult::F32(values) => values,
        DecodingResult::F64(values) => values.into_iter().map(|value| value as f32).collect(),
        _ => return Err(unsupported(format!("samples of {} bits are not supported", layout.bits))),
    })
}

fn unpacked(packed: &[u8], bits: u32, per_row: usize) -> Vec<f32> {
    let per_byte = 8 / bits as usize;
    let most = (1_u32 << bits) - 1;
    let value = |row: &[u8], place: usize| {
        let shift = 8 - bits * (place % per_byte + 1) as u32;
        (u32::from(row[place / per_byte]) >> shift & most) as f32 / most as f32
    };
    let rows = packed.chunks_exact(per_row.div_ceil(per_byte).max(1));
    rows.flat_map(|row| (0..per_row).map(move |place| value(row, place))).collect()
}

/// The file with another `PhotometricInterpretation` on its first page, `None` if it has none.
fn with_photometric(bytes: &[u8], value: u16) -> Option<Vec<u8>> {
    let mut file = bytes.to_vec();
    let little = bytes.starts_with(b"II");
    let number = |at: usize, length: usize| -> Option<u64> {
        let digits = bytes.get(at..at.checked_add(length)?)?.iter();
        let fold = |sum: u64, byte: &u8| sum << 8 | u64::from(*byte);
        Some(if little { digits.rev().fold(0, fold) } else { digits.fold(0, fold) })
    };
    let (offset_at, offset_length, count_length, entry_length) = match number(2, 2)? {
        42 => (4, 4, 2, 12),
        43 => (8, 8, 8, 20),
        _ => return None,
    };
    let directory = usize::try_from(number(offset_at, offset_length)?).ok()?;
    let count = usize::try_from(number(directory, count_length)?).ok()?;
    for index in 0..count.min(1000) {
        let entry = directory.checked_add(count_length + index * entry_length)?;
        if number(entry, 2)? == u64::from(Tag::PhotometricInterpretation.to_u16()) {
            let place = file.get_mut(entry + entry_length - offset_length..)?.get_mut(..2)?;
            place.copy_from_slice(&if little { value.to_le_bytes() } else { value.to_be_bytes() });
            return Some(file);
        }
    }
    None
}
