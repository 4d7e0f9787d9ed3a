//! Turned and mirrored copies.

use serde_json::json;
use shoal::collection::duplicates::{GRID_PX, Turn, are_turned_copies, turned_candidates, turned_hash};

const ALL: [Turn; 7] = [
    Turn::Rotated90,
    Turn::Rotated180,
    Turn::Rotated270,
    Turn::Mirrored,
    Turn::MirroredRotated90,
    Turn::MirroredRotated180,
    Turn::MirroredRotated270,
];

/// A picture without symmetry, with its own noise.
fn picture(seed: u32) -> Vec<u8> {
    let phase = f64::from(seed) * 1.7;
    let tilt = (f64::from(seed) * 0.9).sin();
    let value = |x: f64, y: f64| {
        let waves = ((0.21 + 0.05 * tilt) * x + phase).sin()
            + ((0.13 - 0.06 * tilt) * y - 0.07 * x + 2.0 * phase).cos()
            + (0.05 * x * y / 9.0 + phase * y / 9.0).sin();
        110.0 + 35.0 * waves + 0.4 * x
    };
    (0..GRID_PX * GRID_PX).map(|at| value((at % GRID_PX) as f64, (at / GRID_PX) as f64) as u8).collect()
}

fn mirrored(grey: &[u8]) -> Vec<u8> {
    grey.chunks(GRID_PX).flat_map(|row| row.iter().rev()).copied().collect()
}

fn rotated_90(grey: &[u8]) -> Vec<u8> {
    // The left column, from the bottom up, becomes the first row.
    (0..GRID_PX).flat_map(|x| (0..GRID_PX).rev().map(move |y| grey[y * GRID_PX + x])).collect()
}

fn turned(grey: &[u8], turn: Turn) -> Vec<u8> {
    let index = ALL.iter().position(|one| *one == turn).unwrap();
    let start = if index < 3 { grey.to_vec() } else { mirrored(grey) };
    (0..[1, 2, 3, 0, 1, 2, 3][index]).fold(start, |grey, _| rotated_90(&grey))
}

#[test]
fn a_turned_hash_is_the_hash_of_the_turned_image() {
    for seed in 0..5 {
        for turn in ALL {
            assert_eq!(
                turned_hash(&picture(seed), Some(turn)),
                turned_hash(&turned(&picture(seed), turn), None),
                "{turn:?}"
            );
        }
    }
}

#[test]
fn a_copy_is_recognised_in_its_own_orientation_only() {
    let image = picture(3);
    for turn in ALL {
        let copy = turned(&image, turn);
        for other in ALL {
            assert_eq!(are_turned_copies(&image, &copy, other, 0.98), other == turn, "{turn:?} as {other:?}");
        }
        assert!(are_turned_copies(&copy, &image, turn.inverse(), 1.0), "{turn:?}");
    }
    assert!(!are_turned_copies(&image, &turned(&picture(4), Turn::Mirrored), Turn::Mirrored, 0.5));
    assert!(!are_turned_copies(&image, &image[1..], Turn::Mirrored, 0.0));
}

#[test]
fn landscapes_that_share_only_sky_and_ground_are_no_copies() {
    let landscape = |seed: u32| -> Vec<u8> {
        let ground = picture(seed);
        (0..GRID_PX * GRID_PX).map(|at| if at / GRID_PX < GRID_PX / 2 { 250 } else { ground[at] / 2 }).collect()
    };
    let (one, other) = (landscape(1), landscape(2));
    assert!(are_turned_copies(&one, &mirrored(&one), Turn::Mirrored, 0.98));
    assert!(!are_turned_copies(&one, &mirrored(&other), Turn::Mirrored, 0.98));
}

#[test]
fn candidates_are_found_among_others() {
    let mut pictures: Vec<Vec<u8>> = (0..6).map(picture).collect();
    pictures.push(turned(&pictures[2], Turn::Rotated270));
    pictures.push(turned(&pictures[4], Turn::MirroredRotated90));
    let hashes = |turn| pictures.iter().map(|grey| turned_hash(grey, turn)).collect::<Vec<_>>();
    let mut found = Vec::new();
    for turn in Turn::SEARCHED {
        for [copy, image] in turned_candidates(&hashes(None), &hashes(Some(turn))) {
            if are_turned_copies(&pictures[image as usize], &pictures[copy as usize], turn, 0.98) {
                found.push((image, copy, turn));
            }
        }
    }
    let mirrored = Turn::MirroredRotated90;
    assert_eq!(
        found,
        [(6, 2, Turn::Rotated90), (7, 4, mirrored), (4, 7, mirrored)],
        "image 2 is image 6 turned by 90 degrees"
    );
}

#[test]
fn turns_have_the_names_of_the_public_api() {
    let names = ALL.map(|turn| serde_json::to_value(turn).unwrap());
    let rotated = ["rotated-90", "rotated-180", "rotated-270"];
    let mirrored = ["mirrored", "mirrored-rotated-90", "mirrored-rotated-180", "mirrored-rotated-270"];
    assert_eq!(json!(names), json!([rotated.as_slice(), mirrored.as_slice()].concat()));
}
