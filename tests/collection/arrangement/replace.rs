//! Edits that replace all clusters: adopting those of a search or of folders, and reclustering.

use shoal::collection::arrangement::EditError;

use super::*;

#[test]
fn an_adoption_keeps_the_given_ids_names_and_pins() {
    let mut arrangement = three_clusters();
    arrangement.apply(rename(1, "Kept")).unwrap();
    arrangement.apply(move_to([0, 4, 7], Some(1))).unwrap();
    arrangement.apply(move_to([8], None)).unwrap();
    let clusters =
        [adopted(None, Some("Folder"), [0, 1]), adopted(Some(1), None, [4, 5]), adopted(Some(2), Some("Two"), [])];
    arrangement.apply(Edit::Adopt { clusters: clusters.to_vec(), from: Adoption::Folders }).unwrap();
    assert_eq!(ids(&arrangement), [1, 2, 3]);
    assert_eq!([1, 2, 3].map(|id| members(&arrangement, id)), [vec![4, 5], vec![], vec![0, 1]]);
    assert_eq!([1, 2, 3].map(|id| name(&arrangement, id).0), ["Kept", "Two", "Folder"]);
    assert_eq!(unassigned(&arrangement), [2, 3, 6, 7, 8, 9]);
    // 4 and 8 stayed where they were pinned; 0 and 7 were moved away.
    arrangement.apply(lock([], &[1, 2, 3], false)).unwrap();
    assert_eq!((pinned(&arrangement), excluded(&arrangement)), (vec![(4, 1)], images([8])));
}

#[test]
fn invalid_adoptions_are_rejected() {
    let mut arrangement = three_clusters();
    let error = |arrangement: &mut Arrangement, clusters: &[Adopted]| arrangement.apply(adopt(clusters)).unwrap_err();
    let twice = [adopted(None, None, [1]), adopted(None, None, [1])];
    assert_eq!(error(&mut arrangement, &twice), EditError::ImageTwice { image: 1 });
    let kept_twice = [adopted(Some(1), None, [1]), adopted(Some(1), None, [2])];
    assert_eq!(error(&mut arrangement, &kept_twice), EditError::ClusterTwice { cluster: 1 });
    assert_eq!(error(&mut arrangement, &[adopted(None, Some(""), [1])]), EditError::BadName);
    assert_eq!(error(&mut arrangement, &[]), EditError::NothingToEdit);
    assert_eq!(error(&mut arrangement, &[adopted(Some(9), None, [1])]), EditError::UnknownCluster { cluster: 9 });
}

#[test]
fn reclustering_resets_locks_and_pins_and_names_that_no_majority_bears() {
    let mut arrangement = three_clusters();
    arrangement.apply(Edit::NewCluster { name: Some("Best".into()), images: images([0, 9]) }).unwrap();
    arrangement.apply(rename(1, "Mine")).unwrap();
    arrangement.apply(lock([5, 7], &[1, 2], true)).unwrap();
    arrangement.apply(move_to([8], None)).unwrap();
    let before = state(&arrangement);

    arrangement.apply(recluster(&[&[9, 0, 4], &[1, 5]])).unwrap();
    assert_eq!(ids(&arrangement), [0, 1]);
    assert_eq!([0, 1].map(|id| members(&arrangement, id)), [vec![0, 4, 9], vec![1, 5]]);
    assert_eq!(
        [0, 1].map(|id| name(&arrangement, id)),
        [("Best", NameOrigin::Given), ("Group 1", NameOrigin::Default)]
    );
    assert!(arrangement.clusters().all(|cluster| !cluster.locked));
    assert_eq!((pinned(&arrangement), arrangement.surviving()), (vec![], vec![]));
    assert_eq!(unassigned(&arrangement), [2, 3, 6, 7, 8]);
    let after = state(&arrangement);

    assert!(arrangement.undo());
    assert_eq!(state(&arrangement), before);
    assert_eq!((name(&arrangement, 1).0, name(&arrangement, 3).0), ("Mine", "Best"));
    assert!(arrangement.redo());
    assert_eq!(state(&arrangement), after);
}

#[test]
fn reclustering_gives_the_same_ids_whatever_came_before() {
    let clusters: [&[u32]; 5] = [&[0, 1], &[2], &[3, 4, 5], &[6], &[7, 8, 9]];
    let mut fresh = Arrangement::new();
    fresh.add(images(0..10));
    fresh.apply(recluster(&clusters)).unwrap();
    let mut other = three_clusters();
    other.apply(split(0, &[&[0], &[1], &[2]])).unwrap();
    other.apply(Edit::Merge { ids: vec![2, 0] }).unwrap();
    other.apply(recluster(&clusters)).unwrap();
    assert_eq!(state(&other), state(&fresh));
    assert_eq!(ids(&fresh), [0, 1, 2, 3, 4]);
}

#[test]
fn a_new_cluster_after_reclustering_has_an_unused_id() {
    let new_cluster = Edit::NewCluster { name: None, images: vec![] };
    let mut arrangement = three_clusters();
    arrangement.apply(recluster(&[&[0], &[1], &[2], &[3], &[4]])).unwrap();
    arrangement.undo();
    arrangement.apply(new_cluster.clone()).unwrap();
    assert_eq!(ids(&arrangement), [0, 1, 2, 5]);
    arrangement.apply(recluster(&[&[0], &[1]])).unwrap();
    arrangement.apply(new_cluster).unwrap();
    assert_eq!(ids(&arrangement), [0, 1, 6]);
}

#[test]
fn invalid_reclusterings_are_rejected() {
    let mut arrangement = three_clusters();
    let before = state(&arrangement);
    assert_eq!(arrangement.apply(recluster(&[])), Err(EditError::NothingToEdit));
    assert_eq!(arrangement.apply(recluster(&[&[1], &[2, 1]])), Err(EditError::ImageTwice { image: 1 }));
    assert_eq!(arrangement.apply(recluster(&[&[10]])), Err(EditError::UnknownImage { image: 10 }));
    assert_eq!(state(&arrangement), before);
}
