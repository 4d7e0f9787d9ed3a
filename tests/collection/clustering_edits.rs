//! A clustering after an edit that has not been evaluated yet, and the order of its images.

use shoal::collection::{Assignment, Cluster, ClusterFacts, Clustering, ClusteringParts, RowFacts, Scores, assemble};
use shoal::collection::{ImageOrder::Closeness, doubtful, members, rearrange};
use shoal::matrix::Matrix;
use shoal::options::{ClusterMethod, Recipe};

fn facts(id: u32, name: &str) -> ClusterFacts {
    ClusterFacts { id, name: name.into(), suggested: false, locked: false }
}

/// Images `t/00` to `t/19`: the first 14 in cluster 3, the next 4 in cluster 5, the last 2 in none.
fn clustering() -> Clustering {
    let row = |index: usize| {
        let label = [Some(0), Some(1), None][usize::from(index >= 14) + usize::from(index >= 18)];
        let known = |value: f32| if label.is_some() { value } else { f32::NAN };
        RowFacts {
            path: path(index),
            label,
            locked: false,
            silhouette: known(index as f32 / 32.0),
            next_label: label.map(|label| 1 - label),
            distance: known(1.0 - index as f32 / 32.0),
            capture: None,
        }
    };
    assemble(ClusteringParts {
        clusters: vec![facts(3, "Cats"), facts(5, "Boats")],
        seed: 1,
        recipe: Recipe::Spherical,
        method: ClusterMethod::KMeans,
        backend: "cpu".into(),
        rows: (0..20).map(row).collect(),
        representatives: vec![(2..14).rev().collect(), (14..18).rev().collect()],
        pca3: &Matrix::zeros(20, 3),
        inertia: 4.0,
        explained: [Some(0.5), None, None],
        variance_kept: None,
        scores: Scores { davies_bouldin: Some(0.5), ..Scores::default() },
        curve: None,
        proposals: Some(vec![2]),
    })
    .unwrap()
}

fn path(index: usize) -> String {
    format!("t/{index:02}")
}

fn paths(indices: impl IntoIterator<Item = usize>) -> Vec<String> {
    indices.into_iter().map(path).collect()
}

fn listed(items: Vec<&Assignment>) -> Vec<String> {
    items.into_iter().map(|item| item.path.clone()).collect()
}

/// `clustering` with the images of `moved` pinned in other clusters, and the others where they were.
fn moved(clustering: &Clustering, clusters: Vec<ClusterFacts>, moved: &[(usize, Option<u32>)]) -> Clustering {
    rearrange(clustering, clusters, |path| {
        let known = clustering.items.iter().find(|item| item.path == path).unwrap();
        let to = moved.iter().find(|(index, _)| self::path(*index) == path);
        to.map_or((known.cluster, known.locked), |&(_, to)| (to, true))
    })
}

fn mean(clustering: &Clustering, cluster: impl Fn(Option<u32>) -> bool) -> f32 {
    let of_cluster = clustering.items.iter().filter(|item| cluster(item.cluster));
    let known: Vec<f32> = of_cluster.filter_map(|item| item.silhouette).collect();
    known.iter().sum::<f32>() / known.len() as f32
}

#[test]
fn without_moves_nothing_changes() {
    let before = clustering();
    let clusters = vec![facts(3, "Cats"), facts(5, "Boats")];
    assert_eq!(moved(&before, clusters, &[]), before);
}

#[test]
fn a_moved_image_has_no_scores_and_the_others_keep_theirs() {
    let before = clustering();
    let moves = [(2, Some(5)), (15, None), (19, Some(3))];
    let after = moved(&before, vec![facts(3, "Cats"), facts(5, "Boats")], &moves);
    for (index, (item, known)) in after.items.iter().zip(&before.items).enumerate() {
        let expected = match moves.iter().find(|(place, _)| *place == index) {
            Some(&(_, cluster)) => Assignment {
                cluster,
                locked: true,
                silhouette: None,
                distance: None,
                next_cluster: None,
                ..known.clone()
            },
            None => known.clone(),
        };
        assert_eq!(*item, expected);
    }
    assert_eq!((after.inertia, after.scores, after.proposals), (before.inertia, before.scores, before.proposals));
}

#[test]
fn an_image_pinned_in_place_keeps_its_scores() {
    let before = clustering();
    let after = moved(&before, vec![facts(3, "Cats"), facts(5, "Boats")], &[(4, Some(3))]);
    assert_eq!(after.items[4], Assignment { locked: true, ..before.items[4].clone() });
    assert_eq!(after.clusters, before.clusters);
}

