//! Raw images by their embedded previews, in files built by the layout of the formats.

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use shoal::error::Coded;
use shoal::preprocess::{decode, exif_orientation, raw_preview};

/// A JPEG of one grey.
fn jpeg(width: u32, height: u32, grey: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new(&mut bytes).encode_image(&RgbImage::from_pixel(width, height, Rgb([grey; 3]))).unwrap();
    bytes
}

/// The start of a lossless JPEG, as the data of a sensor.
const SENSOR: &[u8] = b"\xff\xd8\xff\xc3\0\x0b\x08\x10\0\x10\0\x01\0\x11\0\xff\xda\0\x08\x01\0\0\x01\0\0";

/// A directory with this orientation as its only entry, in a TIFF structure with these first bytes.
fn directory(magic: &[u8; 4], orientation: u8) -> Vec<u8> {
    let mut bytes = magic.to_vec();
    bytes.extend([8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]);
    bytes
}

/// A raw file with a thumbnail, the data of a sensor and a preview of 640 x 480.
pub fn raw_file(orientation: u8) -> Vec<u8> {
    [directory(b"II*\0", orientation), jpeg(160, 120, 10), SENSOR.to_vec(), jpeg(640, 480, 90), jpeg(320, 240, 200)]
        .concat()
}

#[test]
fn the_largest_preview_is_used_with_the_orientation_of_the_raw_file() {
    for (orientation, size) in [(1, (640, 480)), (3, (640, 480)), (6, (480, 640)), (8, (480, 640))] {
        let preview = raw_preview(&raw_file(orientation)).unwrap();
        assert_eq!(exif_orientation(&preview), orientation);
        let decoded = decode(&preview).unwrap();
        assert_eq!((decoded.width, decoded.height), size);
        assert!(decoded.pixels_rgba_u8[0].abs_diff(90) < 3);
    }
}

#[test]
fn makers_have_containers_of_their_own() {
    let preview = jpeg(1024, 768, 120);
    let olympus = [directory(b"IIRO", 6), preview.clone()].concat();
    let panasonic = [directory(b"IIU\0", 6), preview.clone()].concat();
    let canon =
        [b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom\0\0\0\x26CMT1".to_vec(), directory(b"II*\0", 6), preview.clone()]
            .concat();
    for file in [olympus, panasonic, canon] {
        assert_eq!(exif_orientation(&raw_preview(&file).unwrap()), 6);
    }
    // Fujifilm's preview has its own orientation.
    let mut own = preview[..2].to_vec();
    own.extend(b"\xff\xe1\0\x22Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x08\0\0\0\0\0\0");
    own.extend(&preview[2..]);
    let fujifilm = [b"FUJIFILMCCD-RAW 0201".to_vec(), vec![0; 100], own].concat();
    assert_eq!(exif_orientation(&raw_preview(&fujifilm).unwrap()), 8);
}

#[test]
fn thumbnails_are_no_previews() {
    for file in [
        [directory(b"II*\0", 1), jpeg(160, 120, 10), SENSOR.to_vec()].concat(),
        [directory(b"II*\0", 1), jpeg(511, 300, 10)].concat(),
        b"not a raw image".to_vec(),
    ] {
        assert_eq!(raw_preview(&file).unwrap_err().code(), "no-raw-preview");
    }
    assert_eq!(raw_preview(&[]).unwrap_err().code(), "empty-file");
    assert!(raw_preview(&[directory(b"II*\0", 1), jpeg(512, 300, 10)].concat()).is_ok());
}
