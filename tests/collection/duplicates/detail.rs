//! The detail that pixels show: drawn scenes, and copies of them that were enlarged, reduced and compressed.

use image::{DynamicImage, GrayImage, ImageFormat, imageops::FilterType};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use shoal::collection::duplicates::{TILE_PX, detail_share, tile_corners};

/// A scene of discs of all sizes that cover each other ("dead leaves"), which has the spectrum of natural images.
fn scene(seed: u64, width: u32, height: u32) -> GrayImage {
    use rand::Rng;
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut draw = |below: u32| f64::from(random.next_u32()) / f64::from(u32::MAX) * f64::from(below);
    let mut scene = GrayImage::from_pixel(width, height, image::Luma([128]));
    for _ in 0..6000 {
        // Radii with a density of r^-3, from 2 px.
        let radius = 2.0 / (1.0 - draw(1) * 0.9996).sqrt();
        let (x, y, grey) = (draw(width), draw(height), draw(255) as u8);
        let reach = radius.ceil();
        for py in (y - reach).max(0.0) as u32..((y + reach) as u32).min(height) {
            for px in (x - reach).max(0.0) as u32..((x + reach) as u32).min(width) {
                if (f64::from(px) - x).powi(2) + (f64::from(py) - y).powi(2) <= radius * radius {
                    scene.put_pixel(px, py, image::Luma([grey]));
                }
            }
        }
    }
    scene
}

fn jpeg(image: &GrayImage, quality: u8) -> GrayImage {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, quality);
    image.write_with_encoder(encoder).unwrap();
    image::load_from_memory_with_format(bytes.get_ref(), ImageFormat::Jpeg).unwrap().into_luma8()
}

fn resized(image: &GrayImage, factor: f64, filter: FilterType) -> GrayImage {
    let side = |length: u32| (f64::from(length) * factor) as u32;
    DynamicImage::from(image.clone()).resize_exact(side(image.width()), side(image.height()), filter).into_luma8()
}

/// The number of pixels that would suffice for the image's detail.
fn detail(image: &GrayImage) -> f32 {
    let (corners, side) = tile_corners(image.width(), image.height()).unwrap();
    let tile =
        |&(left, top): &(u32, u32)| image::imageops::crop_imm(image, left, top, side, side).to_image().into_raw();
    let tiles: Vec<Vec<u8>> = corners.iter().map(tile).collect();
    detail_share(&tiles, side) * (image.width() * image.height()) as f32
}

#[test]
fn enlarging_adds_no_detail() {
    for seed in 0..4 {
        let sharp = jpeg(&resized(&scene(seed, 1200, 900), 0.5, FilterType::Lanczos3), 90);
        let own = detail(&sharp);
        assert!(own > 0.15 * 600.0 * 450.0, "{own}");
        for filter in [FilterType::Triangle, FilterType::CatmullRom, FilterType::Lanczos3] {
            for (factor, quality) in [(1.5, 90), (2.0, 85), (2.0, 95), (3.0, 90)] {
                let enlarged = detail(&jpeg(&resized(&sharp, factor, filter), quality));
                assert!(enlarged < 1.25 * own, "{seed}: {filter:?}, {factor}, {quality}: {enlarged} of {own}");
            }
        }
    }
}

#[test]
fn reducing_and_blurring_lose_detail() {
    for seed in 0..4 {
        let whole = jpeg(&resized(&scene(seed, 1200, 900), 0.75, FilterType::Lanczos3), 90);
        let own = detail(&whole);
        for factor in [0.8, 0.5, 0.25] {
            let reduced = detail(&jpeg(&resized(&whole, factor, FilterType::Lanczos3), 90));
            assert!(reduced < 0.8 * own, "{seed}: {factor}: {reduced} of {own}");
        }
        let blurred = DynamicImage::from(whole.clone()).blur(2.0).into_luma8();
        assert!(detail(&jpeg(&blurred, 90)) < 0.5 * own);
        let compressed = detail(&jpeg(&whole, 60));
        assert!((0.7..1.25).contains(&(compressed / own)), "{seed}: {compressed} of {own}");
    }
}

#[test]
fn an_image_without_contrast_claims_all_of_its_pixels() {
    assert_eq!(detail(&GrayImage::from_pixel(100, 100, image::Luma([7]))), 10_000.0);
    assert_eq!(detail_share(&[], 64), 1.0);
    assert!(tile_corners(64, 64).is_some());
    assert_eq!(tile_corners(2000, 63), None);
}

proptest! {
    #[test]
    fn tiles_lie_in_the_image(width in 64_u32..20_000, height in 64_u32..20_000) {
        let (corners, side) = tile_corners(width, height).unwrap();
        prop_assert!((1..=9).contains(&corners.len()) && side <= TILE_PX);
        prop_assert!(corners.iter().all(|(left, top)| left + side <= width && top + side <= height));
    }
}
