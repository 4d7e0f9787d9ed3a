//! Edits of single images and clusters: move, rename, lock, merge, split, new cluster, suggested names.

use shoal::collection::ImageId;
use shoal::collection::arrangement::{Arrangement, Edit, EditError, NameOrigin};
use shoal::error::Coded;

use super::*;

#[test]
fn adopted_clusters_get_ids_in_order() {
    let arrangement = three_clusters();
    assert_eq!(ids(&arrangement), [0, 1, 2]);
    assert_eq!(members(&arrangement, 1), [4, 5, 6]);
    assert_eq!((arrangement.size(0), arrangement.size(7), arrangement.image_count()), (4, 0, 10));
    assert_eq!(unassigned(&arrangement), [9]);
    assert_eq!(name(&arrangement, 2), ("Group 3", NameOrigin::Default));
    assert_eq!(arrangement.cluster_of(ImageId(8)), Some(2));
    assert_eq!((arrangement.cluster_of(ImageId(9)), arrangement.contains(ImageId(10))), (None, false));
    assert_eq!((pinned(&arrangement), arrangement.surviving()), (vec![], vec![]));
}

#[test]
fn images_moved_by_hand_are_pinned() {
    let mut arrangement = three_clusters();
    arrangement.apply(move_to([9, 4, 4], Some(2))).unwrap();
    arrangement.apply(move_to([0], None)).unwrap();
    assert_eq!((members(&arrangement, 2), unassigned(&arrangement)), (vec![4, 7, 8, 9], vec![0]));
    assert_eq!((pinned(&arrangement), excluded(&arrangement)), (vec![(4, 2), (9, 2)], images([0])));
    assert_eq!(arrangement.surviving(), [2]);

    arrangement.apply(lock([4, 9], &[], false)).unwrap();
    assert_eq!((pinned(&arrangement), arrangement.surviving()), (vec![], vec![]));
}

#[test]
fn a_locked_cluster_pins_its_images_and_no_others() {
    let mut arrangement = three_clusters();
    arrangement.apply(lock([0], &[1], true)).unwrap();
    assert_eq!(pinned(&arrangement), [(0, 0), (4, 1), (5, 1), (6, 1)]);
    assert_eq!(arrangement.surviving(), [0, 1]);
    arrangement.apply(lock([4], &[], false)).unwrap();
    assert!(arrangement.is_pinned(ImageId(4)) && !arrangement.is_pinned(ImageId(7)));
    arrangement.apply(lock([], &[1], false)).unwrap();
    assert_eq!(pinned(&arrangement), [(0, 0)]);
    arrangement.apply(move_to(4..7, None)).unwrap();
    arrangement.apply(lock([], &[1], true)).unwrap();
    assert_eq!(arrangement.surviving(), [0, 1]);
}

#[test]
fn names_are_cleaned() {
    let mut arrangement = three_clusters();
    arrangement.apply(rename(0, "\u{0} \tSummer\n 2024\u{7f} ")).unwrap();
    assert_eq!(name(&arrangement, 0), ("Summer 2024", NameOrigin::Given));
    let long: String = "né ".repeat(100);
    arrangement.apply(rename(1, &long)).unwrap();
    assert_eq!(name(&arrangement, 1).0, "né ".repeat(40).trim_end());
    for nothing in ["", "  ", "\r\n\u{0}", "\u{a0}"] {
        assert_eq!(arrangement.apply(rename(0, nothing)), Err(EditError::BadName));
    }
}

#[test]
fn suggestions_keep_given_names_and_are_not_edits() {
    let mut arrangement = three_clusters();
    arrangement.apply(rename(0, "Mine")).unwrap();
    arrangement.undo();
    let suggest = |arrangement: &mut Arrangement, name: &str| {
        arrangement.suggest_names([(0, name.to_owned()), (1, name.to_owned()), (2, " ".into()), (9, name.to_owned())]);
    };
    suggest(&mut arrangement, "Banana");
    assert_eq!(name(&arrangement, 0), ("Banana", NameOrigin::Suggested));
    assert!(arrangement.redo());
    assert_eq!(name(&arrangement, 0), ("Mine", NameOrigin::Given));
    suggest(&mut arrangement, "Lemon");
    assert_eq!(name(&arrangement, 0), ("Mine", NameOrigin::Given));
    assert_eq!(name(&arrangement, 1), ("Lemon", NameOrigin::Suggested));
    assert_eq!(name(&arrangement, 2), ("Group 3", NameOrigin::Default));

    // Undoing a rename restores the name before it; undoing other edits keeps later suggestions.
    arrangement.apply(lock([], &[1], true)).unwrap();
    suggest(&mut arrangement, "Orange");
    assert!(arrangement.undo() && arrangement.undo());
    assert_eq!((name(&arrangement, 0).0, name(&arrangement, 1).0), ("Banana", "Orange"));
    assert!(!arrangement.cluster(1).unwrap().locked);
}

