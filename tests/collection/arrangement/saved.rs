//! The serialised arrangement.

use serde_json::json;
use shoal::error::Coded;

use super::*;

#[test]
fn a_serialised_arrangement_is_read_back() {
    let mut arrangement = three_clusters();
    arrangement.apply(move_to([0], Some(2))).unwrap();
    arrangement.apply(Edit::Merge { ids: vec![1, 0] }).unwrap();
    arrangement.suggest_names([(1, "Banana".into())]);
    let written = json!({
        "nextId": 3,
        "clusters": [
            { "id": 1, "name": "Banana", "nameOrigin": "suggested", "locked": false, "pictures": [1, 2, 3, 4, 5, 6] },
            { "id": 2, "name": "Group 3", "nameOrigin": "default", "locked": false, "pictures": [0, 7, 8] },
        ],
        "setAside": [9],
        "held": [0],
    });
    assert_eq!(serde_json::to_value(&arrangement).unwrap(), written);
    let read: Arrangement = serde_json::from_value(written).unwrap();
    assert_eq!(state(&read), state(&arrangement));
    assert_eq!((read.can_undo(), pinned(&read), read.image_count()), (false, vec![(0, 2)], 10));
}

#[test]
fn inconsistent_files_are_rejected() {
    let cluster = |id: u32, images: &[u32]| json!({ "id": id, "name": "a", "nameOrigin": "given", "locked": true, "pictures": images });
    let file = |clusters: &[Value], pinned: &[u32]| json!({ "nextId": 0, "clusters": clusters, "setAside": [9], "held": pinned });
    let read = |file: Value| serde_json::from_value::<Arrangement>(file);
    let mut sound = read(file(&[cluster(4, &[1])], &[])).unwrap();
    sound.apply(Edit::NewCluster { name: None, images: vec![] }).unwrap();
    assert_eq!(ids(&sound), [4, 5]);

    let mut nameless = cluster(0, &[]);
    nameless["name"] = json!("\n");
    let bad_name = file(&[nameless], &[]);
    let twice = file(&[cluster(0, &[1]), cluster(1, &[1])], &[]);
    let also_unassigned = file(&[cluster(0, &[9])], &[]);
    let same_id = file(&[cluster(0, &[1]), cluster(0, &[2])], &[]);
    let unknown = file(&[cluster(0, &[1])], &[2]);
    let last_id = file(&[cluster(u32::MAX, &[])], &[]);
    for bad in [bad_name, twice, also_unassigned, same_id, unknown, last_id] {
        assert!(read(bad.clone()).is_err(), "{bad}");
    }
    let mut full = read(json!({ "nextId": u32::MAX, "clusters": [], "setAside": [], "held": [] })).unwrap();
    let error = full.apply(Edit::NewCluster { name: None, images: vec![] }).unwrap_err();
    assert_eq!(error.code(), "too-many-clusters");
}
