//! What a worker does with a file, in a real worker of a real browser.

#![cfg(target_arch = "wasm32")]

use image::codecs::png::PngEncoder;
use image::codecs::tiff::TiffEncoder;
use image::{ExtendedColorType, ImageEncoder, ImageFormat, Rgba, RgbaImage};
use js_sys::{Array, Promise, Reflect, Uint8Array};
use moxcms::ColorProfile;
use sha2::{Digest, Sha256};
use shoal::options::FeatureKind;
use shoal::preprocess::{self, Framing};
use shoal_browser::api_error::ApiError;
use shoal_kernels::CpuNet;
use shoal_protocol::Decoding;
use shoal_worker::decode::{self, DecodingPlan};
use shoal_worker::digest;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::future_to_promise;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::File;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// What the decoded pictures will be resized to.
const SIZE_PX: u32 = 64;
const RED: Rgba<u8> = Rgba([220, 20, 20, 255]);
const BLUE: Rgba<u8> = Rgba([20, 20, 220, 255]);

fn file(name: &str, bytes: &[u8]) -> File {
    File::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)), name).unwrap()
}

fn encoded(picture: &RgbaImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let dynamic = image::DynamicImage::from(picture.clone());
    let dynamic = if format == ImageFormat::Jpeg { dynamic.to_rgb8().into() } else { dynamic };
    dynamic.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Red on the left, blue on the right.
fn two_halves(width: u32, height: u32) -> RgbaImage {
    RgbaImage::from_fn(width, height, |x, _| if x < width / 2 { RED } else { BLUE })
}

/// Puts an EXIF segment with this orientation after the JPEG's first marker.
fn with_orientation(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend((exif.len() as u16 + 2).to_be_bytes());
    bytes.extend(exif);
    bytes.extend(&jpeg[2..]);
    bytes
}

/// Defines what the worker's loader does, without a program to fetch.
fn define_decoders() {
    let call =
        Closure::<dyn Fn(String, Uint8Array, u32) -> Promise>::new(|decoder: String, bytes: Uint8Array, least_px| {
            assert_eq!(decoder, "decode");
            future_to_promise(async move { shoal_decoders::decode(&bytes, least_px).map(Into::into) })
        });
    Reflect::set(&js_sys::global(), &"callDecoder".into(), &call.into_js_value()).unwrap();
}

async fn decoded(name: &str, bytes: &[u8]) -> Result<decode::Decoded, ApiError> {
    define_decoders();
    let file = file(name, bytes);
    let bytes = digest::read(&file).await?;
    let plan = DecodingPlan::of(&bytes, SIZE_PX)?;
    match decode::decode(&file, &bytes, &plan, u64::MAX).await? {
        Decoding::Done(decoded) => Ok(decoded),
        Decoding::NeedsMemory { .. } => unreachable!("there is no limit"),
    }
}

fn pixel(rgb_hwc_u8: &[u8], size_px: usize, x: usize, y: usize) -> [u8; 3] {
    let start = (y * size_px + x) * 3;
    [rgb_hwc_u8[start], rgb_hwc_u8[start + 1], rgb_hwc_u8[start + 2]]
}

fn is_near(pixel: [u8; 3], colour: Rgba<u8>) -> bool {
    pixel.iter().zip(colour.0).all(|(&one, other)| one.abs_diff(other) < 40)
}

#[wasm_bindgen_test]
async fn the_identity_is_that_of_the_bytes() {
    let bytes = digest::read(&file("abc", b"abc")).await.unwrap();
    let identity = digest::digest(&bytes).await;
    assert_eq!(identity.byte_size, 3);
    assert_eq!(identity.crc32, 0x3524_41c2);
    assert_eq!(identity.sha256[..4], [0xba, 0x78, 0x16, 0xbf]);
}

#[wasm_bindgen_test]
async fn a_long_file_has_the_same_identity_whoever_hashes_it() {
    let long: Vec<u8> = (0..3_000_000_u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let identity = digest::digest(&digest::read(&file("long", &long)).await.unwrap()).await;
    assert_eq!(identity.byte_size, 3_000_000);
    assert_eq!(identity.crc32, crc32fast::hash(&long));
    assert_eq!(identity.sha256[..], Sha256::digest(&long)[..]);
}

#[wasm_bindgen_test]
async fn a_turned_jpeg_comes_upright() {
    let jpeg = with_orientation(&encoded(&two_halves(96, 64), ImageFormat::Jpeg), 6);
    let decoded = decoded("turned.jpg", &jpeg).await.unwrap();
    assert_eq!((decoded.width_px(), decoded.height_px()), (64, 96));
    let rgb = decoded.fit(64, FeatureKind::Flat).unwrap().rgb_hwc_u8;
    assert!(is_near(pixel(&rgb, 64, 32, 4), RED));
    assert!(is_near(pixel(&rgb, 64, 32, 60), BLUE));
}

#[wasm_bindgen_test]
async fn a_large_jpeg_is_decoded_at_reduced_size_whichever_way_it_is_turned() {
    // Not the same when turned or mirrored, and sides that eighths do not divide.
    let corner = RgbaImage::from_fn(1637, 1233, |x, y| match (x < 818, y < 616) {
        (true, true) => RED,
        (false, true) => BLUE,
        _ => Rgba([20, 220, 20, 255]),
    });
    let jpeg = encoded(&corner, ImageFormat::Jpeg);
    let whole = image::load_from_memory(&jpeg).unwrap();
    for exif in 1..=8 {
        let decoded = decoded("large.jpg", &with_orientation(&jpeg, exif)).await.unwrap();
        let mut upright = whole.clone();
        upright.apply_orientation(image::metadata::Orientation::from_exif(exif).unwrap());
        assert_eq!(
            (decoded.width_px(), decoded.height_px()),
            (upright.width(), upright.height()),
            "orientation {exif}"
        );
        let reduced = if exif < 5 { (410, 309) } else { (309, 410) };
        assert_eq!(decoded.decoded_px(), reduced, "orientation {exif}");
        for kind in [FeatureKind::Pooled, FeatureKind::Flat] {
            let rgb = decoded.fit(SIZE_PX, kind).unwrap().rgb_hwc_u8;
            let framing = Framing::new(kind, upright.width(), upright.height());
            let expected =
                preprocess::fit(&upright.to_rgba8(), upright.width(), upright.height(), SIZE_PX, framing).unwrap();
            let difference: u32 = rgb.iter().zip(&expected).map(|(&one, &other)| u32::from(one.abs_diff(other))).sum();
            let mean = f64::from(difference) / rgb.len() as f64;
            assert!(mean < 2.0, "orientation {exif}, {kind:?}: {mean} off on average");
        }
        assert!(decoded.thumbnail().await.unwrap().size() > 0.0);
    }
}

#[wasm_bindgen_test]
async fn a_damaged_large_jpeg_is_as_bad_as_a_small_one() {
    let jpeg = encoded(&two_halves(1600, 1200), ImageFormat::Jpeg);
    let Err(failure) = decoded("cut.jpg", &jpeg[..300]).await else { panic!("it was read") };
    assert_eq!(failure.code, "damaged-picture", "{}", failure.message);
}

#[wasm_bindgen_test]
async fn transparency_lies_over_white() {
    let clear = RgbaImage::from_pixel(80, 80, Rgba([0, 0, 0, 0]));
    let decoded = decoded("clear.png", &encoded(&clear, ImageFormat::Png)).await.unwrap();
    let rgb = decoded.fit(64, FeatureKind::Pooled).unwrap().rgb_hwc_u8;
    assert_eq!(rgb.len(), 64 * 64 * 3);
    assert!(rgb.iter().all(|&value| value > 250));
}

#[wasm_bindgen_test]
async fn light_content_lies_over_a_dark_ground() {
    let glyph = RgbaImage::from_fn(80, 80, |x, _| if x < 40 { Rgba([0, 0, 0, 0]) } else { Rgba([255; 4]) });
    let decoded = decoded("glyph.png", &encoded(&glyph, ImageFormat::Png)).await.unwrap();
    let rgb = decoded.fit(64, FeatureKind::Pooled).unwrap().rgb_hwc_u8;
    let ground = Rgba([preprocess::Ground::of(&glyph).rgb()[0]; 4]);
    assert!(ground.0[0] < 64 && is_near(pixel(&rgb, 64, 8, 32), ground));
    assert!(is_near(pixel(&rgb, 64, 56, 32), Rgba([255; 4])));
}

#[wasm_bindgen_test]
async fn ordinary_images_are_judged_by_their_centre_and_extreme_ones_as_a_whole() {
    let drawn = |width, height| {
        RgbaImage::from_fn(width, height, |x, y| Rgba([(x * 5) as u8, (y * 3 + x * y / 9) as u8, (x ^ y) as u8, 255]))
    };
    for (width, height, crop) in [(150, 50, (50, 0, 50, 50)), (40, 60, (0, 10, 40, 40)), (151, 50, (0, 0, 151, 50))] {
        let picture = drawn(width, height);
        let decoded = decoded("one.png", &encoded(&picture, ImageFormat::Png)).await.unwrap();
        let (left, top, crop_width, crop_height) = crop;
        let seen = image::imageops::crop_imm(&picture, left, top, crop_width, crop_height).to_image();
        let expected = preprocess::fingerprint(&seen, crop_width, crop_height).unwrap();
        let framing = Framing::new(FeatureKind::Pooled, width, height);
        let rgb = preprocess::fit(&picture, width, height, SIZE_PX, framing).unwrap();
        let fitted = decoded.fit(SIZE_PX, FeatureKind::Pooled).unwrap();
        assert_eq!((fitted.fingerprint, fitted.rgb_hwc_u8), (expected, rgb), "{width} x {height}");
    }
}

#[wasm_bindgen_test]
async fn what_the_browser_cannot_read_the_decoders_can() {
    let tiff = encoded(&two_halves(80, 80), ImageFormat::Tiff);
    let rgb = decoded("scan.tiff", &tiff).await.unwrap().fit(64, FeatureKind::Pooled).unwrap().rgb_hwc_u8;
    assert!(is_near(pixel(&rgb, 64, 8, 32), RED));
    assert!(is_near(pixel(&rgb, 64, 56, 32), BLUE));
}

/// Writes an image with the profile of Display P3.
fn write_p3(mut encoder: impl ImageEncoder, picture: &RgbaImage) {
    encoder.set_icc_profile(ColorProfile::new_display_p3().encode().unwrap()).unwrap();
    let (width, height) = picture.dimensions();
    encoder.write_image(picture, width, height, ExtendedColorType::Rgba8).unwrap();
}

#[wasm_bindgen_test]
async fn both_decoders_show_colours_of_a_wide_gamut_alike() {
    let picture = RgbaImage::from_pixel(80, 80, Rgba([200, 100, 50, 255]));
    let (mut png, mut tiff) = (Vec::new(), std::io::Cursor::new(Vec::new()));
    write_p3(PngEncoder::new(&mut png), &picture);
    write_p3(TiffEncoder::new(&mut tiff), &picture);
    let mut shown = Vec::new();
    for (name, bytes) in [("p3.png", &png), ("p3.tiff", tiff.get_ref())] {
        let rgb = decoded(name, bytes).await.unwrap().fit(64, FeatureKind::Pooled).unwrap().rgb_hwc_u8;
        shown.push(pixel(&rgb, 64, 32, 32));
    }
    assert!(shown[0][0] > 210, "the browser converts them: {shown:?}");
    assert!(shown[0].iter().zip(shown[1]).all(|(one, other)| one.abs_diff(other) <= 2), "{shown:?}");
}

#[wasm_bindgen_test]
async fn extreme_shapes_are_read() {
    for (width, height) in [(3000, 1), (1, 3000), (1, 1)] {
        let png = encoded(&RgbaImage::from_pixel(width, height, RED), ImageFormat::Png);
        let decoded = decoded("thin.png", &png).await.unwrap();
        for kind in [FeatureKind::Pooled, FeatureKind::Flat] {
            let rgb = decoded.fit(64, kind).unwrap().rgb_hwc_u8;
            // Between bars, an image is at least one pixel wide and high.
            assert!(is_near(pixel(&rgb, 64, 31, 31), RED), "{width} x {height}, {kind:?}");
        }
        assert!(decoded.thumbnail().await.unwrap().size() > 0.0);
    }
}

#[wasm_bindgen_test]
async fn bad_files_are_refused_with_their_codes() {
    let png = encoded(&two_halves(64, 64), ImageFormat::Png);
    let mut lying = png.clone();
    // The header's width and height, and the checksum that goes with them.
    lying[16..24].copy_from_slice(&[0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0]);
    let checksum = crc32fast::hash(&lying[12..29]);
    lying[29..33].copy_from_slice(&checksum.to_be_bytes());
    for (bytes, code) in [
        (&b""[..], "empty-file"),
        (b"just words, no picture", "not-a-picture"),
        (&png[..60], "damaged-picture"),
        (&lying, "picture-too-large"),
    ] {
        let Err(failure) = decoded("bad.png", bytes).await else { panic!("{code} was read") };
        assert_eq!(failure.code, code, "{}", failure.message);
    }
}

#[wasm_bindgen_test]
async fn both_decoders_lead_to_the_same_features() {
    let network = include_bytes!("../../../weights/mobilenet_v2_backbone.safetensors");
    let mut net = CpuNet::from_weights(network, None).unwrap();
    let (size_px, kind) = (128, FeatureKind::Pooled);
    // Two of each kind, in all their shapes.
    for index in (0..shoal_samples::COUNT).step_by(5) {
        let picture = shoal_samples::draw(index);
        let by_browser = decoded(&picture.path, &picture.bytes).await.unwrap().fit(size_px, kind).unwrap().rgb_hwc_u8;
        let rgba = preprocess::decode(&picture.bytes).unwrap();
        let framing = Framing::new(kind, rgba.width, rgba.height);
        let by_crate = preprocess::fit(&rgba.pixels_rgba_u8, rgba.width, rgba.height, size_px, framing).unwrap();
        let one = net.embed(&by_browser, size_px, kind).unwrap();
        let other = net.embed(&by_crate, size_px, kind).unwrap();
        let cosine = cosine(one.values(), other.values());
        assert!(cosine > 0.99, "{}: {cosine}", picture.path);
    }
}

fn cosine(one: &[f32], other: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    dot(one, other) / (dot(one, one) * dot(other, other)).sqrt()
}
