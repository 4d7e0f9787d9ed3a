//! The collection and the clustering: what a path means, and the shape of the public answer.

use shoal::collection::{
    ClusterFacts, Clustering, ClusteringParts, Collection, Confusion, CurvePoint, Image, ImageId, Placement, Rejection,
    RowFacts, Scores, assemble, classes, clustering::default_name, group_by_code, hex, skipped,
};
use shoal::matrix::Matrix;
use shoal::options::{ClusterMethod, Recipe};

fn picture(path: &str, byte: u8) -> Image {
    Image { path: path.into(), byte_size: 7, sha256: [byte; 32], crc32: 1, modified_ms: 0.0, width_px: 2, height_px: 3 }
}

fn new(path: &str) -> Placement {
    Placement::New(path.into())
}

#[test]
fn files_that_are_no_pictures_are_skipped() {
    for path in [
        ".DS_Store",
        "trip/.DS_Store",
        "trip/Thumbs.db",
        "trip/THUMBS.DB",
        "trip/Desktop.ini",
        "__MACOSX/trip/a.jpg",
        "trip/__MACOSX/._a.jpg",
        "trip/._a.jpg",
        "trip/.git/a.jpg",
        ".hidden/a.jpg",
    ] {
        assert!(skipped(path), "{path}");
    }
    for path in ["a.jpg", "trip/day.1/a.jpg", "trip/notes.txt", "Thumbs.db/a.jpg", "trip/my__MACOSX/a.jpg"] {
        assert!(!skipped(path), "{path}");
    }
}

#[test]
fn the_same_path_with_the_same_bytes_is_the_same_picture() {
    let mut collection = Collection::new();
    assert_eq!(collection.place("trip/day1/a.jpg", &[1; 32]), new("trip/day1/a.jpg"));
    let first = collection.insert(picture("trip/day1/a.jpg", 1)).unwrap();
    assert_eq!(collection.place("trip/day1/a.jpg", &[1; 32]), Placement::Reused(first));

    assert_eq!(collection.place("trip/day1/a.jpg", &[2; 32]), new("trip (2)/day1/a.jpg"));
    let second = collection.insert(picture("trip (2)/day1/a.jpg", 2)).unwrap();
    assert_eq!(collection.place("trip/day1/a.jpg", &[2; 32]), Placement::Reused(second));
    assert_eq!(collection.place("trip/day1/a.jpg", &[3; 32]), new("trip (3)/day1/a.jpg"));
    assert_eq!(collection.place("trip/day1/b.jpg", &[1; 32]), new("trip/day1/b.jpg"));
}

#[test]
fn a_lone_file_takes_its_number_before_the_extension() {
    let mut collection = Collection::new();
    collection.insert(picture("a.b.jpg", 1)).unwrap();
    collection.insert(picture("plain", 1)).unwrap();
    assert_eq!(collection.place("a.b.jpg", &[2; 32]), new("a.b (2).jpg"));
    assert_eq!(collection.place("plain", &[2; 32]), new("plain (2)"));
}

#[test]
fn ids_are_never_used_twice_and_paths_stay_unique() {
    let mut collection = Collection::new();
    let first = collection.insert(picture("b", 1)).unwrap();
    assert_eq!(collection.insert(picture("b", 2)), None);
    assert_eq!(collection.remove(first).unwrap().path, "b");
    assert!(!collection.contains_path("b"));
    let second = collection.insert(picture("b", 2)).unwrap();
    collection.clear();
    assert!(collection.is_empty());
    let third = collection.insert(picture("b", 3)).unwrap();
    assert_eq!([first, second, third], [ImageId(0), ImageId(1), ImageId(2)]);
    assert!(collection.get(second).is_none());
}

