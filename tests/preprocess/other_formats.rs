//! Formats beyond those that browsers and `image` know: decoded, or refused by name.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use shoal::error::Coded;
use shoal::preprocess::{ImageError, Rgba, decode};

const RED: [u8; 3] = [230, 20, 20];
const BLUE: [u8; 3] = [20, 20, 230];
const SIDE: u32 = 16;

/// The picture as JPEG 2000, in hexadecimal: `Image.save("halves.jp2", num_resolutions=2)` by Pillow 13.0 with OpenJPEG 2.5.4.
const JPEG_2000: &str = "\
    0000000c6a5020200d0a870a00000014667479706a703220000000006a7032200000002d6a703268000000166968647200000010000000100003\
    070700000000000f636f6c7201000000000010000001146a703263ff4fff51002f00000000001000000010000000000000000000000010000000\
    1000000000000000000003070101070101070101ff52000c00000001000104040001ff5c00074040484850ff6400250001437265617465642062\
    79204f70656e4a5045472076657273696f6e20322e352e34ff90000a0000000000990001ff93df81502219deb43bd148197da0de24ae5f920bfc\
    27037e021771271fe3587ee82ca65df0334333ca39588b44bfcfb44c115054aff9cd8000018484bc0168000309097fdf8150216ddcb43bd14819\
    7da0de24ae5fab02c000089fd4f547c3794c2d41245df018d14648a1e1bca616a097c7da1200221a09a1e04852790780c7da1200216e07a1e048\
    527907ffd9";

/// Red on the left, blue on the right.
fn picture(side: u32) -> RgbImage {
    RgbImage::from_fn(side, side, |x, _| Rgb(if x < side / 2 { RED } else { BLUE }))
}

fn encoded(side: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(picture(side)).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A Photoshop file of this colour mode and compression, with the planes of the merged image.
fn photoshop(mode: u16, depth: u16, planes: &[Vec<u8>], is_packed: bool, layers: i16) -> Vec<u8> {
    let mut bytes = b"8BPS\0\x01\0\0\0\0\0\0".to_vec();
    bytes.extend((planes.len() as u16).to_be_bytes());
    bytes.extend(SIDE.to_be_bytes());
    bytes.extend(SIDE.to_be_bytes());
    bytes.extend(depth.to_be_bytes());
    bytes.extend(mode.to_be_bytes());
    if mode == 2 {
        bytes.extend(768_u32.to_be_bytes());
        for channel in 0..3 {
            bytes.extend((0..256).map(|index| if index == 7 { RED[channel] } else { BLUE[channel] }));
        }
    } else {
        bytes.extend([0; 4]);
    }
    bytes.extend([0; 4]);
    bytes.extend(6_u32.to_be_bytes());
    bytes.extend(2_u32.to_be_bytes());
    bytes.extend(layers.to_be_bytes());
    bytes.extend(u16::from(is_packed).to_be_bytes());
    if is_packed {
        // Each row: runs of eight equal samples.
        let row = |row: &[u8]| -> Vec<u8> { row.chunks(8).flat_map(|run| [(257 - run.len()) as u8, run[0]]).collect() };
        let rows: Vec<Vec<u8>> = planes.iter().flat_map(|plane| plane.chunks(SIDE as usize).map(row)).collect();
        rows.iter().for_each(|row| bytes.extend((row.len() as u16).to_be_bytes()));
        bytes.extend(rows.concat());
    } else {
        bytes.extend(planes.concat());
    }
    bytes
}

/// A plane with these samples in the left and the right half.
fn plane(left: u8, right: u8) -> Vec<u8> {
    (0..SIDE * SIDE).map(|place| if place % SIDE < SIDE / 2 { left } else { right }).collect()
}

fn planes(left: &[u8], right: &[u8]) -> Vec<Vec<u8>> {
    left.iter().zip(right).map(|(&left, &right)| plane(left, right)).collect()
}

/// An Apple icon with these pictures.
fn icon(pictures: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (kind, picture) in pictures {
        body.extend(*kind);
        body.extend((picture.len() as u32 + 8).to_be_bytes());
        body.extend(picture);
    }
    [b"icns".as_slice(), &(body.len() as u32 + 8).to_be_bytes(), &body].concat()
}

/// An Apple icon as it was before PNG: its channels packed in runs, and a mask.
fn old_icon() -> Vec<u8> {
    // Runs of eight equal bytes.
    let channel = |channel: usize| [133, RED[channel], 133, BLUE[channel]].repeat(SIDE as usize);
    icon(&[(b"is32", (0..3).flat_map(channel).collect()), (b"s8mk", vec![255; (SIDE * SIDE) as usize])])
}

fn jpeg_2000() -> Vec<u8> {
    let digit = |place: usize| u8::from_str_radix(&JPEG_2000[2 * place..2 * place + 2], 16).unwrap();
    (0..JPEG_2000.len() / 2).map(digit).collect()
}

fn pcx() -> Vec<u8> {
    let mut bytes = vec![0; 128];
    bytes[..4].copy_from_slice(&[10, 5, 1, 8]);
    bytes[8..12].copy_from_slice(&[SIDE as u8 - 1, 0, SIDE as u8 - 1, 0]);
    bytes[65..68].copy_from_slice(&[3, SIDE as u8, 0]);
    for _ in 0..SIDE {
        for channel in 0..3 {
            bytes.extend([0xc8, RED[channel], 0xc8, BLUE[channel]]);
        }
    }
    bytes
}

fn sgi() -> Vec<u8> {
    let mut bytes = vec![0; 512];
    bytes[..12].copy_from_slice(&[1, 0xda, 0, 1, 0, 3, 0, SIDE as u8, 0, SIDE as u8, 0, 3]);
    bytes[19] = 255;
    (0..3).for_each(|channel| bytes.extend(plane(RED[channel], BLUE[channel])));
    bytes
}

/// The files, to be damaged.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let rgb = planes(&RED, &BLUE);
    let inks = |[r, g, b]: [u8; 3]| [r, g, b, 255];
    [
        ("PSD", photoshop(3, 8, &rgb, false, 0)),
        ("PSD, packed", photoshop(3, 8, &rgb, true, 0)),
        ("PSD, CMYK", photoshop(4, 8, &planes(&inks(RED), &inks(BLUE)), true, 0)),
        ("PSD, indexed", photoshop(2, 8, &planes(&[7], &[9]), false, 0)),
        ("ICNS", icon(&[(b"icp4", encoded(SIDE, ImageFormat::Png))])),
        ("ICNS without PNG", old_icon()),
        ("JPEG 2000", jpeg_2000()),
        ("JPEG 2000, bare", jpeg_2000()[85..].to_vec()),
        ("TGA", encoded(SIDE, ImageFormat::Tga)),
        ("PCX", pcx()),
        ("SGI", sgi()),
    ]
    .map(|(name, bytes)| (name.to_owned(), bytes))
    .to_vec()
}

