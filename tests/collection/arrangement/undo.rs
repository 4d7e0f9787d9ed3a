//! Undo and redo, and changes that are outside of both.

use super::*;

#[test]
fn ids_stay_used_after_an_undo_and_come_back_with_a_redo() {
    let mut arrangement = three_clusters();
    let new_cluster = Edit::NewCluster { name: None, pictures: pictures([0]) };
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
fn an_edit_that_changes_nothing_is_no_step() {
    let mut arrangement = three_clusters();
    arrangement.apply(move_to([9], Some(0))).unwrap();
    arrangement.undo();
    let revision = arrangement.revision();
    arrangement.apply(lock([0], &[0], false)).unwrap();
    arrangement.add(pictures([3]));
    arrangement.remove(pictures([30]));
    arrangement.suggest_names([(30, "Banana".into())]);
    assert!(arrangement.apply(rename(8, "a")).is_err());
    assert_eq!((arrangement.revision(), arrangement.can_redo()), (revision, true));
    assert!(arrangement.redo() && !arrangement.redo());
    assert!(arrangement.revision() > revision);
}

#[test]
fn pictures_that_come_and_go_are_outside_of_undo() {
    let mut arrangement = three_clusters();
    arrangement.apply(Edit::Merge { ids: vec![0, 1] }).unwrap();
    arrangement.remove(pictures([0, 4]));
    arrangement.add(pictures([10]));
    arrangement.apply(move_to([10], Some(0))).unwrap();
    while arrangement.undo() {}
    assert_eq!((ids(&arrangement), set_aside(&arrangement)), (vec![], vec![1, 2, 3, 5, 6, 7, 8, 9, 10]));
    while arrangement.redo() {}
    assert_eq!((members(&arrangement, 0), set_aside(&arrangement)), (vec![1, 2, 3, 5, 6, 10], vec![9]));

    // Of an edit that concerned only pictures that are gone, nothing is left to undo.
    arrangement.remove(pictures([10]));
    assert!(arrangement.undo());
    assert_eq!(ids(&arrangement), [0, 1, 2]);
}
