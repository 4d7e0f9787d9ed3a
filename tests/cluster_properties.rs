//! What must hold for any points: KMeans, silhouettes and PCA at their limits, and independence of how work is divided.

use std::ops::Range;

use proptest::prelude::*;
use shoal::cluster::ClusterError;
use shoal::cluster::kmeans::{
    KMeansFit, KMeansParams, Method, best_of, fit_from_centres, fit_restart, inertia, kmeans, renumber,
};
use shoal::cluster::{check_k, metrics, silhouette};
use shoal::matrix::Matrix;
use shoal::options::Recipe;
use shoal::reduce::prepare;

/// Points on a coarse lattice: ties, duplicates and collinear rows are frequent.
fn lattice() -> impl Strategy<Value = Matrix> {
    (1_usize..40, 1_usize..12).prop_flat_map(|(rows, columns)| {
        prop::collection::vec(-3_i8..4, rows * columns)
            .prop_map(move |values| Matrix::from_rows(values.into_iter().map(f32::from).collect(), columns).unwrap())
    })
}

/// Points anywhere, of any size that squares can hold, and of some that they cannot.
fn anywhere() -> impl Strategy<Value = Matrix> {
    let scale = prop::sample::select(vec![1e-30_f32, 1e-22, 1e-3, 1.0, 1e8, 1e25]);
    (1_usize..40, 1_usize..80, scale).prop_flat_map(|(rows, columns, scale)| {
        prop::collection::vec(-1.0_f32..1.0, rows * columns).prop_map(move |values| {
            Matrix::from_rows(values.into_iter().map(|value| value * scale).collect(), columns).unwrap()
        })
    })
}

/// Whole numbers, whose sums are exact, so that their order does not show; of so many that rows are hardly ever equal.
fn whole_numbers() -> impl Strategy<Value = Matrix> {
    (3_usize..40, 3_usize..12).prop_flat_map(|(rows, columns)| {
        prop::collection::vec(-5000_i16..5000, rows * columns)
            .prop_map(move |values| Matrix::from_rows(values.into_iter().map(f32::from).collect(), columns).unwrap())
    })
}

/// Enough points without structure that KMeans takes many iterations, in which bounds have to follow the centres.
fn crowd() -> impl Strategy<Value = Matrix> {
    prop::collection::vec(-1.0_f32..1.0, 2 * 300).prop_map(|values| Matrix::from_rows(values, 2).unwrap())
}

fn matrix(rows: &[&[f32]]) -> Matrix {
    Matrix::from_rows(rows.concat(), rows[0].len()).unwrap()
}

