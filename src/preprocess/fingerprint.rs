//! Fingerprints, which identify near duplicates and the best of them: a difference hash and the sharpness.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use serde::{Deserialize, Serialize};

use super::error::ImageError;
use crate::collection::duplicates::{HASH_HEIGHT, HASH_WIDTH, dhash};

const RGBA: usize = 4;
/// The longer side, in pixels, to which larger images are reduced before their sharpness is measured: only the sharpness of
/// images of the same size is comparable.
const SHARPNESS_PX: u32 = 256;

/// The fingerprint of an image, by which it is compared with others.
///
/// Serialised, the hash is two numbers of 32 bits, the higher half first: JavaScript has no integers of 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fingerprint {
    /// The difference hash of the whole image, stretched; see [`dhash()`].
    #[serde(with = "halves")]
    pub dhash: u64,
    /// The variance of the Laplacian of the grey image, reduced to 256 px on its longer side; from 0, higher is sharper. 0 for
    /// an image less than 3 px wide or high.
    pub sharpness: f32,
}

/// The serialised form of a 64-bit integer: its halves, the higher first.
mod halves {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub fn serialize<S: Serializer>(value: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        [(value >> 32) as u32, *value as u32].serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let [high, low] = <[u32; 2]>::deserialize(deserializer)?.map(u64::from);
        Ok(high << 32 | low)
    }
}

/// The fingerprint of an image of `width` x `height` pixels (red, green, blue, alpha), composited over white.
///
/// # Errors
/// [`ImageError::Damaged`] if there are no pixels, or not `width * height * 4` values.
pub fn fingerprint(rgba_pixels: &[u8], width: u32, height: u32) -> Result<Fingerprint, ImageError> {
    // 128 bits: no claimed size can overflow.
    let values = u128::from(width) * u128::from(height) * RGBA as u128;
    if values == 0 || rgba_pixels.len() as u128 != values {
        let found = rgba_pixels.len();
        return Err(ImageError::Damaged(format!("{found} values do not make a picture of {width} x {height} pixels")));
    }
    let longer = width.max(height);
    let scaled = |side: u32| match longer {
        0..=SHARPNESS_PX => side,
        _ => (u64::from(side) * u64::from(SHARPNESS_PX)).div_ceil(u64::from(longer)) as u32,
    };
    let (small_width, small_height) = (scaled(width), scaled(height));
    let opaque = rgba_pixels.iter().skip(3).step_by(RGBA).all(|alpha| *alpha == u8::MAX);
    let small = resized(rgba_pixels, (width, height), (small_width, small_height), !opaque)?;
    let grey: Vec<u8> = small.as_chunks::<RGBA>().0.iter().map(luma_over_white).collect();
    let hashed = (HASH_WIDTH as u32, HASH_HEIGHT as u32);
    let grey_rgba: Vec<u8> = grey.iter().flat_map(|&luma| [luma, luma, luma, u8::MAX]).collect();
    let tiny = resized(&grey_rgba, (small_width, small_height), hashed, false)?;
    let tiny: Vec<u8> = tiny.into_iter().step_by(RGBA).collect();
    let tiny = tiny.as_slice().try_into().map_err(|_| damaged("the resizer returned an unexpected size"))?;
    Ok(Fingerprint { dhash: dhash(tiny), sharpness: laplacian_variance(&grey, small_width as usize) })
}

fn resized(
    rgba_pixels: &[u8],
    (width, height): (u32, u32),
    (new_width, new_height): (u32, u32),
    use_alpha: bool,
) -> Result<Vec<u8>, ImageError> {
    let source = ImageRef::new(width, height, rgba_pixels, PixelType::U8x4).map_err(damaged)?;
    let mut target = Image::new(new_width, new_height, PixelType::U8x4);
    // A triangle filter has no ringing, which would count as sharpness.
    let algorithm = ResizeAlg::Convolution(FilterType::Bilinear);
    let options = ResizeOptions::new().resize_alg(algorithm).use_alpha(use_alpha);
    Resizer::new().resize(&source, &mut target, &options).map_err(damaged)?;
    Ok(target.into_vec())
}

fn damaged(error: impl ToString) -> ImageError {
    ImageError::Damaged(error.to_string())
}

/// Rec. 601's luma, 0 to 255, of a colour with straight alpha, composited over white.
fn luma_over_white(&[red, green, blue, alpha]: &[u8; RGBA]) -> u8 {
    let luma = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    let alpha = u32::from(alpha);
    ((luma * alpha + 255_000 * (255 - alpha) + 127_500) / 255_000) as u8
}

/// The variance of the Laplacian (the four neighbours minus four times the pixel) over the pixels with four neighbours.
///
/// Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy: a comparative study", 2000. All sums are
/// integers, so that their order does not matter.
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