#[test]
fn path_order_is_the_order_of_bytes() {
    let mut collection = Collection::new();
    for path in ["b/a", "é", "a10", "a/b", "a2", "B", "a b"] {
        collection.insert(picture(path, 0)).unwrap();
    }
    let paths: Vec<_> = collection.in_path_order().map(|(_, picture)| picture.path.as_str()).collect();
    assert_eq!(paths, ["B", "a b", "a/b", "a10", "a2", "b/a", "é"]);
    assert_eq!(collection.len(), 7);
}

#[test]
fn folders_are_classes_only_where_there_are_several() {
    let (names, labels) = classes(&["t/b/1", "t/a/1", "t/b/2", "u/a/1"]).unwrap();
    assert_eq!(names, ["t/a", "t/b", "u/a"]);
    assert_eq!(labels, [1, 0, 1, 2]);
    assert_eq!(classes(&["t/1", "t/2"]), None);
    assert_eq!(classes(&["t/1", "u/1", "lone"]), None);
    assert_eq!(classes::<&str>(&[]), None);
}

#[test]
fn refusals_are_grouped_by_kind() {
    let rejection = |path: &str, code: &str, reason: &str| Rejection {
        path: path.into(),
        code: code.into(),
        reason: reason.into(),
    };
    let groups = group_by_code(&[
        rejection("a", "empty-file", "the file is empty"),
        rejection("b", "too-large", "it claims 10 x 20 pixels"),
        rejection("c", "damaged", "it is damaged: no end"),
        rejection("d", "too-large", "it claims 3 x 400 pixels"),
        rejection("e", "damaged", "it is damaged: at 17"),
        rejection("f", "damaged", "it is damaged: at 18"),
    ]);
    let told: Vec<_> = groups.iter().map(|g| (g.code.as_str(), g.reason.as_str(), g.paths.join(""))).collect();
    assert_eq!(
        told,
        [
            ("damaged", "it is damaged", "cef".to_owned()),
            ("too-large", "it claims … x … pixels", "bd".to_owned()),
            ("empty-file", "the file is empty", "a".to_owned()),
        ]
    );
}

#[test]
fn hashes_are_read_as_they_are_written() {
    let sha256: [u8; 32] = std::array::from_fn(|index| (index * 37 + 5) as u8);
    let text = hex::to_hex(&sha256);
    assert!(text.starts_with("052a4f"));
    assert_eq!(hex::from_hex(&text), Some(sha256));
    assert_eq!(hex::from_hex(&text.to_uppercase()), Some(sha256));
    assert_eq!(hex::from_hex(&text[1..]), None);
    assert_eq!(hex::from_hex(&"g".repeat(64)), None);
    assert_eq!(hex::from_hex(&"é".repeat(32)), None);
}

fn parts(pca3: &Matrix) -> ClusteringParts<'_> {
    let cluster = |id: u32, locked: bool| ClusterFacts { id, name: default_name(id), suggested: !locked, locked };
    let row = |path: &str, label, silhouette, next_label, distance| RowFacts {
        path: path.into(),
        label,
        locked: label == Some(0),
        silhouette,
        next_label,
        distance,
    };
    ClusteringParts {
        clusters: vec![cluster(0, true), cluster(4, false)],
        seed: 5,
        recipe: Recipe::Spherical,
        method: ClusterMethod::Ward,
        backend: "cpu".into(),
        rows: vec![
            row("t/a", Some(1), 0.5, Some(0), 0.1),
            row("t/b", Some(0), f32::NAN, None, 0.0),
            row("t/c", Some(1), 0.25, Some(0), f32::NAN),
            row("t/d", None, f32::NAN, None, f32::NAN),
        ],
        pca3,
        representatives: vec![vec![1], vec![2, 0]],
        inertia: 1.5,
        explained: [Some(0.5), Some(0.25), None],
        variance_kept: Some(0.875),
        scores: Scores::default(),
        curve: None,
        proposals: None,
    }
}