#[test]
fn sizes_and_means_are_those_of_the_remaining_members() {
    let before = clustering();
    let after = moved(&before, vec![facts(3, "Cats"), facts(5, "Boats")], &[(13, Some(5)), (14, None)]);
    assert_eq!(after.clusters.iter().map(|cluster| cluster.size).collect::<Vec<_>>(), [13, 4]);
    for cluster in &after.clusters {
        let expected = mean(&after, |of_item| of_item == Some(cluster.id));
        assert!((cluster.silhouette.unwrap() - expected).abs() < 1e-6, "{cluster:?}");
    }
    assert!((after.silhouette.unwrap() - mean(&after, |_| true)).abs() < 1e-6);
    assert_ne!(after.silhouette, before.silhouette);
}

#[test]
fn representatives_that_moved_away_are_replaced_by_members() {
    let before = clustering();
    assert_eq!(before.clusters[0].representatives, paths((2..14).rev()));
    let after = moved(&before, vec![facts(3, "Cats"), facts(5, "Boats")], &[(13, Some(5)), (7, Some(5))]);
    let kept = (2..13).rev().filter(|&index| index != 7);
    assert_eq!(after.clusters[0].representatives, paths(kept.chain([0, 1])));
    assert_eq!(after.clusters[1].representatives, paths([17, 16, 15, 14, 7, 13]));
}

#[test]
fn clusters_are_added_renamed_and_emptied() {
    let before = clustering();
    let clusters =
        vec![facts(5, "Ships"), ClusterFacts { suggested: true, locked: true, ..facts(6, "New") }, facts(7, "Empty")];
    let moves: Vec<(usize, Option<u32>)> = (0..14).map(|index| (index, Some(6))).collect();
    let after = moved(&before, clusters, &moves);
    assert_eq!(after.k, 3);
    let new = Cluster {
        id: 6,
        name: "New".into(),
        suggested: true,
        locked: true,
        size: 14,
        silhouette: None,
        representatives: paths(0..12),
    };
    let ships = Cluster { name: "Ships".into(), ..before.clusters[1].clone() };
    let empty = Cluster { size: 0, representatives: vec![], name: "Empty".into(), id: 7, ..new.clone() };
    assert_eq!(after.clusters, [ships, new, Cluster { suggested: false, locked: false, ..empty }]);
}

#[test]
fn without_clusters_there_are_no_scores() {
    let before = clustering();
    let after = rearrange(&before, vec![], |_| (None, false));
    assert_eq!((after.k, after.silhouette, after.clusters), (0, None, vec![]));
    assert!(after.items.iter().all(|item| item.cluster.is_none() && item.silhouette.is_none()));
}

#[test]
fn the_nearest_to_the_centre_come_first_and_those_without_distance_last() {
    let before = clustering();
    assert_eq!(listed(members(&before, Some(5), Closeness)), paths((14..18).rev()));
    assert_eq!(listed(members(&before, None, Closeness)), paths([18, 19]));
    assert_eq!(listed(members(&before, Some(4), Closeness)), paths([]));

    let after = moved(&before, vec![facts(3, "Cats"), facts(5, "Boats")], &[(9, Some(5)), (2, Some(5))]);
    assert_eq!(listed(members(&after, Some(5), Closeness)), paths([17, 16, 15, 14, 2, 9]));

    let mut level = before;
    level.items.iter_mut().for_each(|item| item.distance = Some(0.5));
    assert_eq!(listed(members(&level, Some(5), Closeness)), paths(14..18));
}

#[test]
fn doubtful_images_are_sorted_worst_first_without_pinned_and_unassigned_ones() {
    let mut clustering = clustering();
    assert_eq!(listed(doubtful(&clustering)), paths([]));
    let silhouettes =
        [(0, Some(0.0)), (3, Some(-0.25)), (4, None), (8, Some(-0.5)), (15, Some(-0.25)), (16, Some(-0.75))];
    for (index, silhouette) in silhouettes {
        clustering.items[index].silhouette = silhouette;
    }
    clustering.items[18].silhouette = Some(-1.0);
    assert_eq!(listed(doubtful(&clustering)), paths([16, 8, 3, 15]));
    clustering.items[16].locked = true;
    assert_eq!(listed(doubtful(&clustering)), paths([8, 3, 15]));
}
