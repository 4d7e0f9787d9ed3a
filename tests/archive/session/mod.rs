//! Reading a session back: saved sessions are restored, and untrusted files do no harm.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};
use shoal::archive::session::Session;
use shoal::archive::{Matched, assignments_csv, assignments_json, match_session, read_session};
use shoal::collection::arrangement::{Adopted, Edit, NameOrigin, Restored};
use shoal::collection::{
    Arrangement, ClusterFacts, Clustering, ClusteringParts, Collection, CurvePoint, Image, ImageId, RowFacts, Scores,
    assemble,
};
use shoal::matrix::Matrix;
use shoal::options::{ClusterMethod, Recipe};

mod files;
mod matching;
mod restore;

/// Paths that need quoting in tables, spreadsheets or JSON, in path order.
const PATHS: [&str; 9] = [
    "''=t.jpg",
    "'-t/quoted.jpg",
    "'plain.jpg",
    "-t/\"q\".jpg",
    "=t/a,b.jpg",
    "@t/a\r\n.jpg",
    "t/\\c.jpg",
    "t/d.jpg",
    "Żółw/🐢.jpg",
];

fn image(path: &str, content: u8) -> Image {
    Image {
        path: path.into(),
        byte_size: u64::from(content) + (5 << 30),
        sha256: [content; 32],
        crc32: 0,
        modified_ms: 0.0,
        width_px: 1,
        height_px: 1,
    }
}

/// A collection of images with these paths, each with different contents.
fn collection(paths: &[&str]) -> Collection {
    let mut collection = Collection::new();
    for (content, path) in (0..).zip(paths) {
        collection.insert(image(path, content)).unwrap();
    }
    collection
}

fn excluded(arrangement: &Arrangement) -> Vec<ImageId> {
    arrangement.unassigned().filter(|image| arrangement.is_excluded(*image)).collect()
}

fn images(ids: impl IntoIterator<Item = u32>) -> Vec<ImageId> {
    ids.into_iter().map(ImageId).collect()
}

/// Clusters 1, 2 and 4: the first has a suggested name, the second the default one, the third is named and locked. Images are
/// pinned in every possible way, excluded, and unassigned.
fn arrangement() -> Arrangement {
    let mut arrangement = Arrangement::new();
    arrangement.add(images(0..9));
    let adopted = |ids| Adopted { images: images(ids), ..Adopted::default() };
    let edits = [
        Edit::Adopt { clusters: vec![adopted(0..1), adopted(1..3), adopted(3..5)], locked: false },
        Edit::NewCluster { name: Some("gone".into()), images: images([5]) },
        Edit::NewCluster { name: Some("=Cats, \"mine\"".into()), images: images([0, 5]) },
        Edit::Merge { ids: vec![4, 0, 3] },
        Edit::Move { images: images([6, 7]), to: Some(4) },
        Edit::Lock { images: images([6]), clusters: vec![], on: false },
        Edit::Lock { images: images([3]), clusters: vec![4], on: true },
        Edit::Move { images: images([7]), to: None },
    ];
    for edit in edits {
        arrangement.apply(edit).unwrap();
    }
    arrangement.suggest_names([(1, "Banana".into())]);
    arrangement
}

/// The clustering that the program would make of an arrangement.
fn clustering(arrangement: &Arrangement, collection: &Collection) -> Clustering {
    let clusters: Vec<ClusterFacts> = arrangement
        .clusters()
        .map(|cluster| ClusterFacts {
            id: cluster.id,
            name: cluster.name.clone(),
            suggested: cluster.name_origin == NameOrigin::Suggested,
            locked: cluster.locked,
        })
        .collect();
    let place = |id: u32| clusters.iter().position(|cluster| cluster.id == id).map(|place| place as u32);
    let rows: Vec<RowFacts> = collection
        .in_path_order()
        .map(|(id, image)| RowFacts {
            path: image.path.clone(),
            label: arrangement.cluster_of(id).and_then(place),
            locked: arrangement.is_pinned(id),
            silhouette: f32::NAN,
            next_label: None,
            distance: 0.1,
        })
        .collect();
    let pca3 = Matrix::from_rows(vec![0.5; 3 * rows.len()], 3).unwrap();
    assemble(ClusteringParts {
        representatives: vec![vec![]; clusters.len()],
        clusters,
        seed: u32::MAX,
        recipe: Recipe::Umap,
        method: ClusterMethod::Ward,
        backend: "cpu".into(),
        rows,
        pca3: &pca3,
        inertia: 1.0,
        explained: [None; 3],
        variance_kept: None,
        scores: Scores::default(),
        curve: Some(vec![
            CurvePoint { k: 2, silhouette: Some(0.1) },
            CurvePoint { k: 3, silhouette: None },
            CurvePoint { k: 4, silhouette: Some(-0.333_333_34) },
        ]),
        proposals: Some(vec![2, 4]),
    })
    .unwrap()
}

fn written(arrangement: &Arrangement, collection: &Collection) -> Vec<u8> {
    assignments_json(&clustering(arrangement, collection), collection, arrangement).unwrap()
}

fn written_as_table(arrangement: &Arrangement, collection: &Collection) -> Vec<u8> {
    assignments_csv(&clustering(arrangement, collection)).unwrap()
}

/// The arrangement of a new collection after a session is restored.
fn restored(session: &Session, collection: &Collection) -> Arrangement {
    let Matched { clusters, pinned, .. } = match_session(session, collection);
    let mut arrangement = Arrangement::new();
    arrangement.add(collection.in_path_order().map(|(id, _)| id));
    arrangement.apply(Edit::Restore { clusters, pinned }).unwrap();
    arrangement
}

