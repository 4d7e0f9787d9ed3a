//! Decoding: formats, orientation, damaged files and files that claim too much.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageEncoder, ImageFormat, Rgb, RgbImage, metadata::Orientation};
use shoal::error::Coded;
use shoal::preprocess::{ImageError, Rgba, decode, exif_orientation, probe};

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
fn rows_of_a_bmp_may_go_from_top_to_bottom() {
    let mut bmp = encoded(&DynamicImage::ImageRgb8(quarters()), ImageFormat::Bmp);
    bmp[22..26].copy_from_slice(&(-32_i32).to_le_bytes());
    assert_eq!(probe(&bmp), Ok(Some((48, 32))));
    assert_eq!(nearest_colour(&decode(&bmp).unwrap(), 42, 26), GREEN, "the same rows, upside down");
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
