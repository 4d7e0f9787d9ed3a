//! The image to keep, criterion by criterion.

use shoal::collection::duplicates::{KeepReason, Kept, Traits, best, is_original_format};

use super::image;

/// The image to keep of images with different bytes.
fn best_of(images: &[Traits]) -> Option<(u32, KeepReason)> {
    let traits: Vec<Traits> = (0..).zip(images).map(|(row, &image)| Traits { content: row, ..image }).collect();
    let rows: Vec<u32> = (0..traits.len() as u32).collect();
    best(&traits, &rows).map(|Kept { row, reason }| (row, reason))
}

fn sized(pixels: u64, sharpness: Option<f32>, byte_size: u64) -> Traits {
    Traits { pixels, sharpness, byte_size, ..image(0) }
}

#[test]
fn without_known_detail_the_largest_sharp_one_with_most_bytes_is_kept() {
    let of = |figures: &[(u64, Option<f32>, u64)]| {
        best_of(&figures.iter().map(|&(pixels, sharpness, bytes)| sized(pixels, sharpness, bytes)).collect::<Vec<_>>())
    };
    assert_eq!(of(&[(4, Some(9.0), 9), (5, None, 1), (4, Some(1.0), 1)]), Some((1, KeepReason::Pixels)));
    assert_eq!(of(&[(4, Some(f32::NAN), 9), (4, Some(1.0), 1), (4, None, 9)]), Some((1, KeepReason::Sharpness)));
    assert_eq!(of(&[(4, Some(10.0), 3), (4, Some(9.0), 4)]), Some((1, KeepReason::Bytes)), "compression looks sharp");
    assert_eq!(of(&[(4, Some(10.0), 3), (4, Some(7.0), 9)]), Some((0, KeepReason::Sharpness)), "one is blurred");
    assert_eq!(of(&[(4, Some(2.0), 3), (4, Some(2.0), 4), (4, Some(2.0), 4)]), Some((1, KeepReason::Order)));
    assert_eq!(of(&[]), None);
}

#[test]
fn detail_counts_more_than_pixels() {
    let sharp = Traits { detail: Some(900.0), byte_size: 5, ..sized(1000, None, 0) };
    let enlarged = Traits { detail: Some(600.0), byte_size: 9, ..sized(4000, None, 0) };
    assert_eq!(best_of(&[enlarged, sharp]), Some((1, KeepReason::Detail)));
    let about_as_detailed = Traits { detail: Some(850.0), ..enlarged };
    assert_eq!(best_of(&[about_as_detailed, sharp]), Some((1, KeepReason::Detail)), "the other pixels show nothing");
    let more_detailed = Traits { detail: Some(3500.0), ..enlarged };
    assert_eq!(best_of(&[more_detailed, sharp]), Some((0, KeepReason::Detail)));
    let unmeasured = Traits { detail: None, ..enlarged };
    assert_eq!(best_of(&[unmeasured, sharp]), Some((0, KeepReason::Pixels)));
}

#[test]
fn equal_detail_leaves_format_then_camera_then_time_to_decide() {
    let plain = Traits { detail: Some(90.0), ..sized(100, None, 1) };
    let converted = Traits { is_original_format: false, has_exif: true, captured_ms: Some(1.0), ..plain };
    assert_eq!(best_of(&[converted, plain]), Some((1, KeepReason::Format)));
    let by_camera = Traits { has_exif: true, ..plain };
    assert_eq!(best_of(&[Traits { captured_ms: Some(1.0), ..plain }, by_camera]), Some((1, KeepReason::Exif)));
    let [late, early] = [9.0, 3.0].map(|time| Traits { captured_ms: Some(time), byte_size: time as u64, ..by_camera });
    assert_eq!(best_of(&[late, early, by_camera]), Some((1, KeepReason::CaptureTime)));
}

#[test]
fn identical_images_count_once() {
    let traits = [image(0), Traits { byte_size: 5, ..image(1) }, image(0), Traits { byte_size: 5, ..image(1) }];
    assert_eq!(best(&traits, &[2, 0]), Some(Kept { row: 2, reason: KeepReason::Identical }));
    assert_eq!(best(&traits, &[0, 1, 2, 3]), Some(Kept { row: 1, reason: KeepReason::Bytes }));
}

#[test]
fn traits_survive_the_journey_to_a_worker() {
    let known = Traits { detail: Some(0.5), sharpness: Some(3.0), captured_ms: Some(-1.0), has_exif: true, ..image(7) };
    for traits in [known, Traits { is_original_format: false, ..image(u32::MAX) }] {
        assert_eq!(Traits::from_row(&traits.to_row()), traits);
    }
}

#[test]
fn formats_of_cameras_and_editors_are_original() {
    let is_original = ["a/b.JPG", "b.heic", "c.cr2", "d.png", "e.tiff", "no extension"];
    assert!(is_original.into_iter().all(is_original_format));
    assert!(!["a.webp", "a/b.AVIF", "c.gif"].into_iter().any(is_original_format));
}
