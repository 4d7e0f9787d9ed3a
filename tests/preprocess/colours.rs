//! Colour profiles.

use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use moxcms::ColorProfile;
use shoal::preprocess::decode;

const SIDE: u32 = 8;

fn plain(colour: [u8; 3]) -> Vec<u8> {
    colour.repeat((SIDE * SIDE) as usize)
}

fn png(colour: [u8; 3], profile: Option<Vec<u8>>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile).unwrap();
    }
    encoder.write_image(&plain(colour), SIDE, SIDE, ExtendedColorType::Rgb8).unwrap();
    bytes
}

fn shown(file: &[u8]) -> [u8; 3] {
    let pixels = decode(file).unwrap().pixels_rgba_u8;
    [pixels[0], pixels[1], pixels[2]]
}

#[test]
fn colours_of_a_wide_gamut_are_converted() {
    let p3 = || ColorProfile::new_display_p3().encode().unwrap();
    // By the primaries of both spaces, and clipped.
    for (stored, wanted) in [([200, 100, 50], [215, 93, 31]), ([60, 180, 90], [0, 183, 78]), ([128; 3], [128; 3])] {
        let found = shown(&png(stored, Some(p3())));
        assert!(found.iter().zip(wanted).all(|(one, other)| one.abs_diff(other) <= 1), "{found:?} {wanted:?}");
        assert_eq!(shown(&png(stored, None)), stored);
    }
}

#[test]
fn a_damaged_profile_is_ignored() {
    let mut profile = ColorProfile::new_display_p3().encode().unwrap();
    profile.truncate(200);
    assert_eq!(shown(&png([200, 100, 50], Some(profile))), [200, 100, 50]);
    assert_eq!(shown(&png([200, 100, 50], Some(vec![7; 300]))), [200, 100, 50]);
}
