//! Orders of images and clusters, and search by words.

use shoal::collection::{
    ClusterFacts, ClusterOrder, Clustering, ClusteringParts, ImageOrder, RowFacts, Scores, assemble, clusters_in_order,
    matching, members, put_in_order,
};
use shoal::matrix::Matrix;
use shoal::options::{ClusterMethod, Recipe};

/// A clustering with these names; an image has a path, a cluster, a silhouette and a distance.
fn clustering(names: &[&str], images: &[(&str, Option<u32>, f32, f32)]) -> Clustering {
    let clusters = names
        .iter()
        .zip(0..)
        .map(|(name, id)| ClusterFacts { id, name: (*name).into(), suggested: false, locked: false })
        .collect();
    let rows = images
        .iter()
        .map(|&(path, label, silhouette, distance)| RowFacts {
            path: path.into(),
            label,
            locked: false,
            silhouette,
            next_label: None,
            distance,
            capture: None,
        })
        .collect();
    assemble(ClusteringParts {
        clusters,
        seed: 0,
        recipe: Recipe::Spherical,
        method: ClusterMethod::KMeans,
        backend: "cpu".into(),
        rows,
        representatives: vec![Vec::new(); names.len()],
        pca3: &Matrix::zeros(images.len(), 3),
        inertia: 0.0,
        explained: [None; 3],
        variance_kept: None,
        scores: Scores::default(),
        curve: None,
        proposals: None,
    })
    .unwrap()
}

fn paths<'a>(items: impl IntoIterator<Item = &'a shoal::collection::Assignment>) -> Vec<&'a str> {
    items.into_iter().map(|item| item.path.as_str()).collect()
}

#[test]
fn images_are_sorted() {
    let known = clustering(
        &["one", "two"],
        &[
            ("a", Some(0), 0.5, 3.0),
            ("b", Some(0), -0.2, 1.0),
            ("c", Some(0), f32::NAN, f32::NAN),
            ("d", Some(1), 0.9, 0.0),
            ("e", Some(0), 0.1, 2.0),
        ],
    );
    assert_eq!(paths(members(&known, Some(0), ImageOrder::Closeness)), ["b", "e", "a", "c"]);
    assert_eq!(paths(members(&known, Some(0), ImageOrder::WorstFit)), ["b", "e", "a", "c"]);
    assert_eq!(paths(members(&known, Some(0), ImageOrder::Path)), ["a", "b", "c", "e"]);
    let mut all: Vec<_> = known.items.iter().collect();
    put_in_order(&mut all, ImageOrder::WorstFit);
    assert_eq!(paths(all), ["b", "e", "a", "d", "c"]);
}

#[test]
fn clusters_are_sorted() {
    let names = ["Group 10", "apples", "group 9", "Group 10b"];
    let known = clustering(
        &names,
        &[
            ("a", Some(0), 0.5, 0.0),
            ("b", Some(1), -0.2, 0.0),
            ("c", Some(1), 0.4, 0.0),
            ("d", Some(2), 0.9, 0.0),
            ("e", Some(3), 0.9, 0.0),
        ],
    );
    let ids = |order| clusters_in_order(&known, order).iter().map(|cluster| cluster.id).collect::<Vec<_>>();
    assert_eq!(ids(ClusterOrder::Found), [0, 1, 2, 3]);
    assert_eq!(ids(ClusterOrder::Size), [1, 0, 2, 3]);
    assert_eq!(ids(ClusterOrder::Silhouette), [2, 3, 0, 1]);
    assert_eq!(ids(ClusterOrder::Name), [1, 2, 0, 3]);
}

#[test]
fn words_match_paths_and_cluster_names() {
    let known = clustering(
        &["Cats at home", "Boats"],
        &[
            ("Trip/Day 1/harbour.jpg", Some(1), 0.0, 0.0),
            ("trip/day 2/Ünal.jpg", Some(0), 0.0, 0.0),
            ("trip/day 2/boat.jpg", None, 0.0, 0.0),
        ],
    );
    assert_eq!(paths(matching(&known, "BOAT")), ["Trip/Day 1/harbour.jpg", "trip/day 2/boat.jpg"]);
    assert_eq!(paths(matching(&known, "  day 2 trip ")), ["trip/day 2/Ünal.jpg", "trip/day 2/boat.jpg"]);
    assert_eq!(paths(matching(&known, "ünal cats")), ["trip/day 2/Ünal.jpg"]);
    assert_eq!(paths(matching(&known, "nowhere")), [""; 0]);
    assert_eq!(paths(matching(&known, " ")), [""; 0]);
}