#[test]
fn an_outcome_has_exactly_the_promised_shape() {
    let pca3 = Matrix::from_rows((1..13_u8).map(|value| if value == 6 { f32::NAN } else { value.into() }).collect(), 3);
    let clustering = assemble(parts(&pca3.unwrap())).unwrap();
    let item = |path, cluster, silhouette, distance, next, locked, pca: [f32; 3]| {
        serde_json::json!({
            "path": path, "cluster": cluster, "silhouette": silhouette, "distance": distance, "nextCluster": next,
            "locked": locked, "pca": pca,
        })
    };
    let none = serde_json::Value::Null;
    let expected = serde_json::json!({
        "k": 2, "seed": 5, "recipe": "spherical", "method": "ward", "backend": "cpu",
        "silhouette": 0.375, "inertia": 1.5, "explained": [0.5, 0.25, null], "varianceKept": 0.875,
        "scores": { "daviesBouldin": null, "calinskiHarabasz": null, "sampled": false },
        "items": [
            item("t/a", Some(4), Some(0.5), Some(0.1_f32).into(), Some(0), false, [1.0, 2.0, 3.0]),
            item("t/b", Some(0), None, Some(0.0_f32).into(), None, true, [4.0, 5.0, 0.0]),
            item("t/c", Some(4), Some(0.25), none.clone(), Some(0), false, [7.0, 8.0, 9.0]),
            item("t/d", None, None, none, None, false, [10.0, 11.0, 12.0]),
        ],
        "clusters": [
            {
                "id": 0, "name": "Group 1", "suggested": false, "locked": true, "size": 1, "silhouette": null,
                "representatives": ["t/b"],
            },
            {
                "id": 4, "name": "Group 5", "suggested": true, "locked": false, "size": 2, "silhouette": 0.375,
                "representatives": ["t/c", "t/a"],
            },
        ],
    });
    assert_eq!(serde_json::to_value(&clustering).unwrap(), expected);
    assert_eq!(serde_json::from_value::<Clustering>(expected).unwrap(), clustering);
}

#[test]
fn what_may_be_missing_is_there_when_known() {
    let pca3 = Matrix::zeros(4, 1);
    let scores = Scores {
        davies_bouldin: Some(1.0),
        nmi: Some(0.5),
        ari: Some(0.25),
        accuracy: Some(0.75),
        confusion: Some(Confusion { classes: vec!["t".into()], counts: vec![vec![1, 2]], unsorted: vec![1] }),
        sampled: true,
        ..Scores::default()
    };
    let curve = Some(vec![CurvePoint { k: 2, silhouette: Some(0.5) }, CurvePoint { k: 3, silhouette: None }]);
    let proposals = Some(vec![2]);
    let clustering = assemble(ClusteringParts { scores, curve, proposals, ..parts(&pca3) }).unwrap();
    let json = serde_json::to_value(&clustering).unwrap();
    assert_eq!(
        json["scores"],
        serde_json::json!({
            "daviesBouldin": 1.0, "calinskiHarabasz": null, "sampled": true, "nmi": 0.5, "ari": 0.25, "accuracy": 0.75,
            "confusion": { "classes": ["t"], "counts": [[1, 2]], "unsorted": [1] },
        })
    );
    assert_eq!(json["curve"], serde_json::json!([{ "k": 2, "silhouette": 0.5 }, { "k": 3, "silhouette": null }]));
    assert_eq!(json["proposals"], serde_json::json!([2]));
    assert_eq!(serde_json::from_value::<Clustering>(json).unwrap(), clustering);
}

#[test]
fn parts_that_do_not_fit_are_refused() {
    use shoal::error::Coded;
    assert_eq!(assemble(parts(&Matrix::zeros(3, 3))).unwrap_err().code(), "bad-shape");
    let pca3 = Matrix::zeros(4, 3);
    let mut unknown = parts(&pca3);
    unknown.rows[1].label = Some(2);
    assert_eq!(assemble(unknown).unwrap_err().code(), "unknown-cluster");
}
