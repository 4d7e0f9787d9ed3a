//! Formats that `image` does not know by itself: decoded where a small crate or little code does it, else refused by name.

use std::io::Cursor;

use image::DynamicImage;
use image::codecs::tga::TgaDecoder;

use super::error::ImageError;
use super::pixels::{image_of, read_decoder, unsized_error};
use super::psd;

/// The first bytes of a Photoshop file.
const PSD: &[u8] = b"8BPS";
/// The first bytes of JPEG XL: of a file, and of bare data.
const JPEG_XL: [&[u8]; 2] = [b"\0\0\0\x0cJXL \r\n\x87\n", b"\xff\x0a"];
/// The first bytes of formats that `image` decodes by [`register`]: JPEG 2000 (file and bare data), Apple icons, SGI.
const REGISTERED: [&[u8]; 4] = [b"\0\0\0\x0cjP  \r\n\x87\n", b"\xff\x4f\xff\x51", b"icns", b"\x01\xda"];

/// Makes `image` decode JPEG 2000, Apple icons, PCX and SGI.
pub(super) fn register() {
    image_extras::register();
    hayro_jpeg2000::integration::register_decoding_hook();
}

/// Whether a file that begins with `start` is of one of these formats.
pub fn is_other_format(start: &[u8]) -> bool {
    let begins_with = |magic: &&[u8]| start.starts_with(magic);
    start.starts_with(PSD) || JPEG_XL.iter().chain(&REGISTERED).any(begins_with) || is_pcx(start) || is_tga(start)
}

/// Decodes a file of a format that `image` does not guess.
///
/// # Errors
/// [`ImageError::NotAPicture`] if it is of none of these formats; those of [`decode`](super::decode()).
pub(super) fn decode(bytes: &[u8]) -> Result<DynamicImage, ImageError> {
    if bytes.starts_with(PSD) {
        return image_of(psd::decode(bytes)?);
    }
    if is_tga(bytes) {
        return TgaDecoder::new(Cursor::new(bytes)).map_err(unsized_error).and_then(read_decoder);
    }
    if JPEG_XL.iter().any(|magic| bytes.starts_with(magic)) {
        let reason = "there is no decoder for it here; export it as JPEG or PNG".into();
        return Err(ImageError::Unsupported { format: "JPEG XL", reason });
    }
    Err(ImageError::NotAPicture)
}

/// Whether the header is that of a PCX file.
fn is_pcx(bytes: &[u8]) -> bool {
    matches!(bytes, [0x0a, 0 | 2..=5, 1, 1 | 2 | 4 | 8, ..])
}

/// Whether a file is a Targa image. Most have no signature: every field of the header must be sensible.
fn is_tga(bytes: &[u8]) -> bool {
    let Some(header) = bytes.first_chunk::<18>() else { return false };
    let &[_, palette, kind, _, _, palette_low, palette_high, palette_bits, ..] = header;
    let (width, height) = (u16::from_le_bytes([header[12], header[13]]), u16::from_le_bytes([header[14], header[15]]));
    let (bits, descriptor) = (header[16], header[17]);
    let colours = u16::from_le_bytes([palette_low, palette_high]);
    let is_sensible = match (kind, palette) {
        (1 | 9, 1) => bits == 8 && matches!(palette_bits, 15 | 16 | 24 | 32) && (1..=256).contains(&colours),
        (2 | 10, 0) => matches!(bits, 15 | 16 | 24 | 32) && colours == 0,
        (3 | 11, 0) => matches!(bits, 8 | 16) && colours == 0,
        _ => false,
    };
    // The descriptor: no interleaving, and as many bits of alpha as there are.
    is_sensible && width > 0 && height > 0 && descriptor & 0xc0 == 0 && matches!(descriptor & 0x0f, 0 | 1 | 8)
}
