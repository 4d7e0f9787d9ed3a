//! UMAP: layouts against umap-learn's, and at their limits.

use proptest::prelude::*;
use serde::Deserialize;
use shoal::cluster::ClusterError;
use shoal::cluster::kmeans::{KMeansParams, kmeans};
use shoal::cluster::metrics;
use shoal::cluster::neighbours::{Neighbours, nearest_rows};
use shoal::error::Coded;
use shoal::matrix::Matrix;
use shoal::options::Recipe;
use shoal::reduce::prepare;
use shoal::reduce::umap::{Layout, UmapParams};

use crate::points::{anywhere, by_distance, lattice};
use crate::support::{bits, read_oracle};

#[derive(Deserialize)]
struct LayoutCase {
    columns: usize,
    points: Vec<f32>,
    truth: Vec<u32>,
    dimensions: usize,
    neighbours: usize,
    trustworthiness: f64,
    nmi: f64,
    first_two_trustworthiness: f64,
}

fn matrix(values: Vec<f32>, columns: usize) -> Matrix {
    Matrix::from_rows(values, columns).unwrap()
}

fn all_nearest(points: &Matrix, params: &UmapParams) -> Neighbours {
    nearest_rows(points, 0..points.rows(), params.others()).unwrap()
}

fn layout(points: &Matrix, params: &UmapParams) -> Matrix {
    let mut layout = Layout::new(points, &all_nearest(points, params), params).unwrap();
    layout.run(layout.epochs());
    layout.finish()
}

/// How far the `count` nearest neighbours in the layout are neighbours in `points` too, at most 1: Venna and Kaski,
/// "Neighborhood preservation in nonlinear projection methods", 2001.
fn trustworthiness(points: &Matrix, places: &Matrix, count: usize) -> f64 {
    let n = points.rows();
    let mut excess = 0;
    for row in 0..n {
        let mut ranks = vec![0; n];
        for (rank, other) in by_distance(points, row).into_iter().enumerate() {
            ranks[other] = rank + 1;
        }
        excess +=
            by_distance(places, row)[..count].iter().map(|&near| ranks[near].saturating_sub(count)).sum::<usize>();
    }
    1.0 - 2.0 * excess as f64 / (n * count * (2 * n - 3 * count - 1)) as f64
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn layouts_are_finite_and_resumable(
        points in prop_oneof![lattice(), anywhere()],
        dimensions in 1_usize..20,
        seed: u32,
        slices in prop::collection::vec(0_u32..20, 4),
    ) {
        prop_assume!(points.values().iter().all(|value| value.abs() < 1e9));
        let params =
            UmapParams::new().with_dimensions(dimensions).with_neighbours(5).with_seed(seed).with_epochs(30);
        let whole = layout(&points, &params);
        prop_assert_eq!((whole.rows(), whole.columns()), (points.rows(), dimensions));
        prop_assert!(whole.values().iter().all(|value| value.is_finite()));
        let mut sliced = Layout::new(&points, &all_nearest(&points, &params), &params).unwrap();
        for slice in slices.into_iter().chain([u32::MAX]) {
            sliced.run(slice);
        }
        prop_assert_eq!((sliced.epochs(), sliced.epochs_done()), (30, 30));
        prop_assert_eq!(bits(sliced.finish().values()), bits(whole.values()));
    }
}

#[test]
fn layouts_are_as_good_as_umap_learns() {
    for case in read_oracle::<LayoutCase>("umap_layouts") {
        let points = matrix(case.points, case.columns);
        let first_two = (0..points.rows()).flat_map(|row| points.row(row)[..2].to_vec()).collect();
        let known = trustworthiness(&points, &matrix(first_two, 2), case.neighbours);
        // The order of equidistant rows differs.
        assert!((known - case.first_two_trustworthiness).abs() < 1e-5);

        let (mut trust, mut nmi) = (0.0, 0.0);
        for seed in 0..3 {
            let params =
                UmapParams::new().with_dimensions(case.dimensions).with_neighbours(case.neighbours).with_seed(seed);
            let places = layout(&points, &params);
            trust += trustworthiness(&points, &places, case.neighbours) / 3.0;
            let k = *case.truth.iter().max().unwrap() as usize + 1;
            let groups = kmeans(&places, &KMeansParams::new(k), 0, 10).unwrap().labels;
            nmi += metrics::nmi(&case.truth, &groups).unwrap() / 3.0;
        }
        assert!((trust - case.trustworthiness).abs() < 0.02, "{trust} is not {}", case.trustworthiness);
        assert!((nmi - case.nmi).abs() < 0.03, "{nmi} is not {}", case.nmi);
    }
}

