//! The properties by which the images of a group of duplicates are compared.

use crate::collection::images::file_name;
use crate::collection::sidecars::FileKind;

/// The number of columns of [`Traits::to_row`].
pub const TRAIT_COLUMNS: usize = 8;

/// Extensions, in lowercase, of formats that images are rarely taken in but often converted to.
const CONVERTED: [&str; 7] = ["avif", "bmp", "gif", "jxl", "qoi", "tga", "webp"];

/// The properties of an image that are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Traits {
    /// The first row with the same bytes: the image's own row if no earlier one has them.
    pub content: u32,
    /// The number of pixels: width times height.
    pub pixels: u64,
    /// How many pixels would show the same detail, at most [`Self::pixels`]; `None` if it was not measured.
    pub detail: Option<f32>,
    /// The number of bytes.
    pub byte_size: u64,
    /// The sharpness, from 0; `None` if unknown.
    pub sharpness: Option<f32>,
    /// The rank of the file's format, from [`is_original_format`].
    pub is_original_format: bool,
    /// Whether the file has EXIF data of its camera.
    pub has_exif: bool,
    /// When the image was taken, in milliseconds since 1970; `None` if unknown.
    pub captured_ms: Option<f64>,
}

impl Traits {
    /// The traits as numbers, for a message: NaN stands for an unknown value.
    pub fn to_row(&self) -> [f64; TRAIT_COLUMNS] {
        [
            self.content.into(),
            self.pixels as f64,
            self.detail.map_or(f64::NAN, f64::from),
            self.byte_size as f64,
            self.sharpness.map_or(f64::NAN, f64::from),
            f64::from(u8::from(self.is_original_format)),
            f64::from(u8::from(self.has_exif)),
            self.captured_ms.unwrap_or(f64::NAN),
        ]
    }

    /// Reads what [`Self::to_row`] wrote.
    pub fn from_row(row: &[f64; TRAIT_COLUMNS]) -> Self {
        let known = |value: f64| Some(value).filter(|value| !value.is_nan());
        let [content, pixels, detail, byte_size, sharpness, is_original_format, has_exif, captured_ms] = *row;
        Self {
            content: content as u32,
            pixels: pixels as u64,
            detail: known(detail).map(|detail| detail as f32),
            byte_size: byte_size as u64,
            sharpness: known(sharpness).map(|sharpness| sharpness as f32),
            is_original_format: is_original_format > 0.0,
            has_exif: has_exif > 0.0,
            captured_ms: known(captured_ms),
        }
    }
}

/// Whether images are taken or saved in this file's format, rather than converted to it to be sent or published.
pub fn is_original_format(path: &str) -> bool {
    if FileKind::of(path) == FileKind::Raw {
        return true;
    }
    let extension = file_name(path).rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    extension.is_none_or(|extension| !CONVERTED.contains(&extension.as_str()))
}
