//! Groups of duplicates: every image of a group is near the one to keep.

use proptest::prelude::*;
use serde_json::json;
use shoal::collection::DuplicateGroup;
use shoal::collection::duplicates::{DuplicateKind, KeepReason, Traits, group, rows_to_measure};

use super::image;

/// Images on a line, at these places; those at most 1 apart are near.
fn on_a_line(places: &[f64], traits: &[Traits]) -> Vec<DuplicateGroup> {
    let are_near = |one: u32, other: u32| (places[one as usize] - places[other as usize]).abs() <= 1.0;
    let rows = || 0..places.len() as u32;
    let pairs: Vec<[u32; 2]> = rows()
        .flat_map(|one| rows().map(move |other| [one, other]))
        .filter(|&[one, other]| are_near(one, other))
        .collect();
    group(traits, &pairs, |row, others| others.iter().map(|&other| are_near(row, other)).collect())
}

fn with_bytes(bytes: &[u64]) -> Vec<Traits> {
    (0..).zip(bytes).map(|(row, &byte_size)| Traits { byte_size, ..image(row) }).collect()
}

fn rows_and_best(groups: &[DuplicateGroup]) -> Vec<(Vec<u32>, u32)> {
    groups.iter().map(|group| (group.rows.clone(), group.best)).collect()
}

#[test]
fn frames_of_a_movement_are_not_chained() {
    let places: Vec<f64> = (0..8).map(|frame| f64::from(frame) * 0.7).collect();
    let found = on_a_line(&places, &with_bytes(&[1, 9, 1, 1, 1, 8, 1, 1]));
    assert_eq!(rows_and_best(&found), [(vec![0, 1, 2], 1), (vec![4, 5, 6], 5)], "3 and 7 are near neither");
    assert!(found.iter().all(|group| group.kind == DuplicateKind::Near && group.reason == KeepReason::Bytes));
}

#[test]
fn identical_files_are_exact_duplicates_and_follow_each_other() {
    let traits = [image(0), image(1), image(0), image(0)];
    let found = on_a_line(&[0.0, 5.0, 0.0, 0.0], &traits);
    assert_eq!(rows_and_best(&found), [(vec![0, 2, 3], 0)]);
    assert_eq!((found[0].kind, found[0].reason), (DuplicateKind::Exact, KeepReason::Identical));
    // An image that only looks the same makes the whole group near.
    let found = on_a_line(&[0.0, 0.5, 0.0, 0.0], &traits);
    assert_eq!((rows_and_best(&found), found[0].kind), (vec![(vec![0, 1, 2, 3], 0)], DuplicateKind::Near));
}

#[test]
fn the_best_of_a_group_is_near_all_of_it() {
    let traits: Vec<Traits> =
        (0..).zip([100, 400, 200, 200]).map(|(row, pixels)| Traits { pixels, ..image(row) }).collect();
    let found = on_a_line(&[0.0, 0.9, 1.8, 2.7], &traits);
    assert_eq!(rows_and_best(&found), [(vec![0, 1, 2], 1)]);
}

#[test]
fn images_of_different_sizes_are_measured() {
    let sizes = [4, 4, 9, 9, 4, 1];
    let mut traits: Vec<Traits> = (0..).zip(sizes).map(|(row, pixels)| Traits { pixels, ..image(row) }).collect();
    traits[4].content = 0;
    assert_eq!(rows_to_measure(&traits, &[[0, 1], [1, 2], [3, 3], [5, 99]]), [0, 1, 2]);
    assert!(rows_to_measure(&traits, &[[0, 1]]).is_empty());
}

#[test]
fn groups_are_serialised_as_the_page_reads_them() {
    let written = serde_json::to_value(on_a_line(&[0.0, 0.0], &[image(0), image(0)])).unwrap();
    assert_eq!(written, json!([{ "kind": "exact", "rows": [0, 1], "best": 0, "reason": "identical" }]));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn every_image_is_near_the_best_of_its_only_group(
        images in prop::collection::vec((0.0_f64..12.0, 0_u32..30, 1_u64..4, 0_u64..5, prop::option::of(1.0_f32..20.0)), 0..30),
    ) {
        let content = |row: usize| images.iter().position(|image| image.1 == images[row].1).unwrap() as u32;
        let places: Vec<f64> = (0..images.len()).map(|row| images[content(row) as usize].0).collect();
        let traits: Vec<Traits> = (0..images.len())
            .map(|row| {
                let (.., pixels, byte_size, detail) = images[content(row) as usize];
                Traits { pixels: 10 * pixels, byte_size, detail, ..image(content(row)) }
            })
            .collect();
        let found = on_a_line(&places, &traits);
        let mut seen = vec![false; images.len()];
        for group in &found {
            prop_assert!(group.rows.len() > 1 && group.rows.contains(&group.best));
            for &row in &group.rows {
                prop_assert!(!std::mem::replace(&mut seen[row as usize], true));
                prop_assert!((places[row as usize] - places[group.best as usize]).abs() <= 1.0);
            }
        }
        // What is left is near no other image that is left.
        let left: Vec<usize> = (0..images.len()).filter(|&row| !seen[row]).collect();
        for (index, &one) in left.iter().enumerate() {
            prop_assert!(left[index + 1..].iter().all(|&other| (places[one] - places[other]).abs() > 1.0));
        }
    }
}
