//! Groups of which every image was kept.

use serde_json::json;
use shoal::collection::duplicates::KeptGroups;

fn contents(bytes: &[u8]) -> Vec<[u8; 32]> {
    bytes.iter().map(|&byte| [byte; 32]).collect()
}

#[test]
fn a_group_and_its_parts_are_covered_but_no_new_copy() {
    let mut kept = KeptGroups::default();
    assert!(kept.is_empty());
    kept.keep(contents(&[2, 1, 1]));
    for covered in [&[1, 1, 2][..], &[1, 1], &[1, 2]] {
        assert!(kept.covers(&contents(covered)), "{covered:?}");
    }
    for new in [&[1, 1, 1][..], &[1, 3], &[2, 2]] {
        assert!(!kept.covers(&contents(new)), "{new:?}");
    }
    let mut others = KeptGroups::default();
    others.keep(contents(&[4]));
    assert!(others.is_empty(), "one file is no group");
    others.keep(contents(&[1, 1, 2, 3]));
    kept.extend(others.clone());
    assert_eq!(kept, others, "the larger group replaces the smaller one");
}

#[test]
fn groups_are_written_as_hexadecimal_and_damaged_ones_ignored() {
    let mut kept = KeptGroups::default();
    kept.keep(contents(&[0xab, 1]));
    let written = serde_json::to_value(&kept).unwrap();
    assert_eq!(written, json!([["01".repeat(32), "ab".repeat(32)]]));
    let read: KeptGroups = serde_json::from_value(json!([["x", "ab".repeat(32)], written[0]])).unwrap();
    assert_eq!(read, kept);
}
