//! What the beginning of a file says of the image, read without a decoder: the worker contains none.

use imagesize::ImageError as HeaderError;

use super::error::ImageError;
use super::{jpeg, pixels};

/// How a BMP file begins.
const BMP: &[u8] = b"BM";
/// How a PAM file, the general format of the PNM family, begins.
const PAM: &[u8] = b"P7\n";
/// How many bytes of a PAM file are searched for its size.
const PAM_HEADER_BYTES: usize = 1024;

/// The EXIF orientation of a JPEG, 1 to 8; 1 in a file without it. The beginning of the file suffices.
pub fn exif_orientation(bytes: &[u8]) -> u8 {
    jpeg::orientation(bytes).unwrap_or(1)
}

/// Reads an image's width and height in pixels, before its orientation is applied, from the header. The beginning of the file
/// suffices. `None` if the format is unknown to this program; a browser may know it.
///
/// # Errors
/// [`ImageError::EmptyFile`]; [`ImageError::TooLarge`] beyond [`MAX_MEGAPIXELS`](super::MAX_MEGAPIXELS);
/// [`ImageError::Damaged`] if the header of a known format cannot be read.
pub fn probe(bytes: &[u8]) -> Result<Option<(u32, u32)>, ImageError> {
    if bytes.is_empty() {
        return Err(ImageError::EmptyFile);
    }
    let sides = match imagesize::blob_size(bytes) {
        Ok(size) => [size.width, size.height],
        Err(HeaderError::NotSupported) if bytes.starts_with(PAM) => pam_sides(bytes)?,
        Err(HeaderError::NotSupported) => return Ok(None),
        Err(error) => return Err(ImageError::Damaged(error.to_string())),
    };
    // No file has sides beyond 32 bits: a claim of more is as large as can be said.
    let [width, height] = sides.map(|side| match bytes.starts_with(BMP) {
        // Negative in a file whose rows go from top to bottom.
        true => (side as i32).unsigned_abs(),
        false => u32::try_from(side).unwrap_or(u32::MAX),
    });
    pixels::check_pixels(width, height)?;
    Ok(Some((width, height)))
}

/// Width and height in the lines of a PAM file's header, which `imagesize` does not know.
fn pam_sides(bytes: &[u8]) -> Result<[usize; 2], ImageError> {
    let lines = bytes[..bytes.len().min(PAM_HEADER_BYTES)]
        .split(|byte| *byte == b'\n')
        .map_while(|line| str::from_utf8(line).ok());
    let header: Vec<&str> = lines.take_while(|line| *line != "ENDHDR").collect();
    let side = |name: &str| header.iter().find_map(|line| line.strip_prefix(name)?.trim().parse().ok());
    match [side("WIDTH "), side("HEIGHT ")] {
        [Some(width), Some(height)] => Ok([width, height]),
        _ => Err(ImageError::Damaged("its header has no size".into())),
    }
}
