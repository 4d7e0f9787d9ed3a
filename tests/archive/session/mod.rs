//! Reading a session back: saved sessions are restored, and untrusted files do no harm.

use serde_json::{Value, json};
use shoal::archive::session::Session;
use shoal::archive::{Matched, assignments_csv, assignments_json, match_session};
use shoal::collection::arrangement::{Adopted, Adoption, Edit, NameOrigin};
use shoal::collection::duplicates::KeptGroups;
use shoal::collection::{
    Arrangement, ClusterFacts, Clustering, ClusteringParts, Collection, CurvePoint, Image, ImageId, RowFacts, Scores,
    assemble,
};
use shoal::matrix::Matrix;
use shoal::options::{ClusterMethod, Recipe};

mod files;
mod matching;
mod mutations;
mod restore;
mod round_trip;

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
        capture: None,
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
        Edit::Adopt { clusters: vec![adopted(0..1), adopted(1..3), adopted(3..5)], from: Adoption::Search },
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
            capture: None,
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
    assignments_json(&clustering(arrangement, collection), collection, arrangement, &KeptGroups::default()).unwrap()
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
