//! Names: suggested ones belong to the clustering that they were computed for, given ones follow their images, and default ones
//! have the lowest free numbers.

use super::*;

fn names(arrangement: &Arrangement) -> Vec<&str> {
    arrangement.clusters().map(|cluster| cluster.name.as_str()).collect()
}

#[test]
fn undoing_a_clustering_restores_its_own_names_and_no_others() {
    let mut arrangement = three_clusters();
    // Cluster 1 gets no suggestion.
    arrangement.suggest_names([(0, "Banana".into()), (2, "Church".into())]);
    let before = state(&arrangement);
    arrangement.apply(recluster(&[&[0, 1], &[2, 3], &[4, 5], &[6, 7, 8]])).unwrap();
    assert_eq!(names(&arrangement), ["Group 1", "Group 2", "Group 3", "Group 4"]);
    arrangement.suggest_names([(0, "Tench".into()), (1, "German shepherd".into()), (3, "Parachute".into())]);
    let after = state(&arrangement);
    assert!(arrangement.undo());
    assert_eq!(state(&arrangement), before);
    assert!(arrangement.redo());
    assert_eq!(state(&arrangement), after);
    assert!(arrangement.undo());
    assert_eq!(names(&arrangement), ["Banana", "Group 2", "Church"]);
}

#[test]
fn the_same_clustering_again_keeps_its_names_and_is_no_step() {
    let mut arrangement = Arrangement::new();
    arrangement.add(images(0..4));
    let again = recluster(&[&[0, 1], &[2, 3]]);
    arrangement.apply(again.clone()).unwrap();
    arrangement.suggest_names([(0, "Banana".into())]);
    arrangement.apply(rename(1, "Mine")).unwrap();
    let (before, revision) = (state(&arrangement), arrangement.revision());
    arrangement.apply(again).unwrap();
    assert_eq!((state(&arrangement), arrangement.revision()), (before, revision));
}

#[test]
fn given_names_follow_their_images() {
    let mut arrangement = three_clusters();
    arrangement.apply(rename(1, "Dogs")).unwrap();
    // One step of the slider and back: the dogs are scattered, and together again.
    arrangement.apply(recluster(&[&[4, 0, 1], &[5, 2], &[6, 7, 3], &[8]])).unwrap();
    assert_eq!(names(&arrangement), ["Group 1", "Group 2", "Group 3", "Group 4"]);
    arrangement.apply(recluster(&[&[0, 1, 2], &[3, 8], &[4, 5, 6, 7]])).unwrap();
    assert_eq!(names(&arrangement), ["Group 1", "Group 2", "Dogs"]);
    assert_eq!(name(&arrangement, 2).1, NameOrigin::Given);

    // Images that are new do not keep the name away, and of two clusters with dogs the larger has it.
    arrangement.add(images(10..20));
    arrangement.apply(recluster(&[&[6], &[4, 5, 10, 11, 12, 13, 14, 15], &[0, 1, 2, 3, 7, 8]])).unwrap();
    assert_eq!(names(&arrangement), ["Group 1", "Dogs", "Group 2"]);

    // Two named clusters in one: the majority names it, and both have their names again when they are apart.
    arrangement.apply(rename(2, "Cats")).unwrap();
    arrangement.apply(recluster(&[&[4, 5, 6, 0, 1, 2, 3, 7, 8], &[9, 10, 11, 12]])).unwrap();
    assert_eq!(names(&arrangement), ["Cats", "Group 1"]);
    let read: Arrangement = serde_json::from_value(serde_json::to_value(&arrangement).unwrap()).unwrap();
    for mut arrangement in [arrangement, read] {
        arrangement.apply(recluster(&[&[9, 10], &[4, 5, 6], &[0, 1, 2, 3, 7, 8]])).unwrap();
        assert_eq!(names(&arrangement), ["Group 1", "Dogs", "Cats"]);
    }
}

#[test]
fn given_names_follow_into_the_clusters_that_a_search_finds_beside_pinned_ones() {
    let mut arrangement = three_clusters();
    arrangement.apply(rename(1, "Dogs")).unwrap();
    arrangement.suggest_names([(0, "Banana".into()), (2, "Church".into())]);
    arrangement.apply(lock([8], &[0], true)).unwrap();
    let before = state(&arrangement);
    // 0 is locked, 2 has a pinned image and gets others.
    let found = [adopted(Some(0), None, 0..4), adopted(Some(2), None, [8, 9]), adopted(None, None, 4..7)];
    arrangement.apply(adopt(&found)).unwrap();
    assert_eq!(ids(&arrangement), [0, 2, 3]);
    assert_eq!(names(&arrangement), ["Banana", "Group 1", "Dogs"]);
    arrangement.suggest_names([(2, "Parachute".into())]);
    assert!(arrangement.undo());
    assert_eq!(state(&arrangement), before);

    // Images that join a cluster do not change its name.
    arrangement.apply(rename(2, "Mine")).unwrap();
    arrangement.suggest_names([(1, "Never".into())]);
    let clusters = [adopted(Some(0), None, 0..4), adopted(Some(1), None, 4..7), adopted(Some(2), None, 7..10)];
    arrangement.apply(Edit::Adopt { clusters: clusters.to_vec(), from: Adoption::Join }).unwrap();
    assert_eq!(names(&arrangement), ["Banana", "Dogs", "Mine"]);
}

#[test]
fn moved_images_bear_the_name_of_their_cluster() {
    let mut arrangement = three_clusters();
    arrangement.apply(rename(0, "Cats")).unwrap();
    arrangement.apply(move_to([4, 5, 6], Some(0))).unwrap();
    arrangement.apply(move_to([0, 1, 2], Some(1))).unwrap();
    arrangement.apply(lock([0, 1, 2, 4, 5, 6], &[], false)).unwrap();
    arrangement.apply(recluster(&[&[0, 1, 2], &[3, 4, 5, 6], &[7, 8, 9]])).unwrap();
    assert_eq!(names(&arrangement), ["Group 1", "Cats", "Group 2"]);
    arrangement.apply(Edit::Merge { ids: vec![0, 1] }).unwrap();
    arrangement.apply(recluster(&[&[3, 4, 5, 6], &[0, 1, 2], &[7, 8, 9]])).unwrap();
    assert_eq!(names(&arrangement), ["Group 1", "Group 2", "Group 3"]);
}

#[test]
fn default_names_have_the_lowest_free_numbers() {
    let mut arrangement = three_clusters();
    let new_cluster = Edit::NewCluster { name: None, images: vec![] };
    for _ in 0..9 {
        arrangement.apply(new_cluster.clone()).unwrap();
        arrangement.undo();
    }
    arrangement.apply(new_cluster.clone()).unwrap();
    assert_eq!((ids(&arrangement), names(&arrangement)[3]), (vec![0, 1, 2, 12], "Group 4"));
    arrangement.apply(Edit::Merge { ids: vec![0, 1] }).unwrap();
    arrangement.apply(new_cluster).unwrap();
    assert_eq!((ids(&arrangement), names(&arrangement)[3]), (vec![0, 2, 12, 13], "Group 2"));
    let found = [adopted(Some(2), None, 7..9), adopted(None, None, 0..4), adopted(None, None, 4..7)];
    arrangement.apply(lock([], &[2], true)).unwrap();
    arrangement.apply(adopt(&found)).unwrap();
    assert_eq!((ids(&arrangement), names(&arrangement)), (vec![2, 14, 15], vec!["Group 3", "Group 1", "Group 2"]));
}
