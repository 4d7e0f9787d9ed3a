//! The edit that restores a saved arrangement.

use serde_json::json;
use shoal::collection::arrangement::{Edit, EditError, NameOrigin, Restored};

use super::{arrangement, images, state};

fn restore(id: u32, name: &str, ids: impl IntoIterator<Item = u32>) -> Restored {
    Restored { id, name: name.into(), origin: NameOrigin::Given, locked: false, images: images(ids) }
}

#[test]
fn a_restoration_replaces_everything_and_can_be_undone() {
    let mut arrangement = arrangement();
    let before = state(&arrangement);
    let clusters = vec![restore(9, " Dogs\n", [0, 7]), restore(1, "Cats", [3])];
    arrangement.apply(Edit::Restore { clusters, pinned: images([7, 8, 8]) }).unwrap();
    let after = state(&arrangement);
    let cluster = |id: u32, name: &str, ids: &[u32]| {
        let origin = "given";
        json!({ "id": id, "name": name, "nameOrigin": origin, "locked": false, "pictures": ids })
    };
    assert_eq!(
        after,
        json!({
            "clusters": [cluster(1, "Cats", &[3]), cluster(9, "Dogs", &[0, 7])],
            "setAside": [1, 2, 4, 5, 6, 8],
            "held": [7, 8],
        })
    );
    assert!(arrangement.undo());
    assert_eq!(state(&arrangement), before);
    assert!(arrangement.redo());
    assert_eq!(state(&arrangement), after);
    arrangement.apply(Edit::NewCluster { name: None, images: vec![] }).unwrap();
    assert_eq!(arrangement.clusters().last().unwrap().id, 10);
}

#[test]
fn invalid_restorations_are_rejected() {
    let error = |clusters: Vec<Restored>, pinned: &[u32]| {
        let mut arrangement = arrangement();
        let (before, revision) = (state(&arrangement), arrangement.revision());
        let pinned = images(pinned.iter().copied());
        let error = arrangement.apply(Edit::Restore { clusters, pinned }).unwrap_err();
        assert_eq!((state(&arrangement), arrangement.revision()), (before, revision));
        error
    };
    assert_eq!(error(vec![], &[]), EditError::NothingToEdit);
    assert_eq!(error(vec![restore(0, "\t", [])], &[]), EditError::BadName);
    assert_eq!(error(vec![restore(0, "a", [9])], &[]), EditError::UnknownImage { image: 9 });
    assert_eq!(error(vec![restore(0, "a", [])], &[9]), EditError::UnknownImage { image: 9 });
    assert_eq!(error(vec![restore(0, "a", [1]), restore(1, "b", [1])], &[]), EditError::ImageTwice { image: 1 });
    assert_eq!(error(vec![restore(0, "a", []), restore(0, "b", [])], &[]), EditError::ClusterTwice { cluster: 0 });
    assert_eq!(error(vec![restore(u32::MAX, "a", [])], &[]), EditError::TooManyClusters);
}
