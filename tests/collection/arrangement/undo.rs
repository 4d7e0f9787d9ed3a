//! Undo and redo, and changes that are not subject to them.

use super::*;

#[test]
fn ids_are_not_reused_after_an_undo_and_come_back_with_a_redo() {
    let mut arrangement = three_clusters();
    let new_cluster = Edit::NewCluster { name: None, images: images([0]) };
    arrangement.apply(new_cluster.clone()).unwrap();
    assert!(arrangement.undo());
    assert_eq!(ids(&arrangement), [0, 1, 2]);
    assert!(arrangement.redo());
    assert_eq!(members(&arrangement, 3), [0]);
    assert!(arrangement.undo());
    arrangement.apply(new_cluster).unwrap();
    assert_eq!((ids(&arrangement), arrangement.can_redo()), (vec![0, 1, 2, 4], false));
}

#[test]
fn an_edit_that_changes_nothing_is_not_a_step() {
    let mut arrangement = three_clusters();
    arrangement.apply(move_to([9], Some(0))).unwrap();
    arrangement.undo();
    let revision = arrangement.revision();
    arrangement.apply(lock([0], &[0], false)).unwrap();
    arrangement.add(images([3]));
    arrangement.remove(images([30]));
    arrangement.suggest_names([(30, "Banana".into())]);
    assert!(arrangement.apply(rename(8, "a")).is_err());
    assert_eq!((arrangement.revision(), arrangement.can_redo()), (revision, true));
    assert!(arrangement.redo() && !arrangement.redo());
    assert!(arrangement.revision() > revision);
}

#[test]
fn adding_and_removing_images_cannot_be_undone() {
    let mut arrangement = three_clusters();
    arrangement.apply(Edit::Merge { ids: vec![0, 1] }).unwrap();
    arrangement.remove(images([0, 4]));
    arrangement.add(images([10]));
    arrangement.apply(move_to([10], Some(0))).unwrap();
    while arrangement.undo() {}
    assert_eq!((ids(&arrangement), unassigned(&arrangement)), (vec![0, 1, 2], vec![9, 10]));
    while arrangement.redo() {}
    assert_eq!((members(&arrangement, 0), unassigned(&arrangement)), (vec![1, 2, 3, 5, 6, 10], vec![9]));

    // An edit that concerned only removed images leaves nothing to undo.
    arrangement.remove(images([10]));
    assert!(arrangement.undo());
    assert_eq!(ids(&arrangement), [0, 1, 2]);
}

#[test]
fn undo_stops_at_the_first_clusters_and_names_its_step() {
    let mut arrangement = Arrangement::new();
    arrangement.add(images(0..4));
    arrangement.apply(recluster(&[&[0, 1], &[2, 3]])).unwrap();
    assert_eq!((arrangement.can_undo(), arrangement.undo(), arrangement.edit_to_undo()), (false, false, None));
    let edits = [
        (rename(0, "a"), EditKind::Rename),
        (move_to([0], Some(1)), EditKind::Move),
        (move_to([1], None), EditKind::Exclude),
        (lock([], &[1], true), EditKind::Pin),
        (lock([], &[1], false), EditKind::Unpin),
        (split(1, &[&[0], &[2, 3]]), EditKind::Split),
        (Edit::Merge { ids: vec![0, 1] }, EditKind::Merge),
        (Edit::NewCluster { name: None, images: vec![] }, EditKind::NewCluster),
        (recluster(&[&[0], &[1], &[2, 3]]), EditKind::Cluster),
    ];
    for (edit, kind) in &edits {
        arrangement.apply(edit.clone()).unwrap();
        assert_eq!(arrangement.edit_to_undo(), Some(*kind));
    }
    for (_, kind) in edits.iter().rev() {
        assert!(arrangement.undo());
        assert_eq!(arrangement.edit_to_redo(), Some(*kind));
    }
    assert_eq!((arrangement.edit_to_undo(), ids(&arrangement)), (None, vec![0, 1]));
}
