//! From files to squares, on pictures made here and, where they are at hand, on hostile ones.

use std::io::Cursor;
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageEncoder, ImageFormat, Rgb, RgbImage, RgbaImage, metadata::Orientation};
use shoal::error::Coded;
use shoal::options::FeatureKind;
use shoal::preprocess::ImageError;
use shoal::preprocess::{Framing, Rgba, decode, exif_orientation, fit, probe};

const RED: [u8; 3] = [230, 20, 20];
const GREEN: [u8; 3] = [20, 230, 20];
const BLUE: [u8; 3] = [20, 20, 230];
const GREY: [u8; 3] = [128, 128, 128];

/// 48 x 32 pixels: red top left, green top right, blue bottom left, grey bottom right.
fn quarters() -> RgbImage {
    RgbImage::from_fn(48, 32, |x, y| {
        Rgb(match (x < 24, y < 16) {
            (true, true) => RED,
            (false, true) => GREEN,
            (true, false) => BLUE,
            (false, false) => GREY,
        })
    })
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A JPEG whose EXIF says `orientation`.
fn jpeg_with_orientation(picture: &RgbImage, orientation: u8) -> Vec<u8> {
    let mut exif = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    let mut bytes = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 95);
    encoder.set_exif_metadata(exif).unwrap();
    encoder.write_image(picture, picture.width(), picture.height(), image::ExtendedColorType::Rgb8).unwrap();
    bytes
}

fn nearest_colour(picture: &Rgba, x: u32, y: u32) -> [u8; 3] {
    let at = ((y * picture.width + x) * 4) as usize;
    let pixel = &picture.pixels_rgba_u8[at..at + 3];
    let distance = |colour: &[u8; 3]| -> u32 { colour.iter().zip(pixel).map(|(a, b)| u32::from(a.abs_diff(*b))).sum() };
    [RED, GREEN, BLUE, GREY].into_iter().min_by_key(distance).unwrap()
}

#[test]
fn all_eight_orientations_come_out_upright() {
    for exif in 1..=8 {
        let orientation = Orientation::from_exif(exif).unwrap();
        // A camera that stored the picture turned the other way round is what the tag undoes.
        let undo = match orientation {
            Orientation::Rotate90 => Orientation::Rotate270,
            Orientation::Rotate270 => Orientation::Rotate90,
            same => same,
        };
        let mut stored = DynamicImage::ImageRgb8(quarters());
        stored.apply_orientation(undo);
        let bytes = jpeg_with_orientation(&stored.to_rgb8(), exif);
        assert_eq!(exif_orientation(&bytes), exif);
        let upright = decode(&bytes).unwrap();
        assert_eq!((upright.width, upright.height), (48, 32), "orientation {exif}");
        let corners = [(6, 6), (42, 6), (6, 26), (42, 26)].map(|(x, y)| nearest_colour(&upright, x, y));
        assert_eq!(corners, [RED, GREEN, BLUE, GREY], "orientation {exif}");
    }
}

#[test]
fn every_format_is_probed_and_decoded() {
    let picture = DynamicImage::ImageRgb8(quarters());
    for format in [
        ImageFormat::Jpeg,
        ImageFormat::Png,
        ImageFormat::Gif,
        ImageFormat::WebP,
        ImageFormat::Bmp,
        ImageFormat::Tiff,
        ImageFormat::Qoi,
        ImageFormat::Pnm,
    ] {
        let bytes = encoded(&picture, format);
        assert_eq!(probe(&bytes), Ok(Some((48, 32))), "{format:?}");
        let decoded = decode(&bytes).unwrap();
        assert_eq!((decoded.width, decoded.height), (48, 32), "{format:?}");
        assert_eq!(nearest_colour(&decoded, 42, 6), GREEN, "{format:?}");
    }
}

#[test]
fn what_is_no_picture_has_its_code() {
    assert_eq!(probe(&[]), Err(ImageError::EmptyFile));
    assert_eq!(decode(&[]), Err(ImageError::EmptyFile));
    assert_eq!(probe(b"<html>not a picture</html>"), Ok(None));
    assert_eq!(decode(b"<html>not a picture</html>"), Err(ImageError::NotAPicture));
    let png = encoded(&DynamicImage::ImageRgb8(quarters()), ImageFormat::Png);
    assert_eq!(decode(&png[..png.len() / 2]).unwrap_err().code(), "damaged-picture");
}

#[test]
fn a_header_that_claims_too_much_is_refused_before_decoding() {
    let mut bmp = encoded(&DynamicImage::ImageRgb8(quarters()), ImageFormat::Bmp);
    bmp[18..22].copy_from_slice(&20_000_i32.to_le_bytes());
    bmp[22..26].copy_from_slice(&20_000_i32.to_le_bytes());
    let refused = ImageError::TooLarge { width: 20_000, height: 20_000, limit_megapixels: 250 };
    assert_eq!(probe(&bmp), Err(refused.clone()));
    assert_eq!(decode(&bmp), Err(refused));
}

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
    for size_px in [0, 32, 100, 256] {
        assert_eq!(fit(&[0; 4], 1, 1, size_px, Framing::Stretch), Err(ImageError::BadSize(size_px)));
    }
    for (width, height) in [(0, 1), (2, 1), (u32::MAX, u32::MAX)] {
        assert_eq!(fit(&[0; 4], width, height, 64, Framing::Stretch).unwrap_err().code(), "damaged-picture");
    }
}

#[test]
fn hostile_files_never_escape() {
    let shared = std::env::var("SHOAL_SHARED").unwrap_or_else(|_| "../shared".into());
    let folder = Path::new(&shared).join("nasty");
    if !folder.is_dir() {
        println!("skipped: there are no hostile files at {}", folder.display());
        return;
    }
    let mut files = Vec::new();
    collect(&folder, &mut files);
    files.sort();
    let mut panics = Vec::new();
    for path in &files {
        let bytes = std::fs::read(path).unwrap();
        let told = path.strip_prefix(&folder).unwrap_or(path).display().to_string();
        match catch_unwind(|| run(&bytes)) {
            Ok(what) => println!("{told}: {what}"),
            Err(_) => panics.push(told),
        }
    }
    println!("{} files, {} panicked: {panics:?}", files.len(), panics.len());
    assert!(panics.is_empty(), "these panicked: {panics:?}");
}

fn run(bytes: &[u8]) -> String {
    let probed = match probe(bytes) {
        Ok(probed) => probed,
        Err(error) => return format!("probe: {}", error.code()),
    };
    let decoded = match decode(bytes) {
        Ok(decoded) => decoded,
        Err(error) => return format!("{probed:?}, decode: {} ({error})", error.code()),
    };
    let fitted = fit(&decoded.pixels_rgba_u8, decoded.width, decoded.height, 64, Framing::CropCentre).unwrap();
    assert_eq!(fitted.len(), 64 * 64 * 3);
    format!("{probed:?}, {} x {}", decoded.width, decoded.height)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() { collect(&path, files) } else { files.push(path) }
    }
}
