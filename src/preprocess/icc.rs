//! Colour profiles: the colours of another space than sRGB are converted to it, as browsers do.

use image::DynamicImage;
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformExecutor, TransformOptions};

/// The image in sRGB. An image stays as it is if its profile cannot be read or is not one of RGB.
pub(super) fn to_srgb(mut image: DynamicImage, profile: &[u8]) -> DynamicImage {
    let found = ColorProfile::new_from_slice(profile).ok();
    let Some(profile) = found.filter(|profile| profile.color_space == DataColorSpace::Rgb) else { return image };
    let (srgb, options) = (ColorProfile::new_srgb(), TransformOptions::default());
    let bytes = |layout| profile.create_transform_8bit(layout, &srgb, layout, options);
    let words = |layout| profile.create_transform_16bit(layout, &srgb, layout, options);
    let width = image.width() as usize;
    // What cannot be converted stays.
    let _ = match &mut image {
        DynamicImage::ImageRgb8(pixels) => bytes(Layout::Rgb).map(|with| convert(pixels, 3 * width, &*with)),
        DynamicImage::ImageRgba8(pixels) => bytes(Layout::Rgba).map(|with| convert(pixels, 4 * width, &*with)),
        DynamicImage::ImageRgb16(pixels) => words(Layout::Rgb).map(|with| convert(pixels, 3 * width, &*with)),
        DynamicImage::ImageRgba16(pixels) => words(Layout::Rgba).map(|with| convert(pixels, 4 * width, &*with)),
        _ => Ok(()),
    };
    image
}

/// Converts an image row by row, so that it is not in memory twice.
fn convert<T: Copy + Default>(values: &mut [T], row_values: usize, transform: &(impl TransformExecutor<T> + ?Sized)) {
    for row in values.chunks_exact_mut(row_values) {
        let source = row.to_vec();
        // Fails only for rows of different lengths.
        let _ = transform.transform(&source, row);
    }
}
