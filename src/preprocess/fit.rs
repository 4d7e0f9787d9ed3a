//! Resizing of a decoded image to the square that the network takes.

use std::borrow::Cow;

use fast_image_resize::images::{CroppedImage, Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use super::error::ImageError;
use crate::options::{FeatureKind, SIZE_PX_RANGE};

const RGBA: usize = 4;

/// How an image becomes a square.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// Crop to the largest square at the centre.
    CropCentre,
    /// Stretch the whole image; its proportions change.
    Stretch,
}

impl Framing {
    /// The framing for features of this kind.
    pub fn for_kind(kind: FeatureKind) -> Self {
        match kind {
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

/// Resizes an image of `width` x `height` pixels (red, green, blue, alpha) to `size_px` x `size_px`, composited over white.
/// Returns red, green and blue, row by row: `size_px * size_px * 3` values.
///
/// # Errors
/// [`ImageError::BadSize`] unless `size_px` is a multiple of 32 in [`SIZE_PX_RANGE`]; [`ImageError::Damaged`] if there are no
/// pixels, or not `width * height * 4` values.
pub fn fit(rgba_pixels: &[u8], width: u32, height: u32, size_px: u32, framing: Framing) -> Result<Vec<u8>, ImageError> {
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
    let (width, height) = (width as usize, height as usize);
    let area = match framing {
        Framing::Stretch => Area { left: 0, top: 0, width, height },
        Framing::CropCentre => {
            let side = width.min(height);
            Area { left: (width - side) / 2, top: (height - side) / 2, width: side, height: side }
        }
    };
    let (opaque, stride_px, left, top) = match over_white(rgba_pixels, width, &area) {
        Some(flattened) => (Cow::Owned(flattened), area.width, 0, 0),
        None => (Cow::Borrowed(rgba_pixels), width, area.left, area.top),
    };
    let rows = opaque.len() / RGBA / stride_px;
    let whole =
        ImageRef::new(stride_px as u32, rows as u32, &opaque, PixelType::U8x4).map_err(|error| failed(&error))?;
    // With the resizer's own crop box the filter would read pixels outside the box.
    let source = CroppedImage::new(&whole, left as u32, top as u32, area.width as u32, area.height as u32)
        .map_err(|error| failed(&error))?;
    let mut target = Image::new(size_px, size_px, PixelType::U8x4);
    let options = ResizeOptions::new()
        // Sharper than a triangle filter, with less ringing than Lanczos.
        .resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom))
        .use_alpha(false);
    Resizer::new().resize(&source, &mut target, &options).map_err(|error| failed(&error))?;
    let (pixels, _) = target.buffer().as_chunks::<RGBA>();
    Ok(pixels.iter().flat_map(|&[red, green, blue, _]| [red, green, blue]).collect())
}

/// The area's pixels composited over white, or `None` if all are opaque. This precedes the resizing, which would otherwise mix
/// in the colours of transparent pixels.
fn over_white(rgba_pixels: &[u8], width: usize, area: &Area) -> Option<Vec<u8>> {
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
            let over = |colour: u8| {
                let (colour, alpha) = (u32::from(colour), u32::from(alpha));
                ((colour * alpha + 255 * (255 - alpha) + 127) / 255) as u8
            };
            flattened.extend([over(red), over(green), over(blue), u8::MAX]);
        }
    }
    Some(flattened)
}