#[test]
fn a_merge_keeps_the_first() {
    let mut arrangement = three_clusters();
    arrangement.apply(rename(2, "Kept")).unwrap();
    arrangement.apply(lock([5], &[0], true)).unwrap();
    arrangement.apply(Edit::Merge { ids: vec![2, 0, 1, 0, 2] }).unwrap();
    assert_eq!((ids(&arrangement), members(&arrangement, 2)), (vec![2], (0..9).collect()));
    assert_eq!(name(&arrangement, 2), ("Kept", NameOrigin::Given));
    assert!(arrangement.cluster(2).unwrap().locked);
    arrangement.apply(lock([], &[2], false)).unwrap();
    assert_eq!(pinned(&arrangement), [(5, 2)]);
    for too_few in [vec![], vec![2], vec![2, 2]] {
        assert_eq!(arrangement.apply(Edit::Merge { ids: too_few }), Err(EditError::NothingToEdit));
    }
}

#[test]
fn a_split_leaves_the_id_with_the_largest_part() {
    let mut arrangement = three_clusters();
    arrangement.apply(split(0, &[&[3], &[], &[1, 0], &[2]])).unwrap();
    assert_eq!([0, 3, 4].map(|id| members(&arrangement, id)), [vec![0, 1], vec![3], vec![2]]);
    arrangement.apply(lock([5], &[1], true)).unwrap();
    // The first of two equal parts keeps the id, and gets image 6, which is in no part.
    arrangement.apply(split(1, &[&[4], &[5]])).unwrap();
    assert_eq!([1, 5].map(|id| members(&arrangement, id)), [vec![4, 6], vec![5]]);
    assert!(arrangement.cluster(5).unwrap().locked);

    assert_eq!(arrangement.apply(split(2, &[&[7, 8], &[]])), Err(EditError::NothingToEdit));
    assert_eq!(arrangement.apply(split(2, &[&[7], &[7]])), Err(EditError::ImageTwice { image: 7 }));
    assert_eq!(arrangement.apply(split(2, &[&[7], &[0]])), Err(EditError::NotInCluster { image: 0, cluster: 2 }));
}

#[test]
fn a_new_cluster_may_be_named_or_empty() {
    let mut arrangement = three_clusters();
    arrangement.apply(Edit::NewCluster { name: Some(" Best ".into()), images: images([0, 9]) }).unwrap();
    arrangement.apply(Edit::NewCluster { name: None, images: vec![] }).unwrap();
    assert_eq!((members(&arrangement, 3), pinned(&arrangement)), (vec![0, 9], vec![(0, 3), (9, 3)]));
    assert_eq!(name(&arrangement, 3), ("Best", NameOrigin::Given));
    assert_eq!((name(&arrangement, 4), arrangement.size(4)), (("Group 4", NameOrigin::Default), 0));
}

#[test]
fn unknown_images_and_clusters_are_rejected() {
    let mut arrangement = three_clusters();
    let new_cluster = Edit::NewCluster { name: None, images: images([10]) };
    for edit in [move_to([0, 10], None), new_cluster, split(0, &[&[0], &[10]]), lock([10], &[], true)] {
        assert_eq!(arrangement.apply(edit).unwrap_err().code(), "unknown-picture");
    }
    let merge = Edit::Merge { ids: vec![0, 3] };
    for edit in [move_to([0], Some(3)), rename(3, "a"), merge, split(3, &[]), lock([], &[3], true)] {
        assert_eq!(arrangement.apply(edit).unwrap_err().code(), "unknown-cluster");
    }
    for edit in [move_to([], Some(0)), lock([], &[], true)] {
        assert_eq!(arrangement.apply(edit).unwrap_err().code(), "nothing-to-edit");
    }
}
