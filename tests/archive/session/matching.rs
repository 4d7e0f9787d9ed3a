//! Matching the items of a session to the images of a collection.

use shoal::archive::session::{Session, SessionAssignment, SessionCluster};
use shoal::archive::{Matched, match_session};
use shoal::collection::Collection;
use shoal::collection::arrangement::NameOrigin;
use shoal::collection::duplicates::KeptGroups;

use super::{collection, image, images};

fn item(path: &str, cluster: Option<u32>, content: Option<u8>) -> SessionAssignment {
    SessionAssignment {
        path: path.into(),
        sha256: content.map(|byte| [byte; 32]),
        byte_size: None,
        cluster,
        pinned: false,
    }
}

/// A session of two clusters, 0 and 1.
fn session(items: &[SessionAssignment]) -> Session {
    let cluster = |id| SessionCluster { id, name: "x".into(), origin: NameOrigin::Given, locked: false };
    Session {
        parameters: None,
        clusters: vec![cluster(0), cluster(1)],
        items: items.to_vec(),
        kept_duplicates: KeptGroups::default(),
    }
}

fn members(matched: &Matched) -> Vec<Vec<u32>> {
    matched.clusters.iter().map(|cluster| cluster.images.iter().map(|image| image.0).collect()).collect()
}

#[test]
fn images_are_matched_by_path_and_content() {
    let session = session(&[
        item("same", Some(0), Some(1)),
        item("changed", Some(1), Some(2)),
        item("by path", Some(1), None),
        item("old name", Some(0), Some(4)),
        item("gone", Some(0), Some(5)),
        item("excluded", None, Some(6)),
    ]);
    let mut collection = Collection::new();
    for (path, content) in
        [("same", 1), ("changed", 20), ("by path", 30), ("new name", 4), ("excluded", 6), ("new", 50)]
    {
        collection.insert(image(path, content)).unwrap();
    }
    let matched = match_session(&session, &collection);
    assert_eq!(members(&matched), [vec![3, 0], vec![2, 1]]);
    assert_eq!((matched.missing, matched.changed), (vec!["gone".to_owned()], vec!["changed".to_owned()]));
    assert_eq!((matched.unmentioned, matched.pinned), (images([5]), vec![]));
}

#[test]
fn renamed_images_keep_their_clusters_even_under_the_path_of_another_image() {
    let items = [item("1", Some(0), Some(1)), item("2", Some(1), Some(2)), item("3", Some(0), Some(3))];
    // The first image was removed and the others were renumbered.
    let mut collection = Collection::new();
    collection.insert(image("1", 2)).unwrap();
    collection.insert(image("2", 3)).unwrap();
    let matched = match_session(&session(&items), &collection);
    assert_eq!(members(&matched), [[1], [0]]);
    assert_eq!((matched.missing, matched.changed), (vec!["1".to_owned()], vec![]));

    // A copy of the original next to the changed image: both match.
    let mut collection = Collection::new();
    collection.insert(image("1", 9)).unwrap();
    collection.insert(image("1 original", 1)).unwrap();
    let matched = match_session(&session(&items[..1]), &collection);
    assert_eq!(members(&matched), [vec![0, 1], vec![]]);
    assert_eq!((matched.missing, matched.changed), (vec![], vec!["1".to_owned()]));
}

#[test]
fn an_ambiguous_hash_matches_nothing() {
    let twice_in_session = session(&[item("1", Some(0), Some(1)), item("2", Some(1), Some(1))]);
    let mut collection = Collection::new();
    collection.insert(image("3", 1)).unwrap();
    let matched = match_session(&twice_in_session, &collection);
    assert_eq!((matched.missing.len(), matched.unmentioned), (2, images([0])));

    let once = session(&[item("1", Some(0), Some(1))]);
    collection.insert(image("4", 1)).unwrap();
    let matched = match_session(&once, &collection);
    assert_eq!((matched.missing.len(), matched.unmentioned), (1, images([0, 1])));
    collection.insert(image("1", 1)).unwrap();
    let matched = match_session(&once, &collection);
    assert_eq!((members(&matched), matched.unmentioned), (vec![vec![2], vec![]], images([0, 1])));
}

#[test]
fn without_a_hash_the_size_shows_whether_an_image_has_changed() {
    let sized = |byte_size| SessionAssignment { byte_size: Some(byte_size), ..item("t/d.jpg", Some(0), None) };
    let collection = collection(&["t/d.jpg"]);
    for (byte_size, changed) in [(5 << 30, 0), (5, 1)] {
        let matched = match_session(&session(&[sized(byte_size)]), &collection);
        assert_eq!((members(&matched), matched.changed.len()), (vec![vec![0], vec![]], changed));
    }
}
