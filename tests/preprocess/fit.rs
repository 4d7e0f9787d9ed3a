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
    assert_eq!(Framing::for_kind(FeatureKind::Pooled), Framing::CropCentre);
    assert_eq!(Framing::for_kind(FeatureKind::Flat), Framing::Stretch);
}

#[test]
fn transparency_lies_over_white() {
    let clear_black = fit(&[0; 4 * 16], 4, 4, 64, Framing::CropCentre).unwrap();
    assert!(clear_black.iter().all(|value| *value == 255));
    let half_black = fit(&[0, 0, 0, 128].repeat(16), 4, 4, 64, Framing::Stretch).unwrap();
    assert!(half_black.iter().all(|value| *value == 127));
    // The colour of what is wholly transparent must not bleed into its neighbours.
    let edge = RgbaImage::from_fn(128, 128, |x, _| image::Rgba(if x < 64 { [0, 0, 0, 0] } else { [255; 4] }));
    let edge = fit(edge.as_raw(), 128, 128, 64, Framing::Stretch).unwrap();
    assert!(edge.iter().all(|value| *value == 255));
}

#[test]
fn extreme_shapes_fill_the_square() {
    for (width, height) in [(10_000, 1), (1, 10_000), (1, 1), (3, 7)] {
        let pixels = [10, 20, 30, 255].repeat((width * height) as usize);
        for framing in [Framing::CropCentre, Framing::Stretch] {
            for size_px in [64, 128, 224] {
                let fitted = fit(&pixels, width, height, size_px, framing).unwrap();
                assert_eq!(fitted.len(), (size_px * size_px * 3) as usize);
                assert!(fitted.chunks_exact(3).all(|pixel| pixel == [10, 20, 30]), "{width} x {height} {framing:?}");
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
