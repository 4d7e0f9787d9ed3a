//! What tells duplicates of a picture from other pictures, and the better from the worse: its outline and its sharpness.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::collection::duplicates::{HASH_HEIGHT, HASH_WIDTH, dhash};
use crate::preprocess::ImageError;

const RGBA: usize = 4;
/// The longer side of the picture whose sharpness is measured, in pixels, if the whole is not smaller. Sharpness compares
/// only between pictures of one size.
const SHARPNESS_PX: u32 = 256;

/// What is kept of a picture's pixels to compare it with others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fingerprint {
    /// The outline of the whole picture, stretched; see [`dhash()`].
    pub dhash: u64,
    /// The variance of the Laplacian of the grey picture, 256 px on its longer side; from 0, higher is sharper. 0 for one
    /// that is less than 3 px wide or high.
    pub sharpness: f32,
}

/// The fingerprint of a picture of `width` x `height` pixels, what is transparent over white.
///
/// # Errors
/// [`ImageError::Damaged`] when there are no pixels, or not `width * height * 4` values.
pub fn fingerprint(rgba_pixels: &[u8], width: u32, height: u32) -> Result<Fingerprint, ImageError> {
    // Wide enough that no claimed size can wrap around.
    let values = u128::from(width) * u128::from(height) * RGBA as u128;
    if values == 0 || rgba_pixels.len() as u128 != values {
        let found = rgba_pixels.len();
        return Err(ImageError::Damaged(format!("{found} values are no picture of {width} x {height} pixels")));
    }
    let longer = width.max(height);
    let scaled = |side: u32| match longer {
        0..=SHARPNESS_PX => side,
        _ => (u64::from(side) * u64::from(SHARPNESS_PX)).div_ceil(u64::from(longer)) as u32,
    };
    let (small_width, small_height) = (scaled(width), scaled(height));
    let opaque = rgba_pixels.iter().skip(3).step_by(RGBA).all(|alpha| *alpha == u8::MAX);
    let small = resized(rgba_pixels, (width, height), (small_width, small_height), PixelType::U8x4, !opaque)?;
    let grey: Vec<u8> = small.as_chunks::<RGBA>().0.iter().map(luma_over_white).collect();
    let hashed = (HASH_WIDTH as u32, HASH_HEIGHT as u32);
    let outline = resized(&grey, (small_width, small_height), hashed, PixelType::U8, false)?;
    let outline = outline.as_slice().try_into().map_err(|_| damaged("the resizer gave another size"))?;
    Ok(Fingerprint { dhash: dhash(outline), sharpness: laplacian_variance(&grey, small_width as usize) })
}

fn resized(
    pixels: &[u8],
    (width, height): (u32, u32),
    (new_width, new_height): (u32, u32),
    pixel_type: PixelType,
    use_alpha: bool,
) -> Result<Vec<u8>, ImageError> {
    let source = ImageRef::new(width, height, pixels, pixel_type).map_err(damaged)?;
    let mut target = Image::new(new_width, new_height, pixel_type);
    // A triangle has no ringing, which would count as sharpness.
    let algorithm = ResizeAlg::Convolution(FilterType::Bilinear);
    let options = ResizeOptions::new().resize_alg(algorithm).use_alpha(use_alpha);
    Resizer::new().resize(&source, &mut target, &options).map_err(damaged)?;
    Ok(target.into_vec())
}

fn damaged(error: impl ToString) -> ImageError {
    ImageError::Damaged(error.to_string())
}

/// Rec. 601's luma, 0 to 255, of a colour that is not multiplied with its alpha.
fn luma_over_white(&[red, green, blue, alpha]: &[u8; RGBA]) -> u8 {
    let luma = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    let alpha = u32::from(alpha);
    ((luma * alpha + 255_000 * (255 - alpha) + 127_500) / 255_000) as u8
}

/// The variance of the Laplacian (the four neighbours less four times the pixel) over the pixels that have all neighbours.
///
/// Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy: a comparative study", 2000. All sums are whole
/// numbers, so that their order does not matter.
fn laplacian_variance(grey: &[u8], width: usize) -> f32 {
    let (mut count, mut sum, mut squares) = (0_i64, 0_i64, 0_i64);
    let rows: Vec<&[u8]> = grey.chunks_exact(width).collect();
    for near in rows.windows(3) {
        for x in 1..width.saturating_sub(1) {
            let at = |row: &[u8], x: usize| i64::from(row[x]);
            let around = at(near[0], x) + at(near[2], x) + at(near[1], x - 1) + at(near[1], x + 1);
            let laplacian = around - 4 * at(near[1], x);
            count += 1;
            sum += laplacian;
            squares += laplacian * laplacian;
        }
    }
    if count == 0 {
        return 0.0;
    }
    let mean = sum as f64 / count as f64;
    (squares as f64 / count as f64 - mean * mean).max(0.0) as f32
}
