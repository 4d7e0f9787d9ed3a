//! A clustering as the public API returns it.

use shoal::collection::{
    ClusterFacts, Clustering, ClusteringParts, Confusion, CurvePoint, RowFacts, Scores, assemble,
    clustering::default_name, scores_against_folders,
};
use shoal::error::Coded;
use shoal::matrix::Matrix;
use shoal::options::{ClusterMethod, Recipe};

fn parts(pca3: &Matrix) -> ClusteringParts<'_> {
    let cluster = |id: u32, locked: bool| ClusterFacts { id, name: default_name(id), suggested: !locked, locked };
    let row = |path: &str, label, silhouette, next_label, distance| RowFacts {
        path: path.into(),
        label,
        locked: label == Some(0),
        silhouette,
        next_label,
        distance,
        capture: None,
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
fn a_clustering_has_exactly_the_documented_shape() {
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
fn optional_fields_are_present_if_known() {
    let pca3 = Matrix::zeros(4, 1);
    let scores = Scores {
        davies_bouldin: Some(1.0),
        nmi: Some(0.5),
        ari: Some(0.25),
        accuracy: Some(0.75),
        confusion: Some(Confusion { classes: vec!["t".into()], counts: vec![vec![1, 2]], unassigned: vec![1] }),
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
fn inconsistent_parts_are_rejected() {
    assert_eq!(assemble(parts(&Matrix::zeros(3, 3))).unwrap_err().code(), "bad-shape");
    let pca3 = Matrix::zeros(4, 3);
    let mut unknown = parts(&pca3);
    unknown.rows[1].label = Some(2);
    assert_eq!(assemble(unknown).unwrap_err().code(), "unknown-cluster");
}

#[test]
fn many_folders_are_compared_without_matching_them() {
    for (folders, is_matched) in [(200_u32, true), (300, false)] {
        let paths: Vec<String> = (0..2 * folders).map(|row| format!("{}/{row}.jpg", row % folders)).collect();
        let labels: Vec<Option<u32>> = (0..2 * folders).map(|row| Some(row % folders)).collect();
        let scores = scores_against_folders(&paths, &labels, folders as usize).unwrap();
        assert_eq!((scores.nmi, scores.ari), (Some(1.0), Some(1.0)));
        assert_eq!(scores.accuracy, is_matched.then_some(1.0), "{folders} folders");
    }
}
