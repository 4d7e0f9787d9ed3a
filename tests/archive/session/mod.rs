//! Reading a session back: what was written is restored, and no file does any harm.

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

/// Paths that tables, spreadsheets and JSON each have to quote, in path order.
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

fn picture(path: &str, content: u8) -> Image {
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

/// A collection of these paths, each with a content of its own.
fn collection(paths: &[&str]) -> Collection {
    let mut collection = Collection::new();
    for (content, path) in (0..).zip(paths) {
        collection.insert(picture(path, content)).unwrap();
    }
    collection
}

fn pictures(ids: impl IntoIterator<Item = u32>) -> Vec<ImageId> {
    ids.into_iter().map(ImageId).collect()
}

/// Clusters 1, 2 and 4: one's name is suggested, one's the default, one is named and locked. Pictures are held in every
/// way there is, and set aside.
fn arrangement() -> Arrangement {
    let mut arrangement = Arrangement::new();
    arrangement.add(pictures(0..9));
    let adopted = |ids| Adopted { pictures: pictures(ids), ..Adopted::default() };
    let edits = [
        Edit::Adopt { clusters: vec![adopted(0..1), adopted(1..3), adopted(3..5)], locked: false },
        Edit::NewCluster { name: Some("gone".into()), pictures: pictures([5]) },
        Edit::NewCluster { name: Some("=Cats, \"mine\"".into()), pictures: pictures([0, 5]) },
        Edit::Merge { ids: vec![4, 0, 3] },
        Edit::Move { pictures: pictures([6, 7]), to: Some(4) },
        Edit::Lock { pictures: pictures([6]), clusters: vec![], on: false },
        Edit::Lock { pictures: pictures([3]), clusters: vec![4], on: true },
        Edit::Move { pictures: pictures([7]), to: None },
    ];
    for edit in edits {
        arrangement.apply(edit).unwrap();
    }
    arrangement.suggest_names([(1, "Banana".into())]);
    arrangement
}

/// What the program would say of an arrangement.
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
        .map(|(id, picture)| RowFacts {
            path: picture.path.clone(),
            label: arrangement.cluster_of(id).and_then(place),
            locked: arrangement.is_held(id),
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

/// The arrangement that a session makes of a collection which nobody has sorted.
fn restored(session: &Session, collection: &Collection) -> Arrangement {
    let Matched { clusters, held, .. } = match_session(session, collection);
    let mut arrangement = Arrangement::new();
    arrangement.add(collection.in_path_order().map(|(id, _)| id));
    arrangement.apply(Edit::Restore { clusters, held }).unwrap();
    arrangement
}

/// The whole state, apart from which id comes next.
fn state(arrangement: &Arrangement) -> Value {
    let mut state = serde_json::to_value(arrangement).unwrap();
    state.as_object_mut().unwrap().remove("nextId");
    state
}

/// The state as far as a table tells it: nothing is held, and no name is a suggestion.
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
fn a_session_restores_everything() {
    let (collection, arrangement) = (collection(&PATHS), arrangement());
    let session = read_session(&written(&arrangement, &collection)).unwrap();
    let matched = match_session(&session, &collection);
    assert_eq!((matched.missing, matched.changed, matched.unmentioned), (vec![], vec![], vec![]));
    let restored = restored(&session, &collection);
    assert_eq!(state(&restored), state(&arrangement));
    assert_eq!(restored.held(), arrangement.held());
    assert_eq!(restored.held_aside(), arrangement.held_aside());

    let grouping = session.grouping.unwrap();
    let clustering = clustering(&arrangement, &collection);
    assert_eq!((grouping.k, grouping.seed), (3, u32::MAX));
    assert_eq!((grouping.recipe, grouping.method), (Recipe::Umap, ClusterMethod::Ward));
    assert_eq!((grouping.curve, grouping.proposals), (clustering.curve, clustering.proposals));
    assert_eq!(session.items[8].byte_size, Some((5 << 30) + 8));
    assert_eq!(session.items[8].sha256, Some([8; 32]));
}

#[test]
fn a_table_restores_clusters_with_ids_and_names() {
    let (collection, arrangement) = (collection(&PATHS), arrangement());
    let table = written_as_table(&arrangement, &collection);
    let with_mark = [b"\xef\xbb\xbf", table.as_slice()].concat();
    // The last of the paths with line ends in it would be another one.
    let lines = String::from_utf8(table.clone()).unwrap().replace(",0.5\r\n", ",0.5\n").replace("pca_3\r\n", "pca_3\n");
    for bytes in [table.as_slice(), &with_mark, lines.as_bytes(), lines.trim_end().as_bytes()] {
        let session = read_session(bytes).unwrap();
        assert!(session.grouping.is_none() && session.items.iter().map(|item| item.path.as_str()).eq(PATHS));
        assert_eq!(state(&restored(&session, &collection)), state_in_table(&arrangement));
    }
}

/// Nine pictures in clusters of any ids and names, held or not.
fn any_restoration() -> impl Strategy<Value = Edit> {
    let cluster = (0_u32..20, "[-='a\", \r\n]{0,5}x", 0..3, any::<bool>());
    (prop::collection::vec(cluster, 1..5), prop::collection::vec(0_usize..6, 9), prop::collection::vec(0_u32..9, 0..5))
        .prop_map(|(clusters, places, held)| {
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
                    Restored { id, name, origin, locked, pictures: vec![] }
                })
                .collect();
            for (picture, place) in (0..).zip(places) {
                if let Some(cluster) = clusters.get_mut(place) {
                    cluster.pictures.push(ImageId(picture));
                }
            }
            Edit::Restore { clusters, held: pictures(held) }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn whatever_is_written_is_restored(edit in any_restoration()) {
        let (collection, mut arrangement) = (collection(&PATHS), arrangement());
        arrangement.apply(edit).unwrap();
        let session = read_session(&written(&arrangement, &collection)).unwrap();
        prop_assert_eq!(state(&restored(&session, &collection)), state(&arrangement));
    }

    #[test]
    fn whatever_is_written_as_a_table_is_restored(edit in any_restoration()) {
        let (collection, mut arrangement) = (collection(&PATHS), arrangement());
        arrangement.apply(edit).unwrap();
        let names: BTreeSet<&str> = arrangement.clusters().map(|cluster| cluster.name.as_str()).collect();
        prop_assume!(names.len() == arrangement.clusters().count());
        let session = read_session(&written_as_table(&arrangement, &collection)).unwrap();
        let mut expected = state_in_table(&arrangement);
        // A table does not tell of clusters without pictures.
        expected["clusters"].as_array_mut().unwrap().retain(|cluster| cluster["pictures"] != json!([]));
        if !session.clusters.is_empty() {
            prop_assert_eq!(state(&restored(&session, &collection)), expected);
        }
    }

    #[test]
    fn a_restoration_undone_gives_back_what_was_there(first in any_restoration(), second in any_restoration()) {
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
