//! Resizing of a decoded image to the square that the network takes.

use std::borrow::Cow;

use fast_image_resize::images::{CroppedImage, Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::error::ImageError;
use super::ground::Ground;
use crate::options::{FeatureKind, SIZE_PX_RANGE};

const RGBA: usize = 4;
const RGB: usize = 3;

/// How an image becomes a square.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// Crop to the largest square at the centre.
    CropCentre,
    /// Stretch the whole image; its proportions change.
    Stretch,
    /// Scale the whole image to the square's width or height, between bars of its ground.
    Letterbox,
}

/// The ratio of an image's sides above which it is not cropped to its centre: of a long screenshot, that shows too little.
const EXTREME_RATIO: u64 = 3;

impl Framing {
    /// The framing of an image of `width` x `height` pixels for features of this kind.
    pub fn new(kind: FeatureKind, width: u32, height: u32) -> Self {
        let (short, long) = (u64::from(width.min(height)), u64::from(width.max(height)));
        match kind {
            FeatureKind::Pooled if long > EXTREME_RATIO * short => Self::Letterbox,
            FeatureKind::Pooled => Self::CropCentre,
            FeatureKind::Flat => Self::Stretch,
        }
    }
}

/// A rectangle of an image, in pixels.
struct Area {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

/// Resizes an image of `width` x `height` pixels (red, green, blue, alpha) to `size_px` x `size_px`, composited over its
/// [ground](Ground::of). Returns red, green and blue, row by row: `size_px * size_px * 3` values.
///
/// # Errors
/// [`ImageError::BadSize`] unless `size_px` is a multiple of 32 in [`SIZE_PX_RANGE`]; [`ImageError::Damaged`] if there are no
/// pixels, or not `width * height * 4` values.
pub fn fit(rgba_pixels: &[u8], width: u32, height: u32, size_px: u32, framing: Framing) -> Result<Vec<u8>, ImageError> {
    fit_over(Ground::of(rgba_pixels), rgba_pixels, width, height, size_px, framing)
}

/// [`fit`] over a given ground.
///
/// # Errors
/// As [`fit`].
pub fn fit_over(
    ground: Ground,
    rgba_pixels: &[u8],
    width: u32,
    height: u32,
    size_px: u32,
    framing: Framing,
) -> Result<Vec<u8>, ImageError> {
    if !SIZE_PX_RANGE.contains(&size_px) || !size_px.is_multiple_of(32) {
        return Err(ImageError::BadSize(size_px));
    }
    // 128 bits: no claimed size can overflow.
    let values = u128::from(width) * u128::from(height) * RGBA as u128;
    if values == 0 || rgba_pixels.len() as u128 != values {
        let found = rgba_pixels.len();
        return Err(ImageError::Damaged(format!("{found} values do not make a picture of {width} x {height} pixels")));
    }
    let failed = |error: &dyn std::error::Error| ImageError::Damaged(error.to_string());
    let (fitted_width, fitted_height) = match framing {
        Framing::CropCentre | Framing::Stretch => (size_px, size_px),
        Framing::Letterbox => scaled_to(size_px, width, height),
    };
    let (width, height) = (width as usize, height as usize);
    let area = match framing {
        Framing::Stretch | Framing::Letterbox => Area { left: 0, top: 0, width, height },
        Framing::CropCentre => {
            let side = width.min(height);
            Area { left: (width - side) / 2, top: (height - side) / 2, width: side, height: side }
        }
    };
    let (opaque, stride_px, left, top) = match flattened(ground, rgba_pixels, width, &area) {
        Some(flattened) => (Cow::Owned(flattened), area.width, 0, 0),
        None => (Cow::Borrowed(rgba_pixels), width, area.left, area.top),
    };
    let rows = opaque.len() / RGBA / stride_px;
    let whole =
        ImageRef::new(stride_px as u32, rows as u32, &opaque, PixelType::U8x4).map_err(|error| failed(&error))?;
    // With the resizer's own crop box the filter would read pixels outside the box.
    let source = CroppedImage::new(&whole, left as u32, top as u32, area.width as u32, area.height as u32)
        .map_err(|error| failed(&error))?;
    let mut target = Image::new(fitted_width, fitted_height, PixelType::U8x4);
    let options = ResizeOptions::new()
        // Sharper than a triangle filter, with less ringing than Lanczos.
        .resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom))
        .use_alpha(false);
    Resizer::new().resize(&source, &mut target, &options).map_err(|error| failed(&error))?;
    let (pixels, _) = target.buffer().as_chunks::<RGBA>();
    let pixels = pixels.iter().flat_map(|&[red, green, blue, _]| [red, green, blue]);
    if (fitted_width, fitted_height) == (size_px, size_px) {
        return Ok(pixels.collect());
    }
    Ok(between_bars(ground, &pixels.collect::<Vec<u8>>(), fitted_width as usize, size_px as usize))
}

/// Width and height of an image that is scaled until its longer side has `longest_px`; at least 1.
pub fn scaled_to(longest_px: u32, width: u32, height: u32) -> (u32, u32) {
    let scale = f64::from(longest_px) / f64::from(width.max(height));
    let scaled = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
    (scaled(width), scaled(height))
}

/// A square of `size_px` in the colour of `ground`, with an image of this `width` (red, green, blue) in its middle.
fn between_bars(ground: Ground, rgb_pixels: &[u8], width: usize, size_px: usize) -> Vec<u8> {
    let mut square = ground.rgb().repeat(size_px * size_px);
    let rows = rgb_pixels.chunks_exact(width * RGB);
    let (left, top) = ((size_px - width) / 2, (size_px - rows.len()) / 2);
    for (y, row) in rows.enumerate() {
        square[((top + y) * size_px + left) * RGB..][..row.len()].copy_from_slice(row);
    }
    square
}

/// The area's pixels composited over `ground`, or `None` if all are opaque. This precedes the resizing, which would otherwise mix
/// in the colours of transparent pixels.
fn flattened(ground: Ground, rgba_pixels: &[u8], width: usize, area: &Area) -> Option<Vec<u8>> {
    let rows = || {
        rgba_pixels
            .chunks_exact(width * RGBA)
            .skip(area.top)
            .take(area.height)
            .map(|row| &row[area.left * RGBA..(area.left + area.width) * RGBA])
    };
    if rows().all(|row| row.iter().skip(3).step_by(RGBA).all(|alpha| *alpha == u8::MAX)) {
        return None;
    }
    let mut flattened = Vec::with_capacity(area.width * area.height * RGBA);
    for row in rows() {
        for &[red, green, blue, alpha] in row.as_chunks::<RGBA>().0 {
            let over = |colour: u8| ground.under(colour, alpha);
            flattened.extend([over(red), over(green), over(blue), u8::MAX]);
        }
    }
    Some(flattened)
}
