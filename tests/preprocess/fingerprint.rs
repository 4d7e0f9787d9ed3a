//! Fingerprints of images: sharpness as numpy computes it, and hashes of copies and of different images.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{FilterType, blur, resize};
use image::{DynamicImage, Rgba, RgbaImage};
use serde::Deserialize;
use shoal::collection::duplicates::HAMMING_LIMIT;
use shoal::error::Coded;
use shoal::preprocess::{Fingerprint, decode, fingerprint};

#[derive(Deserialize)]
struct Grey {
    width: u32,
    grey: Vec<u8>,
    sharpness: f64,
}

fn of(picture: &RgbaImage) -> Fingerprint {
    fingerprint(picture, picture.width(), picture.height()).unwrap()
}

/// One sample of each kind.
fn pictures() -> Vec<RgbaImage> {
    let draw = |index| {
        let picture = decode(&shoal_samples::draw(index).bytes).unwrap();
        RgbaImage::from_raw(picture.width, picture.height, picture.pixels_rgba_u8).unwrap()
    };
    (0..shoal_samples::KINDS.len()).map(draw).collect()
}

fn encoded_anew(picture: &RgbaImage, quality: u8) -> RgbaImage {
    let mut bytes = Cursor::new(Vec::new());
    let rgb = DynamicImage::ImageRgba8(picture.clone()).into_rgb8();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(&rgb).unwrap();
    image::load_from_memory(bytes.get_ref()).unwrap().into_rgba8()
}

fn brightened(picture: &RgbaImage) -> RgbaImage {
    let mut picture = picture.clone();
    for Rgba([red, green, blue, _]) in picture.pixels_mut() {
        for colour in [red, green, blue] {
            *colour = (f32::from(*colour) * 1.1) as u8;
        }
    }
    picture
}

#[test]
fn sharpness_is_numpys() {
    let path = format!("{}/tests/oracle/sharpnesses.json", env!("CARGO_MANIFEST_DIR"));
    let cases: Vec<Grey> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(!cases.is_empty());
    for case in cases {
        let pixels: Vec<u8> = case.grey.iter().flat_map(|&grey| [grey, grey, grey, 255]).collect();
        let found = fingerprint(&pixels, case.width, case.grey.len() as u32 / case.width).unwrap().sharpness;
        assert!((f64::from(found) - case.sharpness).abs() <= 1e-6 * case.sharpness.max(1.0), "{}", case.sharpness);
    }
}

#[test]
fn copies_have_near_hashes_and_other_pictures_have_not() {
    let pictures = pictures();
    let hashes: Vec<u64> = pictures.iter().map(|picture| of(picture).dhash).collect();
    for (picture, hash) in pictures.iter().zip(&hashes) {
        let (width, height) = picture.dimensions();
        let copies = [
            resize(picture, width / 2, height / 2, FilterType::Lanczos3),
            resize(picture, width * 3, height * 3, FilterType::CatmullRom),
            encoded_anew(picture, 40),
            brightened(picture),
        ];
        for (copy, what) in copies.iter().zip(["halved", "enlarged", "encoded anew", "brightened"]) {
            let distance = (of(copy).dhash ^ hash).count_ones();
            assert!(distance <= HAMMING_LIMIT, "{what}: {distance}");
        }
    }
    for (index, hash) in hashes.iter().enumerate() {
        assert!(hashes[..index].iter().all(|other| (hash ^ other).count_ones() > HAMMING_LIMIT));
    }
}

#[test]
fn a_blurred_copy_is_less_sharp_at_any_size() {
    for picture in pictures() {
        let (width, height) = picture.dimensions();
        let large = resize(&picture, width * 3, height * 3, FilterType::CatmullRom);
        assert!(of(&blur(&picture, 1.0)).sharpness < 0.7 * of(&picture).sharpness);
        assert!(of(&blur(&large, 4.0)).sharpness < 0.7 * of(&large).sharpness);
    }
}

#[test]
fn what_is_transparent_lies_over_white() {
    let fade = |x: u32| (x * 4).min(255) as u8;
    let hidden = RgbaImage::from_fn(64, 48, |x, y| Rgba([(y * 5) as u8, 0, 0, fade(x)]));
    let laid = RgbaImage::from_fn(64, 48, |x, y| {
        let over = |colour: u32| ((colour * u32::from(fade(x)) + 255 * (255 - u32::from(fade(x)))) / 255) as u8;
        Rgba([over(y * 5), over(0), over(0), 255])
    });
    let (hidden, laid) = (of(&hidden), of(&laid));
    assert_eq!(hidden.dhash, laid.dhash);
    assert!((hidden.sharpness - laid.sharpness).abs() < 1.0, "{hidden:?} {laid:?}");
    let invisible = RgbaImage::from_fn(600, 400, |x, y| Rgba([(x * 7) as u8, (y * 11) as u8, 0, 0]));
    assert_eq!(of(&invisible), Fingerprint { dhash: 0, sharpness: 0.0 });
}

#[test]
fn the_thinnest_pictures_have_fingerprints() {
    for (width, height) in [(1, 1), (2, 9), (9, 2), (5000, 1), (1, 5000)] {
        let picture = RgbaImage::from_pixel(width, height, Rgba([90, 120, 7, 255]));
        assert_eq!(of(&picture), Fingerprint { dhash: 0, sharpness: 0.0 });
    }
}

#[test]
fn what_is_no_picture_is_refused() {
    for (values, width, height) in [(0, 0, 0), (0, 3, 0), (15, 2, 2), (17, 2, 2), (16, u32::MAX, u32::MAX)] {
        let error = fingerprint(&vec![0; values], width, height).unwrap_err();
        assert_eq!(error.code(), "damaged-picture", "{values} {width} {height}");
    }
}

#[test]
fn the_hash_is_serialised_as_two_halves() {
    let print = Fingerprint { dhash: 0xfedc_ba98_0123_4567, sharpness: 2.5 };
    let json = serde_json::json!({ "dhash": [0xfedc_ba98_u32, 0x0123_4567], "sharpness": 2.5 });
    assert_eq!(serde_json::to_value(print).unwrap(), json);
    assert_eq!(serde_json::from_value::<Fingerprint>(json).unwrap(), print);
}