#[test]
fn the_seed_determines_the_layout() {
    let points = matrix((0..120).map(|value| (value * value % 31) as f32).collect(), 3);
    let params = UmapParams::new().with_epochs(50);
    assert_eq!(bits(layout(&points, &params).values()), bits(layout(&points, &params).values()));
    assert_ne!(layout(&points, &params), layout(&points, &params.with_seed(1)));
}

/// The bits of a layout, to be the same on every machine and in every version.
#[test]
fn layouts_do_not_change() {
    let points = matrix((0..90).map(|value| ((value * value) % 23) as f32).collect(), 3);
    let places = layout(&points, &UmapParams::new().with_dimensions(2).with_neighbours(5));
    let hash = bits(places.values()).iter().fold(0_u32, |hash, bits| hash.rotate_left(5) ^ bits);
    assert_eq!(hash, 65_933_803);
}

#[test]
fn few_rows_and_equal_rows_have_finite_coordinates() {
    for rows in [1, 2, 3, 14, 16] {
        let different = matrix((0..rows * 2).map(|value| (value * value) as f32).collect(), 2);
        let equal = matrix(vec![1.5; rows * 2], 2);
        for points in [different, equal] {
            let places = layout(&points, &UmapParams::new());
            assert_eq!((places.rows(), places.columns()), (rows, 8));
            assert!(places.values().iter().all(|value| value.is_finite()));
        }
    }
}

#[test]
fn groups_without_edges_between_them_stay_apart() {
    // So many neighbours that each group of ten rows is connected.
    let values = (0..60).map(|value| ((value * 7) % 13) as f32 + if value < 30 { 0.0 } else { 1e4 });
    let points = matrix(values.collect(), 3);
    let places = layout(&points, &UmapParams::new().with_dimensions(2).with_neighbours(8));
    let groups = kmeans(&places, &KMeansParams::new(2), 0, 4).unwrap().labels;
    assert!(groups[..10].iter().all(|&group| group == groups[0]));
    assert!(groups[10..].iter().all(|&group| group != groups[0]));
}

#[test]
fn the_number_of_epochs_is_umap_learns() {
    let few = Matrix::zeros(3, 1);
    let params = UmapParams::new().with_neighbours(2);
    assert_eq!(Layout::new(&few, &all_nearest(&few, &params), &params).unwrap().epochs(), 500);
    let many = Matrix::zeros(10_001, 1);
    let chain: Vec<u32> = (0..10_001).map(|row: u32| row.abs_diff(1)).collect();
    let neighbours = Neighbours { count: 1, distances: vec![0.0; chain.len()], rows: chain };
    assert_eq!(Layout::new(&many, &neighbours, &params).unwrap().epochs(), 200);
}

#[test]
fn the_recipe_keeps_more_components_and_evaluates_the_spherical_points() {
    let values = (0..80 * 90).map(|value: u32| (value.wrapping_mul(2_654_435_761) >> 20) as f32);
    let features = matrix(values.collect(), 90);
    let (umap, spherical) = (prepare(&features, Recipe::Umap).unwrap(), prepare(&features, Recipe::Spherical).unwrap());
    assert_eq!((umap.points.rows(), umap.points.columns()), (80, 64));
    let evaluated = umap.evaluated.unwrap();
    assert_eq!((evaluated.rows(), evaluated.columns()), (80, 32));
    for (found, expected) in evaluated.values().iter().zip(spherical.points.values()) {
        assert!((found - expected).abs() < 1e-5);
    }
    assert_eq!((spherical.evaluated, umap.pca3), (None, spherical.pca3));
    assert_eq!(umap.explained, spherical.explained);
    // The scores' own variance, of that of rows of length 1.
    let mean_square =
        |matrix: &Matrix| matrix.values().iter().map(|&value| f64::from(value).powi(2)).sum::<f64>() / 80.0;
    let (kept, kept_by_fewer) = (umap.variance_kept.unwrap(), spherical.variance_kept.unwrap());
    assert!(kept_by_fewer < kept && kept < 1.0);
    let fewer = matrix((0..80).flat_map(|row| umap.points.row(row)[..32].to_vec()).collect(), 32);
    let ratio = mean_square(&fewer) / mean_square(&umap.points);
    assert!((f64::from(kept_by_fewer / kept) - ratio).abs() < 1e-5);
}

