//! Colours of TIFF samples.

use super::samples::Layout;
use super::unsupported;
use crate::preprocess::error::ImageError;
use crate::preprocess::pixels::Rgba;
use crate::preprocess::stretch;

/// Values of the tag `PhotometricInterpretation`.
const WHITE_IS_ZERO: u16 = 0;
const BLACK_IS_ZERO: u16 = 1;
const RGB: u16 = 2;
const PALETTE: u16 = 3;
const MASK: u16 = 4;
const CMYK: u16 = 5;
const YCBCR: u16 = 6;
const CIE_LAB: u16 = 8;
const ICC_LAB: u16 = 9;
/// Values of the tag `ExtraSamples`: alpha by which colours are multiplied, and straight alpha.
const ASSOCIATED_ALPHA: u16 = 1;
const STRAIGHT_ALPHA: u16 = 2;

/// The image of `samples`, shape `[height, width, samples]`.
pub(super) fn of(samples: &[f32], layout: &Layout, width: u32, height: u32) -> Result<Rgba, ImageError> {
    let colours = match layout.photometric {
        WHITE_IS_ZERO | BLACK_IS_ZERO | PALETTE | MASK => 1,
        RGB | YCBCR | CIE_LAB | ICC_LAB => 3,
        CMYK => 4,
        other => return Err(unsupported(format!("colours of the kind {other} are not supported"))),
    };
    if layout.samples < colours {
        return Err(ImageError::Damaged(format!("{} samples per pixel instead of {colours}", layout.samples)));
    }
    if layout.photometric == PALETTE && layout.palette.len() != 3 << layout.bits.min(16) {
        return Err(ImageError::Damaged("its palette has not the right length".into()));
    }
    let is_alpha = |&&kind: &&u16| kind == ASSOCIATED_ALPHA || kind == STRAIGHT_ALPHA;
    let alpha_kind = layout.extra.first().filter(is_alpha).copied().filter(|_| layout.samples > colours);
    let pixels = || samples.chunks_exact(layout.samples);
    // A palette's indices and signed components are no brightnesses.
    let is_linear = matches!(layout.photometric, BLACK_IS_ZERO | RGB) && (layout.bits >= 16 || layout.is_float);
    let top = match is_linear {
        true => stretch::top(pixels().flat_map(|pixel| pixel[..colours].iter().copied()), layout.is_float),
        false => 1.0,
    };
    let mut pixels_rgba_u8 = Vec::with_capacity(samples.len() / layout.samples * 4);
    for pixel in pixels() {
        let mut colour = match layout.photometric {
            WHITE_IS_ZERO => [1.0 - pixel[0]; 3],
            BLACK_IS_ZERO | MASK => [pixel[0] / top; 3],
            RGB => [pixel[0], pixel[1], pixel[2]].map(|value| value / top),
            PALETTE => palette_colour(pixel[0], layout),
            CMYK => [pixel[0], pixel[1], pixel[2]].map(|ink| (1.0 - ink) * (1.0 - pixel[3])),
            YCBCR => from_ycbcr(pixel),
            _ => from_lab(lab_of(pixel, layout)),
        };
        let alpha = alpha_kind.map_or(1.0, |_| pixel[colours].clamp(0.0, 1.0));
        if alpha_kind == Some(ASSOCIATED_ALPHA) && alpha > 0.0 {
            colour = colour.map(|value| value / alpha);
        }
        let byte = |value: f32| (value.clamp(0.0, 1.0) * 255.0).round() as u8;
        pixels_rgba_u8.extend(colour.map(byte));
        pixels_rgba_u8.push(byte(alpha));
    }
    Ok(Rgba { width, height, pixels_rgba_u8 })
}

/// The palette's length is that of the bits: every index is in it.
fn palette_colour(index: f32, layout: &Layout) -> [f32; 3] {
    let colours = layout.palette.len() / 3;
    let index = ((index * (colours - 1) as f32).round() as usize).min(colours - 1);
    // Some programs write palettes of bytes.
    let most = if layout.palette.iter().all(|&value| value < 256) { 255.0 } else { 65_535.0 };
    [0, 1, 2].map(|plane| f32::from(layout.palette[plane * colours + index]) / most)
}

/// Rec. 601, full range.
fn from_ycbcr(pixel: &[f32]) -> [f32; 3] {
    let (luma, blue, red) = (pixel[0], pixel[1] - 128.0 / 255.0, pixel[2] - 128.0 / 255.0);
    [luma + 1.402 * red, luma - 0.344_136 * blue - 0.714_136 * red, luma + 1.772 * blue]
}

/// L*, from 0 to 100, a* and b*. Floats are these themselves; otherwise a* and b* are stored as two's complements or, in ICC's form,
/// from -128 on.
fn lab_of(pixel: &[f32], layout: &Layout) -> [f32; 3] {
    if layout.is_float {
        return [pixel[0], pixel[1], pixel[2]];
    }
    let axis = |value: f32| {
        let value = value * 255.0;
        match layout.photometric == CIE_LAB {
            true if value >= 128.0 => value - 256.0,
            true => value,
            false => value - 128.0,
        }
    };
    [pixel[0] * 100.0, axis(pixel[1]), axis(pixel[2])]
}

/// sRGB of L*a*b* with the white point D50.
fn from_lab([lightness, red_green, yellow_blue]: [f32; 3]) -> [f32; 3] {
    let middle = (lightness + 16.0) / 116.0;
    let cube = |value: f32| if value > 6.0 / 29.0 { value.powi(3) } else { (value - 4.0 / 29.0) * 108.0 / 841.0 };
    let [x, y, z] =
        [0.9643 * cube(middle + red_green / 500.0), cube(middle), 0.8251 * cube(middle - yellow_blue / 200.0)];
    // D50 adapted to D65 by Bradford's method, then sRGB's primaries.
    let linear = [
        3.1339 * x - 1.6169 * y - 0.4906 * z,
        -0.9788 * x + 1.9161 * y + 0.0335 * z,
        0.0719 * x - 0.2290 * y + 1.4052 * z,
    ];
    linear.map(|value| if value <= 0.003_130_8 { 12.92 * value } else { 1.055 * value.powf(1.0 / 2.4) - 0.055 })
}