/// The whole state except the next id.
fn state(arrangement: &Arrangement) -> Value {
    let mut state = serde_json::to_value(arrangement).unwrap();
    state.as_object_mut().unwrap().remove("nextId");
    state
}

/// The state as far as a table has it: nothing is pinned, and no name is a suggestion.
fn state_in_table(arrangement: &Arrangement) -> Value {
    let mut state = state(arrangement);
    state["held"] = json!([]);
    for cluster in state["clusters"].as_array_mut().unwrap() {
        cluster["locked"] = false.into();
        if cluster["nameOrigin"] == "suggested" {
            cluster["nameOrigin"] = "given".into();
        }
    }
    state
}

#[test]
fn a_session_restores_the_arrangement_and_the_parameters() {
    let (collection, arrangement) = (collection(&PATHS), arrangement());
    let session = read_session(&written(&arrangement, &collection)).unwrap();
    let matched = match_session(&session, &collection);
    assert_eq!((matched.missing, matched.changed, matched.unmentioned), (vec![], vec![], vec![]));
    let restored = restored(&session, &collection);
    assert_eq!(state(&restored), state(&arrangement));
    assert_eq!(restored.pinned(), arrangement.pinned());
    assert_eq!(excluded(&restored), excluded(&arrangement));

    let parameters = session.parameters.unwrap();
    let clustering = clustering(&arrangement, &collection);
    assert_eq!((parameters.k, parameters.seed), (3, u32::MAX));
    assert_eq!((parameters.recipe, parameters.method), (Recipe::Umap, ClusterMethod::Ward));
    assert_eq!((parameters.curve, parameters.proposals), (clustering.curve, clustering.proposals));
    assert_eq!(session.items[8].byte_size, Some((5 << 30) + 8));
    assert_eq!(session.items[8].sha256, Some([8; 32]));
}

#[test]
fn a_table_restores_clusters_with_their_ids_and_names() {
    let (collection, arrangement) = (collection(&PATHS), arrangement());
    let table = written_as_table(&arrangement, &collection);
    let with_mark = [b"\xef\xbb\xbf", table.as_slice()].concat();
    // Only the lines' own endings change, not the line break within a path.
    let lines = String::from_utf8(table.clone()).unwrap().replace(",0.5\r\n", ",0.5\n").replace("pca_3\r\n", "pca_3\n");
    for bytes in [table.as_slice(), &with_mark, lines.as_bytes(), lines.trim_end().as_bytes()] {
        let session = read_session(bytes).unwrap();
        assert!(session.parameters.is_none() && session.items.iter().map(|item| item.path.as_str()).eq(PATHS));
        assert_eq!(state(&restored(&session, &collection)), state_in_table(&arrangement));
    }
}

/// Nine images in clusters of any ids and names, pinned or not.
fn any_restoration() -> impl Strategy<Value = Edit> {
    let cluster = (0_u32..20, "[-='a\", \r\n]{0,5}x", 0..3, any::<bool>());
    (prop::collection::vec(cluster, 1..5), prop::collection::vec(0_usize..6, 9), prop::collection::vec(0_u32..9, 0..5))
        .prop_map(|(clusters, places, pinned)| {
            let mut ids = BTreeSet::new();
            let mut clusters: Vec<Restored> = clusters
                .into_iter()
                .filter(|(id, ..)| ids.insert(*id))
                .map(|(id, name, origin, locked)| {
                    let (name, origin) = match origin {
                        0 => (format!("Group {}", id + 1), NameOrigin::Default),
                        1 => (name, NameOrigin::Suggested),
                        _ => (name, NameOrigin::Given),
                    };
                    Restored { id, name, origin, locked, images: vec![] }
                })
                .collect();
            for (image, place) in (0..).zip(places) {
                if let Some(cluster) = clusters.get_mut(place) {
                    cluster.images.push(ImageId(image));
                }
            }
            Edit::Restore { clusters, pinned: images(pinned) }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn every_saved_session_is_restored(edit in any_restoration()) {
        let (collection, mut arrangement) = (collection(&PATHS), arrangement());
        arrangement.apply(edit).unwrap();
        let session = read_session(&written(&arrangement, &collection)).unwrap();
        prop_assert_eq!(state(&restored(&session, &collection)), state(&arrangement));
    }

    #[test]
    fn every_saved_table_is_restored(edit in any_restoration()) {
        let (collection, mut arrangement) = (collection(&PATHS), arrangement());
        arrangement.apply(edit).unwrap();
        let names: BTreeSet<&str> = arrangement.clusters().map(|cluster| cluster.name.as_str()).collect();
        prop_assume!(names.len() == arrangement.clusters().count());
        let session = read_session(&written_as_table(&arrangement, &collection)).unwrap();
        let mut expected = state_in_table(&arrangement);
        // A table has no empty clusters.
        expected["clusters"].as_array_mut().unwrap().retain(|cluster| cluster["pictures"] != json!([]));
        if !session.clusters.is_empty() {
            prop_assert_eq!(state(&restored(&session, &collection)), expected);
        }
    }

    #[test]
    fn undoing_a_restoration_brings_back_the_previous_state(first in any_restoration(), second in any_restoration()) {
        let mut arrangement = arrangement();
        arrangement.apply(first).unwrap();
        let before = state(&arrangement);
        arrangement.apply(second).unwrap();
        let after = state(&arrangement);
        if after != before {
            prop_assert!(arrangement.undo());
            prop_assert_eq!(state(&arrangement), before);
            prop_assert!(arrangement.redo());
            prop_assert_eq!(state(&arrangement), after);
        }
    }
}
