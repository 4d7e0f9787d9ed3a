//! Animations: the first frame that is not blank.

use std::time::Duration;

use image::codecs::gif::GifEncoder;
use image::{Delay, DynamicImage, Frame, ImageFormat, Rgba, RgbaImage};
use shoal::preprocess::{decode, first_visible_frame, is_blank, may_be_animated};

fn gif(frames: &[RgbaImage]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    for frame in frames {
        let delay = Delay::from_saturating_duration(Duration::from_millis(100));
        encoder.encode_frame(Frame::from_parts(frame.clone(), 0, 0, delay)).unwrap();
    }
    drop(encoder);
    bytes
}

/// An animated PNG of two frames of the same size. Source: W3C, PNG, third edition, 11.3.6.
fn animated_png(first: &RgbaImage, second: &RgbaImage) -> Vec<u8> {
    let chunk = |name: &[u8], body: &[u8]| {
        let named = [name, body].concat();
        [&(body.len() as u32).to_be_bytes(), named.as_slice(), &crc32fast::hash(&named).to_be_bytes()].concat()
    };
    // The chunks of the PNG files of both frames: header, pixels, end.
    let [first, second] = [first, second].map(|frame| {
        let mut bytes = std::io::Cursor::new(Vec::new());
        DynamicImage::from(frame.clone()).write_to(&mut bytes, ImageFormat::Png).unwrap();
        let bytes = bytes.into_inner();
        let mut rest = &bytes[8..];
        let mut pixels = Vec::new();
        while let Some(&[a, b, c, d]) = rest.first_chunk() {
            let length = u32::from_be_bytes([a, b, c, d]) as usize;
            if &rest[4..8] == b"IDAT" {
                pixels.extend(&rest[8..8 + length]);
            }
            rest = &rest[12 + length..];
        }
        (bytes[..33].to_vec(), pixels)
    });
    let control = |number: u32| {
        let numbers = [number, 20, 12, 0, 0].map(u32::to_be_bytes).concat();
        chunk(b"fcTL", &[numbers.as_slice(), &[0, 1, 0, 10, 0, 0]].concat())
    };
    [
        first.0,
        chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]),
        control(0),
        chunk(b"IDAT", &first.1),
        control(1),
        chunk(b"fdAT", &[&2_u32.to_be_bytes(), second.1.as_slice()].concat()),
        chunk(b"IEND", &[]),
    ]
    .concat()
}

fn plain(colour: [u8; 4]) -> RgbaImage {
    RgbaImage::from_pixel(20, 12, Rgba(colour))
}

fn halves() -> RgbaImage {
    RgbaImage::from_fn(20, 12, |x, _| Rgba(if x < 10 { [230, 20, 20, 255] } else { [20, 20, 230, 255] }))
}

#[test]
fn the_first_frame_that_shows_something_is_found() {
    let animation = gif(&[plain([255; 4]), plain([0, 0, 0, 255]), halves(), plain([255; 4])]);
    assert!(may_be_animated(&animation));
    let found = first_visible_frame(&animation).unwrap();
    assert_eq!((found.width, found.height), (20, 12));
    assert!(!is_blank(&found.pixels_rgba_u8) && found.pixels_rgba_u8[0] > 200 && found.pixels_rgba_u8[19 * 4] < 60);
    assert_eq!(first_visible_frame(&gif(&[plain([255; 4]), plain([0; 4])])), None);
}

#[test]
fn animated_pngs_are_looked_through() {
    let late = animated_png(&plain([255; 4]), &halves());
    assert!(may_be_animated(&late));
    assert!(!is_blank(&first_visible_frame(&late).unwrap().pixels_rgba_u8));
    // A whole file is decoded likewise, and one that is not blank starts where it starts.
    assert!(!is_blank(&decode(&late).unwrap().pixels_rgba_u8));
    let early = decode(&animated_png(&halves(), &plain([9; 4]))).unwrap();
    assert_eq!(early.pixels_rgba_u8, halves().into_raw());
}

#[test]
fn what_is_no_animation_has_no_frames() {
    let mut png = std::io::Cursor::new(Vec::new());
    DynamicImage::from(halves()).write_to(&mut png, ImageFormat::Png).unwrap();
    assert!(!may_be_animated(png.get_ref()));
    assert_eq!(first_visible_frame(png.get_ref()), None);
    let cut = gif(&[plain([255; 4]), halves()]);
    assert_eq!(first_visible_frame(&cut[..cut.len() / 3]), None);
    assert!(!may_be_animated(b"\xff\xd8\xff\xe0") && first_visible_frame(&[]).is_none());
}

#[test]
fn traces_of_compression_are_blank_and_colours_of_the_invisible_too() {
    let traces: Vec<u8> = (0..100).flat_map(|place| [120 + place % 9, 7, 200, 255]).collect();
    assert!(is_blank(&traces) && is_blank(&[]));
    assert!(is_blank(&[[1, 2, 3, 0], [200, 90, 3, 0]].concat()));
    assert!(!is_blank(&[[0, 0, 0, 255], [9, 0, 0, 255]].concat()));
    assert!(!is_blank(&[[0, 0, 0, 255], [0, 0, 0, 0]].concat()));
}
