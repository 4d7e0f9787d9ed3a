//! Dark scans: images of 16 bits or floats that use only the lowest part of their range are stretched to what they use.

use image::DynamicImage;

/// The share of the samples that lie at or below the top of an image's range.
const SHARE: f64 = 0.999;
/// An image whose top lies below this share of its range is dark.
const DARK: f32 = 1.0 / 16.0;
/// How many floats are looked at, evenly spread over the image.
const FLOATS_MAX: usize = 1 << 20;

/// The image, stretched if it is dark. All colour channels are stretched alike, and alpha is left.
pub(super) fn stretched(mut image: DynamicImage) -> DynamicImage {
    match &mut image {
        DynamicImage::ImageLuma16(pixels) => stretch_words(pixels, 1, 1),
        DynamicImage::ImageLumaA16(pixels) => stretch_words(pixels, 2, 1),
        DynamicImage::ImageRgb16(pixels) => stretch_words(pixels, 3, 3),
        DynamicImage::ImageRgba16(pixels) => stretch_words(pixels, 4, 3),
        DynamicImage::ImageRgb32F(pixels) => stretch_floats(pixels, 3),
        DynamicImage::ImageRgba32F(pixels) => stretch_floats(pixels, 4),
        _ => {}
    }
    image
}

/// The value to display as white of samples from 0 to 1: 1, or the top of the samples if they are dark or, as only floats can be,
/// beyond 1.
pub(super) fn top(samples: impl Iterator<Item = f32> + Clone, is_float: bool) -> f32 {
    let step = samples.clone().count().div_ceil(FLOATS_MAX).max(1);
    let mut looked_at: Vec<f32> = samples.step_by(step).filter(|value| value.is_finite()).collect();
    if looked_at.is_empty() {
        return 1.0;
    }
    let place = ((looked_at.len() as f64 * SHARE).ceil() as usize).clamp(1, looked_at.len()) - 1;
    let (_, &mut top, _) = looked_at.select_nth_unstable_by(place, f32::total_cmp);
    if top > 0.0 && top < DARK || is_float && top > 1.0 { top } else { 1.0 }
}

fn stretch_words(values: &mut [u16], channels: usize, colours: usize) {
    let mut counts = vec![0_u64; usize::from(u16::MAX) + 1];
    let mut total = 0_u32;
    for pixel in values.chunks_exact(channels) {
        for &value in &pixel[..colours] {
            counts[usize::from(value)] += 1;
            total += 1;
        }
    }
    let wanted = (f64::from(total) * SHARE).ceil() as u64;
    let mut below = 0;
    let top = counts.iter().position(|count| {
        below += count;
        below >= wanted
    });
    let Some(top) = top.filter(|&top| top > 0 && (top as f32) < DARK * f32::from(u16::MAX)) else { return };
    for pixel in values.chunks_exact_mut(channels) {
        for value in &mut pixel[..colours] {
            *value = (u32::from(*value) * u32::from(u16::MAX) / top as u32).min(u16::MAX.into()) as u16;
        }
    }
}

fn stretch_floats(values: &mut [f32], channels: usize) {
    let top = top(values.chunks_exact(channels).flat_map(|pixel| pixel[..3].iter().copied()), true);
    for pixel in values.chunks_exact_mut(channels) {
        pixel[..3].iter_mut().for_each(|value| *value /= top);
    }
}
