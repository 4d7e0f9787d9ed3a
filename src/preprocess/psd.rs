//! The merged image of a Photoshop file (PSD or PSB): what it shows, without its layers.
//!
//! Source: Adobe, "Photoshop File Formats Specification", sections "File Header" to "Image Data". Files that were saved without
//! "Maximize Compatibility" have a white merged image. The crate `psd` panics on damaged files, and `zune-psd` reads neither CMYK nor
//! large files.

use super::error::ImageError;
use super::pixels::{Rgba, check_pixels};

/// Values of the header's colour mode.
const BITMAP: u16 = 0;
const GREY: u16 = 1;
const INDEXED: u16 = 2;
const RGB: u16 = 3;
const CMYK: u16 = 4;
const DUOTONE: u16 = 8;

/// Decodes the merged image of a file that begins with `8BPS`.
///
/// # Errors
/// [`ImageError::Unsupported`], [`ImageError::TooLarge`], [`ImageError::Damaged`].
pub(super) fn decode(bytes: &[u8]) -> Result<Rgba, ImageError> {
    let mut reader = Reader(bytes.get(4..).unwrap_or_default());
    let is_large = match reader.u16()? {
        1 => false,
        2 => true,
        _ => return Err(unsupported("its version is not supported")),
    };
    reader.take(6)?;
    let channels = usize::from(reader.u16()?);
    let (height, width) = (reader.u32()?, reader.u32()?);
    let (depth, mode) = (reader.u16()?, reader.u16()?);
    check_pixels(width, height)?;
    let colours = match mode {
        BITMAP | GREY | INDEXED | DUOTONE => 1,
        RGB => 3,
        CMYK => 4,
        _ => return Err(unsupported("its colour mode is not supported")),
    };
    if !matches!((mode, depth), (BITMAP, 1)) && !matches!(depth, 8 | 16) {
        return Err(unsupported("colours of 32 bits are not supported"));
    }
    if channels < colours || channels > 56 {
        return Err(damaged("it has too few channels"));
    }
    let palette = reader.section(false)?;
    if mode == INDEXED && palette.len() < 768 {
        return Err(damaged("its palette is too short"));
    }
    reader.section(false)?;
    let layers = reader.section(is_large)?;
    let compression = reader.u16()?;
    let (columns, rows) = (width as usize, height as usize);
    let row_bytes = (columns * usize::from(depth)).div_ceil(8);
    // Beyond the colours, the first channel is the transparency of the merged image if the count of layers says so.
    let has_alpha = channels > colours && mode != INDEXED && first_layer_count(layers, is_large) < 0;
    let planes: Vec<Vec<u8>> = match compression {
        0 => (0..colours + usize::from(has_alpha))
            .map(|_| Ok(reader.take(row_bytes * rows)?.to_vec()))
            .collect::<Result<_, _>>()?,
        1 => unpacked_planes(&mut reader, channels, colours + usize::from(has_alpha), rows, row_bytes, is_large)?,
        _ => return Err(unsupported("its compression is not supported")),
    };
    let sample = |plane: usize, x: usize, y: usize| -> u8 {
        let row = &planes[plane][y * row_bytes..][..row_bytes];
        match depth {
            // Black is 1.
            1 => [255, 0][usize::from(row[x / 8] >> (7 - x % 8) & 1)],
            8 => row[x],
            // The higher byte of each sample comes first.
            _ => row[2 * x],
        }
    };
    let mut pixels_rgba_u8 = Vec::with_capacity(columns * rows * 4);
    for y in 0..rows {
        for x in 0..columns {
            let at = |plane| sample(plane, x, y);
            let colour = match mode {
                RGB => [at(0), at(1), at(2)],
                // Inks are stored inverted.
                CMYK => [0, 1, 2].map(|plane| (u16::from(at(plane)) * u16::from(at(3)) / 255) as u8),
                INDEXED => [0, 256, 512].map(|plane| palette[plane + usize::from(at(0))]),
                _ => [at(0); 3],
            };
            pixels_rgba_u8.extend(colour);
            pixels_rgba_u8.push(if has_alpha { at(colours) } else { u8::MAX });
        }
    }
    Ok(Rgba { width, height, pixels_rgba_u8 })
}

/// The signed number of layers; 0 without layers. Negative if the first extra channel is the merged image's transparency.
fn first_layer_count(layers: &[u8], is_large: bool) -> i16 {
    let at = if is_large { 8 } else { 4 };
    layers.get(at..at + 2).map_or(0, |bytes| i16::from_be_bytes([bytes[0], bytes[1]]))
}

/// The first `wanted` of the planes, each row packed by PackBits.
fn unpacked_planes(
    reader: &mut Reader<'_>,
    channels: usize,
    wanted: usize,
    rows: usize,
    row_bytes: usize,
    is_large: bool,
) -> Result<Vec<Vec<u8>>, ImageError> {
    let mut lengths = Vec::new();
    for _ in 0..channels * rows {
        lengths.push(if is_large { reader.u32()? as usize } else { usize::from(reader.u16()?) });
    }
    let mut planes = Vec::with_capacity(wanted);
    for lengths in lengths.chunks_exact(rows).take(wanted) {
        let mut plane = Vec::with_capacity(rows * row_bytes);
        for &length in lengths {
            let end = plane.len() + row_bytes;
            unpack(reader.take(length)?, &mut plane, end);
            plane.resize(end, 0);
        }
        planes.push(plane);
    }
    Ok(planes)
}

/// Appends what `packed` holds, up to `end`.
fn unpack(packed: &[u8], plane: &mut Vec<u8>, end: usize) {
    let mut packed = packed.iter().copied();
    while let Some(head) = packed.next().filter(|_| plane.len() < end) {
        match head {
            0..128 => plane.extend(packed.by_ref().take(usize::from(head) + 1)),
            128 => {}
            _ => plane
                .extend(packed.next().into_iter().flat_map(|byte| std::iter::repeat_n(byte, 257 - usize::from(head)))),
        }
    }
    plane.truncate(end);
}

fn unsupported(reason: &str) -> ImageError {
    ImageError::Unsupported { format: "Photoshop", reason: reason.into() }
}

fn damaged(reason: &str) -> ImageError {
    ImageError::Damaged(reason.into())
}

/// Big-endian numbers from the start of bytes.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, length: usize) -> Result<&'a [u8], ImageError> {
        let (taken, rest) = self.0.split_at_checked(length).ok_or_else(|| damaged("it ends early"))?;
        self.0 = rest;
        Ok(taken)
    }

    fn u16(&mut self) -> Result<u16, ImageError> {
        self.take(2).map(|bytes| u16::from_be_bytes([bytes[0], bytes[1]]))
    }

    fn u32(&mut self) -> Result<u32, ImageError> {
        self.take(4).map(|bytes| u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    }

    /// A section after its length, of eight bytes in large files.
    fn section(&mut self, is_large: bool) -> Result<&'a [u8], ImageError> {
        let high = if is_large { self.u32()? } else { 0 };
        let low = self.u32()?;
        let length = usize::try_from(u64::from(high) << 32 | u64::from(low)).map_err(|_| damaged("it ends early"))?;
        self.take(length)
    }
}