fn pick(points: &Matrix, rows: &[usize]) -> Matrix {
    let values = rows.iter().flat_map(|&row| points.row(row).to_vec()).collect();
    Matrix::from_rows(values, points.columns()).unwrap()
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// The silhouettes of `rows` where every row is in a cluster and a reference.
fn silhouettes(points: &Matrix, labels: &[u32], rows: Range<usize>) -> Result<Vec<f32>, ClusterError> {
    let labels: Vec<Option<u32>> = labels.iter().copied().map(Some).collect();
    let found = silhouette::silhouette_rows(points, &labels, rows, None)?;
    Ok(found.iter().map(|silhouette| silhouette.value).collect())
}

fn sizes(fit: &KMeansFit) -> Vec<usize> {
    (0..fit.centres.rows()).map(|id| fit.labels.iter().filter(|&&label| label as usize == id).count()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn hamerly_equals_lloyd(points in prop_oneof![lattice(), anywhere(), crowd()], k in 1_usize..12, seed: u32) {
        let params = KMeansParams::new(k.min(points.rows())).with_tolerance(0.0);
        let hamerly = fit_restart(&points, &params, seed, 0).unwrap();
        let lloyd = fit_restart(&points, &params.with_method(Method::Lloyd), seed, 0).unwrap();
        prop_assert_eq!(bits(hamerly.centres.values()), bits(lloyd.centres.values()));
        prop_assert_eq!(hamerly, lloyd);
    }

    #[test]
    fn no_cluster_is_empty(points in prop_oneof![lattice(), anywhere()], share in 0.0_f64..1.0, seed: u32) {
        let k = (1 + (share * points.rows() as f64) as usize).min(points.rows());
        let fit = kmeans(&points, &KMeansParams::new(k), seed, 2).unwrap();
        let sizes = sizes(&fit);
        prop_assert!(sizes.iter().all(|&size| size > 0));
        prop_assert!(sizes.is_sorted_by(|one, next| one >= next));
        prop_assert_eq!(fit.inertia, inertia(&points, &fit.labels, &fit.centres).unwrap());
    }

    #[test]
    fn every_row_is_with_its_nearest_centre(points in lattice(), seed: u32) {
        let fit = fit_restart(&points, &KMeansParams::new(points.rows().min(4)), seed, 0).unwrap();
        for row in 0..points.rows() {
            let squared = |centre: usize| -> f32 {
                points.row(row).iter().zip(fit.centres.row(centre)).map(|(a, b)| (a - b).powi(2)).sum()
            };
            let nearest = (0..fit.centres.rows()).map(squared).fold(f32::INFINITY, f32::min);
            prop_assert!(squared(fit.labels[row] as usize) <= nearest + 1e-4);
        }
    }

    #[test]
    fn permuting_rows_permutes_labels(
        (points, order) in whole_numbers().prop_flat_map(|points| {
            let order = Just((0..points.rows()).collect::<Vec<_>>()).prop_shuffle();
            (Just(points), order)
        }),
    ) {
        let starts: Vec<usize> = (0..3).collect();
        let params = KMeansParams::new(starts.len());
        let fit = fit_from_centres(&points, pick(&points, &starts), &params).unwrap();
        let permuted = fit_from_centres(&pick(&points, &order), pick(&points, &starts), &params).unwrap();
        let expected: Vec<u32> = order.iter().map(|&row| fit.labels[row]).collect();
        prop_assert_eq!(permuted.labels, expected);
        prop_assert_eq!(permuted.centres, fit.centres);
    }

    #[test]
    fn restarts_may_run_anywhere(points in lattice(), seed: u32, restarts in 1_u32..6) {
        let params = KMeansParams::new(points.rows().min(3));
        let together = kmeans(&points, &params, seed, restarts).unwrap();
        let apart = (0..restarts).rev().map(|restart| (restart, fit_restart(&points, &params, seed, restart).unwrap()));
        prop_assert_eq!(renumber(best_of(apart).unwrap()), together);
    }

    #[test]
    fn silhouettes_do_not_depend_on_tiles(
        points in prop_oneof![lattice(), anywhere()],
        labels in prop::collection::vec(0_u32..5, 40),
        cuts in prop::collection::vec(0.0_f64..1.0, 0..6),
    ) {
        let (n, labels) = (points.rows(), &labels[..points.rows()]);
        let whole = silhouettes(&points, labels, 0..n).unwrap();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| (cut * n as f64) as usize).chain([0, n]).collect();
        cuts.sort_unstable();
        let tiles: Vec<f32> = cuts
            .windows(2)
            .flat_map(|pair| silhouettes(&points, labels, pair[0]..pair[1]).unwrap())
            .collect();
        prop_assert_eq!(bits(&tiles), bits(&whole));
    }

    #[test]
    fn silhouettes_stay_in_range_and_leave_singletons_at_zero(
        points in lattice(),
        labels in prop::collection::vec(0_u32..5, 40),
    ) {
        let labels = &labels[..points.rows()];
        let rows = silhouettes(&points, labels, 0..points.rows()).unwrap();
        let distinct = labels.iter().collect::<std::collections::BTreeSet<_>>().len();
        for (row, value) in rows.iter().enumerate() {
            if distinct < 2 {
                prop_assert!(value.is_nan());
            } else if labels.iter().filter(|&&label| label == labels[row]).count() == 1 {
                prop_assert_eq!(*value, 0.0);
            } else {
                prop_assert!((-1.0..=1.0).contains(value));
            }
        }
    }

    #[test]
    fn prepared_points_are_finite_and_of_unit_length(points in prop_oneof![lattice(), anywhere()]) {
        let prepared = prepare(&points, Recipe::Spherical).unwrap();
        let columns = 32.min(points.columns()).min(points.rows() - 1).max(1);
        prop_assert_eq!((prepared.points.rows(), prepared.points.columns()), (points.rows(), columns));
        prop_assert_eq!((prepared.pca3.rows(), prepared.pca3.columns()), (points.rows(), 3));
        for row in 0..points.rows() {
            let length = prepared.points.row(row).iter().map(|value| value * value).sum::<f32>().sqrt();
            prop_assert!(length == 0.0 || (length - 1.0).abs() < 1e-5);
        }
        prop_assert!(prepared.pca3.values().iter().all(|value| value.is_finite()));
        let explained: f32 = prepared.explained.iter().flatten().sum();
        prop_assert!((0.0..=1.0001).contains(&explained));
        for (component, share) in prepared.explained.iter().enumerate() {
            let silent = (0..points.rows()).all(|row| prepared.pca3.row(row)[component] == 0.0);
            prop_assert_eq!(silent, share.is_none());
        }
        let plain = prepare(&points, Recipe::Plain).unwrap();
        prop_assert_eq!(plain.points, points);
        prop_assert!(plain.pca3.values().iter().all(|value| value.is_finite()));
    }
}

#[test]
fn one_cluster_is_the_mean() {
    let points = matrix(&[&[0.0, 1.0], &[2.0, 3.0], &[4.0, 8.0]]);
    let fit = kmeans(&points, &KMeansParams::new(1), 0, 1).unwrap();
    assert_eq!((fit.labels, fit.centres.values()), (vec![0, 0, 0], [2.0, 4.0].as_slice()));
    assert_eq!(fit.inertia, 8.0 + 26.0);
}

#[test]
fn as_many_clusters_as_rows_leave_no_inertia() {
    let points = matrix(&[&[0.0], &[5.0], &[6.0], &[100.0]]);
    let fit = kmeans(&points, &KMeansParams::new(4), 7, 3).unwrap();
    assert_eq!((fit.labels, fit.inertia), (vec![0, 1, 2, 3], 0.0));
}

#[test]
fn identical_rows_are_parted_when_that_is_asked() {
    let points = Matrix::from_rows(vec![2.0; 14], 2).unwrap();
    let fit = kmeans(&points, &KMeansParams::new(3), 0, 2).unwrap();
    assert_eq!((sizes(&fit), fit.inertia), (vec![5, 1, 1], 0.0));
    let rows = silhouettes(&points, &fit.labels, 0..7).unwrap();
    assert_eq!(rows, [0.0; 7]);
    assert_eq!(metrics::davies_bouldin(&points, &fit.labels, 3).unwrap(), Some(0.0));
    assert_eq!(metrics::calinski_harabasz(&points, &fit.labels, 3).unwrap(), Some(1.0));

    let prepared = prepare(&points, Recipe::Spherical).unwrap();
    assert_eq!((prepared.explained, prepared.pca3), ([None; 3], Matrix::zeros(7, 3)));
    assert!(prepared.points.values().iter().all(|&value| value == 0.0));
}

#[test]
fn rows_on_a_line_have_one_component_and_their_gaps_as_borders() {
    let points = matrix(&[&[0.0, 0.0], &[1.0, 2.0], &[2.0, 4.0], &[50.0, 100.0], &[51.0, 102.0]]);
    let fit = kmeans(&points, &KMeansParams::new(2), 0, 4).unwrap();
    assert_eq!(fit.labels, [0, 0, 0, 1, 1]);
    let prepared = prepare(&points, Recipe::Plain).unwrap();
    assert_eq!(prepared.explained.map(|share| share.map(|share| share.round())), [Some(1.0), None, None]);
    assert!((0..5).all(|row| prepared.pca3.row(row)[1..] == [0.0, 0.0]));
    assert!(prepared.pca3.row(0)[0] < 0.0 && prepared.pca3.row(4)[0] > 0.0);
}

#[test]
fn a_start_that_leaves_a_cluster_empty_is_mended() {
    let points = matrix(&[&[0.0], &[1.0], &[10.0], &[11.0], &[30.0]]);
    let start = matrix(&[&[5.0], &[1e6], &[2e6]]);
    let fit = fit_from_centres(&points, start, &KMeansParams::new(3)).unwrap();
    assert_eq!(renumber(fit).labels, [0, 0, 1, 1, 2]);
}

#[test]
fn clusters_are_numbered_by_size_then_by_first_row() {
    let labels = vec![4, 2, 2, 1, 1, 0, 3, 3, 3];
    let centres = Matrix::from_rows(vec![0.0, 1.0, 2.0, 3.0, 4.0], 1).unwrap();
    let fit = renumber(KMeansFit { labels, centres, inertia: 0.5, iterations: 2 });
    assert_eq!(fit.labels, [3, 1, 1, 2, 2, 4, 0, 0, 0]);
    assert_eq!(fit.centres.values(), [3.0, 2.0, 1.0, 4.0, 0.0]);
}

#[test]
fn a_root_is_taken_only_where_every_value_has_one() {
    let apart = |features: &Matrix| {
        let places = prepare(features, Recipe::Spherical).unwrap().pca3;
        places.row(0).iter().zip(places.row(1)).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
    };
    // Directions (2, 1) and (1, 2) with the root; (4, 1) and (1, 4) without it.
    let rooted = apart(&matrix(&[&[4.0, 1.0], &[1.0, 4.0], &[0.0, 0.0]]));
    assert!((rooted - (2.0_f32 / 5.0).sqrt()).abs() < 1e-6);
    let plain = apart(&matrix(&[&[4.0, 1.0], &[1.0, 4.0], &[-1.0, -1.0]]));
    assert!((plain - (18.0_f32 / 17.0).sqrt()).abs() < 1e-6);
}

#[test]
fn a_lone_row_is_nowhere() {
    for recipe in [Recipe::Spherical, Recipe::Plain] {
        let prepared = prepare(&matrix(&[&[1.0, 2.0]]), recipe).unwrap();
        assert_eq!((prepared.points.rows(), prepared.explained), (1, [None; 3]));
        assert_eq!(prepared.pca3.values(), [0.0; 3]);
    }
}

#[test]
fn undefined_scores_are_none() {
    let points = matrix(&[&[0.0], &[1.0], &[2.0]]);
    for (labels, k) in [([0, 0, 0], 1), ([0, 1, 2], 3), ([1, 1, 1], 2)] {
        assert_eq!(metrics::davies_bouldin(&points, &labels, k).unwrap(), None);
        assert_eq!(metrics::calinski_harabasz(&points, &labels, k).unwrap(), None);
    }
    assert_eq!(silhouette::mean(&[0.0; 3], 3, 3), None);
    assert_eq!(silhouette::mean(&[f32::NAN; 3], 1, 3), None);
    assert_eq!(silhouette::mean(&[0.5, 0.25, 0.75], 2, 3), Some(0.5));
    let means = silhouette::cluster_means(&[0.5, 0.25, f32::NAN], &[0, 0, 2], 3).unwrap();
    assert_eq!(means, [Some(0.375), None, None]);
}

#[test]
fn what_cannot_be_grouped_is_refused() {
    let points = matrix(&[&[0.0], &[1.0], &[f32::NAN]]);
    let not_finite = ClusterError::NotFinite { row: 2 };
    assert_eq!(fit_restart(&points, &KMeansParams::new(2), 0, 0).unwrap_err(), not_finite);
    assert_eq!(silhouettes(&points, &[0, 1, 1], 0..1).unwrap_err(), not_finite);
    assert_eq!(prepare(&points, Recipe::Plain).unwrap_err(), not_finite);
    assert_eq!(metrics::davies_bouldin(&points, &[0, 1, 1], 2).unwrap_err(), not_finite);

    let points = matrix(&[&[0.0], &[1.0]]);
    let start = matrix(&[&[f32::INFINITY]]);
    assert!(fit_from_centres(&points, start, &KMeansParams::new(1)).is_err());
    let start = matrix(&[&[0.0, 0.0]]);
    assert!(matches!(fit_from_centres(&points, start, &KMeansParams::new(1)), Err(ClusterError::Shape(_))));
    for k in [0, 3] {
        let error = fit_restart(&points, &KMeansParams::new(k), 0, 0).unwrap_err();
        assert_eq!(error, ClusterError::KOutOfRange { k, pictures: 2 });
    }
    let none = Matrix::zeros(0, 4);
    assert_eq!(fit_restart(&none, &KMeansParams::new(1), 0, 0).unwrap_err(), ClusterError::NoPictures);
    assert_eq!(prepare(&none, Recipe::Spherical).unwrap_err(), ClusterError::NoPictures);

    assert_eq!(check_k(1, 5), Err(ClusterError::KOutOfRange { k: 1, pictures: 5 }));
    assert_eq!((check_k(2, 2), check_k(2, 0)), (Ok(()), Err(ClusterError::NoPictures)));
    let labels = silhouettes(&points, &[0], 0..1).unwrap_err();
    assert_eq!(labels, ClusterError::LabelCount { labels: 1, rows: 2 });
    let range = silhouettes(&points, &[0, 1], 1..3).unwrap_err();
    assert_eq!(range, ClusterError::RowsOutOfRange { start: 1, end: 3, rows: 2 });
    let cluster = metrics::calinski_harabasz(&points, &[0, 9], 2).unwrap_err();
    assert_eq!(cluster, ClusterError::UnknownCluster { cluster: 9, k: 2 });
    assert!(metrics::accuracy(&[0, 1], &[0, u32::MAX]).is_err());
    assert_eq!(metrics::nmi(&[], &[]), Err(ClusterError::NoPictures));
}
