//! Framing and resizing to the square that the network takes.

use image::RgbaImage;
use shoal::error::Coded;
use shoal::options::FeatureKind;
use shoal::preprocess::{Framing, ImageError, fit};

const RED: [u8; 3] = [230, 20, 20];
const GREEN: [u8; 3] = [20, 230, 20];
const BLUE: [u8; 3] = [20, 20, 230];

#[test]
fn the_centre_is_cropped_or_all_is_stretched() {
    // Three upright stripes: a crop to the middle square sees the middle one alone.
    let stripes = RgbaImage::from_fn(300, 100, |x, _| {
        let [r, g, b] = [RED, GREEN, BLUE][(x / 100) as usize];
        image::Rgba([r, g, b, 255])
    });
    let cropped = fit(stripes.as_raw(), 300, 100, 64, Framing::CropCentre).unwrap();
    assert!(cropped.chunks_exact(3).all(|pixel| pixel == GREEN));
    let stretched = fit(stripes.as_raw(), 300, 100, 64, Framing::Stretch).unwrap();
    let at = |x: usize| &stretched[(32 * 64 + x) * 3..][..3];
    assert_eq!([at(8), at(32), at(56)], [RED, GREEN, BLUE]);
}

#[test]
fn extreme_shapes_are_seen_whole_between_bars() {
    for (width, height, framing) in [
        (300, 100, Framing::CropCentre),
        (301, 100, Framing::Letterbox),
        (100, 301, Framing::Letterbox),
        (1, 3, Framing::CropCentre),
        (u32::MAX, 1, Framing::Letterbox),
    ] {
        assert_eq!(Framing::new(FeatureKind::Pooled, width, height), framing, "{width} x {height}");
        assert_eq!(Framing::new(FeatureKind::Flat, width, height), Framing::Stretch);
    }
    // Red at one end, blue at the other: a long screenshot of four squares.
    let tall = RgbaImage::from_fn(64, 256, |_, y| {
        let [r, g, b] = if y < 128 { RED } else { BLUE };
        image::Rgba([r, g, b, 255])
    });
    let fitted = fit(tall.as_raw(), 64, 256, 64, Framing::Letterbox).unwrap();
    let at = |x: usize, y: usize| &fitted[(y * 64 + x) * 3..][..3];
    assert_eq!([at(32, 4), at(32, 60)], [RED, BLUE]);
    assert_eq!([at(23, 4), at(40, 60)], [[255; 3]; 2], "the bars are white, the image is 16 px wide");
    assert_eq!([at(24, 4), at(39, 60)], [RED, BLUE]);
}

#[test]
fn transparency_lies_over_white() {
    let clear_black = fit(&[0; 4 * 16], 4, 4, 64, Framing::CropCentre).unwrap();
    assert!(clear_black.iter().all(|value| *value == 255));
    let half_black = fit(&[0, 0, 0, 128].repeat(16), 4, 4, 64, Framing::Stretch).unwrap();
    assert!(half_black.iter().all(|value| *value == 127));
    // The colour of what is wholly transparent must not bleed into its neighbours.
    let edge = RgbaImage::from_fn(128, 128, |x, _| image::Rgba(if x < 64 { [0, 0, 0, 0] } else { [255; 4] }));
    let white = fit(edge.as_raw(), 128, 128, 64, Framing::Stretch).unwrap();
    let right = |row: &[u8]| row[35 * 3..].iter().all(|value| *value == 255);
    assert!(white.chunks_exact(64 * 3).all(right));
}

#[test]
fn light_content_lies_over_a_dark_ground() {
    let glyph = RgbaImage::from_fn(64, 64, |x, _| image::Rgba(if x < 32 { [0, 0, 0, 0] } else { [255; 4] }));
    let fitted = fit(glyph.as_raw(), 64, 64, 64, Framing::CropCentre).unwrap();
    assert!(fitted[..3].iter().all(|&value| value < 64) && fitted[63 * 3..64 * 3] == [255; 3]);
    // Bars have the colour of the ground.
    let wide = RgbaImage::from_fn(256, 64, |x, _| image::Rgba(if x < 128 { [0, 0, 0, 0] } else { [255; 4] }));
    let fitted = fit(wide.as_raw(), 256, 64, 64, Framing::Letterbox).unwrap();
    assert_eq!(fitted[..3], fitted[32 * 64 * 3..][..3]);
}

#[test]
fn extreme_shapes_reach_across_the_square() {
    for (width, height) in [(10_000, 1), (1, 10_000), (1, 1), (3, 7)] {
        let pixels = [10, 20, 30, 255].repeat((width * height) as usize);
        for framing in [Framing::CropCentre, Framing::Stretch, Framing::Letterbox] {
            for size_px in [64, 128, 224] {
                let fitted = fit(&pixels, width, height, size_px, framing).unwrap();
                assert_eq!(fitted.len(), (size_px * size_px * 3) as usize);
                let is_bar = |pixel: &[u8]| framing == Framing::Letterbox && pixel == [255; 3];
                let is_image = |pixel: &[u8]| pixel == [10, 20, 30];
                assert!(
                    fitted.chunks_exact(3).all(|pixel| is_image(pixel) || is_bar(pixel)),
                    "{width} x {height} {framing:?}"
                );
                assert!(fitted.chunks_exact(3).any(is_image));
            }
        }
    }
}

#[test]
fn wrong_sizes_are_refused() {
    for size_px in [0, 32, 100, 352] {
        assert_eq!(fit(&[0; 4], 1, 1, size_px, Framing::Stretch), Err(ImageError::BadSize(size_px)));
    }
    for (width, height) in [(0, 1), (2, 1), (u32::MAX, u32::MAX)] {
        assert_eq!(fit(&[0; 4], width, height, 64, Framing::Stretch).unwrap_err().code(), "damaged-picture");
    }
}