#[test]
fn without_variance_no_share_is_kept() {
    let varied = matrix(vec![1.0, 2.0, 3.0, 0.0, 5.0, 1.0], 2);
    assert_eq!(prepare(&varied, Recipe::Plain).unwrap().variance_kept, None);
    assert!((prepare(&varied, Recipe::Umap).unwrap().variance_kept.unwrap() - 1.0).abs() < 1e-6);
    for rows in [1, 4] {
        let prepared = prepare(&matrix(vec![2.0; rows * 3], 3), Recipe::Umap).unwrap();
        assert_eq!((prepared.variance_kept, prepared.explained), (None, [None; 3]));
        assert!(prepared.evaluated.unwrap().values().iter().all(|&value| value == 0.0));
    }
}

#[test]
fn invalid_input_is_rejected() {
    let params = UmapParams::new().with_neighbours(2);
    let points = matrix(vec![0.0, 1.0, 5.0], 1);
    let neighbours = all_nearest(&points, &params);
    let rejected = |points: &Matrix, neighbours: &Neighbours, params: UmapParams| {
        Layout::new(points, neighbours, &params).unwrap_err()
    };
    let bad = matrix(vec![0.0, f32::NAN, 5.0], 1);
    assert_eq!(nearest_rows(&bad, 0..3, 1), Err(ClusterError::NotFinite { row: 1 }));
    assert_eq!(rejected(&bad, &neighbours, params), ClusterError::NotFinite { row: 1 });
    assert_eq!(prepare(&bad, Recipe::Umap).unwrap_err(), ClusterError::NotFinite { row: 1 });
    let range = ClusterError::RowsOutOfRange { start: 1, end: 4, rows: 3 };
    assert_eq!(nearest_rows(&points, 1..4, 1), Err(range));

    let none = Neighbours { count: 0, rows: Vec::new(), distances: Vec::new() };
    assert_eq!(rejected(&Matrix::zeros(0, 1), &none, params), ClusterError::NoRows);
    assert_eq!(rejected(&points, &none, params).code(), "bad-shape");
    assert_eq!(rejected(&points, &nearest_rows(&points, 0..2, 1).unwrap(), params).code(), "bad-shape");
    assert_eq!(rejected(&points, &neighbours, params.with_neighbours(3)).code(), "bad-shape");
    let elsewhere = Neighbours { rows: vec![1, 0, 3], ..neighbours.clone() };
    assert_eq!(rejected(&points, &elsewhere, params), ClusterError::RowsOutOfRange { start: 3, end: 4, rows: 3 });
    let far = matrix(vec![0.0, 1.0, 1e30], 1);
    assert_eq!(rejected(&far, &all_nearest(&far, &params), params), ClusterError::NotFinite { row: 2 });

    for params in [
        params.with_dimensions(0),
        params.with_dimensions(65),
        params.with_neighbours(1),
        params.with_min_dist(-0.1),
        params.with_min_dist(1.5),
        params.with_min_dist(f32::NAN),
    ] {
        assert_eq!(rejected(&points, &neighbours, params).code(), "bad-option");
    }
}

#[test]
fn the_recipe_has_a_name() {
    assert_eq!("umap".parse(), Ok(Recipe::Umap));
    assert_eq!(serde_json::to_string(&Recipe::Umap).unwrap(), "\"umap\"");
}
