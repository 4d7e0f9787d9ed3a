//! The embedded preview of a raw image.
//!
//! Every camera's raw file contains a JPEG that the camera made of it, in a place that differs between makers: directories of
//! TIFF (CR2, NEF, ARW, DNG, PEF, SRW), notes of the maker (ORF), tags (RW2), a header (RAF), boxes (CR3). A JPEG is recognised by
//! its own bytes wherever it is, so that no container needs to be read: its segments lead from its first marker to the size in
//! its frame header. The data of the sensor may be a lossless JPEG, which has another frame header.
//!
//! Source: ITU-T T.81, annex B.

use super::error::ImageError;
use super::jpeg;

/// The least length of a preview's longer side, in pixels; thumbnails are smaller.
pub const LEAST_PREVIEW_PX: u32 = 512;

/// A JPEG in a file.
#[derive(Clone, Copy)]
struct Jpeg {
    start: usize,
    width: u32,
    height: u32,
}

/// The largest JPEG preview of a raw image, as a JPEG file with the orientation of the raw file, unless it has its own.
///
/// # Errors
/// [`ImageError::EmptyFile`]; [`ImageError::NoRawPreview`] if its longer side is shorter than `LEAST_PREVIEW_PX`.
pub fn raw_preview(bytes: &[u8]) -> Result<Vec<u8>, ImageError> {
    if bytes.is_empty() {
        return Err(ImageError::EmptyFile);
    }
    let area = |jpeg: &Jpeg| u64::from(jpeg.width) * u64::from(jpeg.height);
    // The first of equal size.
    let largest = jpegs(bytes).reduce(|best, jpeg| if area(&jpeg) > area(&best) { jpeg } else { best });
    let is_large = |jpeg: &Jpeg| jpeg.width.max(jpeg.height) >= LEAST_PREVIEW_PX;
    let Some(preview) = largest.filter(is_large) else {
        return Err(ImageError::NoRawPreview { least_px: LEAST_PREVIEW_PX });
    };
    let jpeg = &bytes[preview.start..];
    let orientation = raw_orientation(bytes);
    if orientation == 1 || jpeg::orientation(jpeg).is_some() {
        Ok(jpeg.to_vec())
    } else {
        Ok(with_orientation(jpeg, orientation))
    }
}

/// The JPEGs in a file that are not lossless, in order, thumbnails within others included.
fn jpegs(bytes: &[u8]) -> impl Iterator<Item = Jpeg> {
    let starts = bytes.windows(3).enumerate().filter(|(_, window)| *window == [0xff, 0xd8, 0xff]);
    starts.filter_map(|(start, _)| {
        let (width, height) = frame_size(&bytes[start..])?;
        Some(Jpeg { start, width, height })
    })
}

/// Width and height of a JPEG by its frame header, if that is of a kind that is decoded: baseline, extended or progressive, of 8
/// bits.
fn frame_size(jpeg: &[u8]) -> Option<(u32, u32)> {
    let (marker, frame) =
        jpeg::segments(jpeg).find(|(marker, _)| matches!(marker, 0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcf))?;
    let &[8, h0, h1, w0, w1, 1 | 3 | 4, ..] = frame else { return None };
    let (width, height) = (u16::from_be_bytes([w0, w1]), u16::from_be_bytes([h0, h1]));
    (marker <= 0xc2 && width > 0 && height > 0).then_some((width.into(), height.into()))
}

/// The orientation, 1 to 8, of a raw file: that of its first directory, or of the one in a CR3 file's box `CMT1`.
fn raw_orientation(bytes: &[u8]) -> u8 {
    let in_box = || {
        let at = bytes.windows(8).position(|window| window.starts_with(b"CMT1") && is_tiff(&window[4..]))?;
        jpeg::directory_orientation(&bytes[at + 4..])
    };
    jpeg::directory_orientation(bytes).or_else(in_box).unwrap_or(1)
}

fn is_tiff(bytes: &[u8]) -> bool {
    bytes.starts_with(b"II*\0") || bytes.starts_with(b"MM\0*")
}

/// The JPEG with EXIF data that say this orientation.
fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut file = jpeg[..2].to_vec();
    // A segment of 34 bytes: one directory with one entry.
    file.extend(b"\xff\xe1\0\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0");
    file.extend([orientation, 0, 0, 0, 0, 0, 0]);
    file.extend(&jpeg[2..]);
    file
}