fn pixel(image: &Rgba, x: u32) -> [u8; 4] {
    let at = ((image.height / 2 * image.width + x) * 4) as usize;
    image.pixels_rgba_u8[at..at + 4].try_into().unwrap()
}

#[test]
fn they_are_decoded() {
    for (name, bytes) in files() {
        let decoded = decode(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!((decoded.width, decoded.height), (SIDE, SIDE), "{name}");
        let [r, g, b] = RED;
        assert_eq!(pixel(&decoded, 3), [r, g, b, 255], "{name}");
        let [r, g, b] = BLUE;
        assert_eq!(pixel(&decoded, 12), [r, g, b, 255], "{name}");
    }
}

#[test]
fn a_merged_image_has_the_transparency_that_its_layers_say() {
    let four = planes(&[230, 20, 20, 0], &[20, 20, 230, 255]);
    assert_eq!(pixel(&decode(&photoshop(3, 8, &four, true, -1)).unwrap(), 3), [230, 20, 20, 0]);
    assert_eq!(pixel(&decode(&photoshop(3, 8, &four, true, 1)).unwrap(), 3), [230, 20, 20, 255]);
    let words: Vec<Vec<u8>> =
        planes(&RED, &BLUE).iter().map(|plane| plane.iter().flat_map(|&byte| [byte, 99]).collect()).collect();
    assert_eq!(pixel(&decode(&photoshop(3, 16, &words, false, 0)).unwrap(), 12), [20, 20, 230, 255]);
    let bits = vec![[0x00_u8, 0xff].repeat(SIDE as usize)];
    let decoded = decode(&photoshop(0, 1, &bits, false, 0)).unwrap();
    assert_eq!([pixel(&decoded, 3), pixel(&decoded, 12)], [[255; 4], [0, 0, 0, 255]]);
}

#[test]
fn others_are_refused_by_name() {
    for (bytes, name) in [
        (&b"\xff\x0a\xfa\x1f"[..], "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14ftypjxl ", "JPEG XL"),
        (b"8BPS\0\x01\0\0\0\0\0\0\0\x03\0\0\0\x10\0\0\0\x10\0\x20\0\x03", "Photoshop"),
    ] {
        let error = decode(bytes).unwrap_err();
        assert!(matches!(error, ImageError::Unsupported { .. }), "{error:?}");
        assert_eq!(error.code(), "picture-unsupported");
        assert!(error.to_string().contains(name), "{error}");
    }
    let cut = &photoshop(3, 8, &planes(&RED, &BLUE), false, 0)[..200];
    assert_eq!(decode(cut).unwrap_err().code(), "damaged-picture");
}
