//! KMeans from given centres, against scikit-learn and against Lloyd's algorithm.

use proptest::prelude::*;
use serde::Deserialize;

use super::*;
use crate::cluster::test_support::{self, SCALES, assert_all_near, assert_near, bits, read_oracle, size};
use crate::error::Coded;
use crate::matrix::ShapeError;

#[derive(Deserialize)]
struct Clustering {
    columns: usize,
    points: Vec<f32>,
    starts: Vec<usize>,
    labels: Vec<u32>,
    centres: Vec<f64>,
    inertia: f64,
}

#[derive(Deserialize)]
struct TolerantClustering {
    columns: usize,
    points: Vec<f32>,
    starts: Vec<usize>,
    tolerance: f64,
    iterations: u32,
    labels: Vec<u32>,
    centres: Vec<f64>,
    inertia: f64,
}

fn from_values((values, columns): (Vec<f32>, usize)) -> Matrix {
    Matrix::from_rows(values, columns).unwrap()
}

/// Points on a coarse lattice: ties, duplicates and collinear rows are frequent.
fn lattice() -> impl Strategy<Value = Matrix> {
    test_support::lattice(1..40, 1..12).prop_map(from_values)
}

/// Points without structure, of any scale.
fn anywhere() -> impl Strategy<Value = Matrix> {
    test_support::anywhere(1..40, 1..80, SCALES).prop_map(from_values)
}

/// So many points without structure that bounds have to follow the centres over many iterations.
fn crowd() -> impl Strategy<Value = Matrix> {
    test_support::crowd(300).prop_map(from_values)
}

/// Points whose squared distances lie on both sides of what an `f32` can hold.
fn near_overflow() -> impl Strategy<Value = Matrix> {
    (4_usize..40, 1_usize..4).prop_flat_map(|(rows, columns)| {
        prop::collection::vec(-20_i8..21, rows * columns).prop_map(move |values| {
            Matrix::from_rows(values.into_iter().map(|value| f32::from(value) * 1e18).collect(), columns).unwrap()
        })
    })
}

/// KMeans over all `points` in every iteration, from the centres `start`, shape `[k, d]`.
fn fit_from_centres(points: &Matrix, start: Matrix, params: &KMeansParams) -> Result<KMeansFit, ClusterError> {
    check_count(points, start.rows())?;
    check_finite(&start)?;
    if start.columns() != points.columns() {
        return Err(ShapeError { values: start.values().len(), columns: points.columns() }.into());
    }
    Ok(run(points, start, params, Pinned::NONE))
}

/// Whole numbers, whose sums are exact, so that their order does not show; of so many that rows are hardly ever equal.
fn whole_numbers() -> impl Strategy<Value = Matrix> {
    (3_usize..40, 3_usize..12).prop_flat_map(|(rows, columns)| {
        prop::collection::vec(-5000_i16..5000, rows * columns)
            .prop_map(move |values| Matrix::from_rows(values.into_iter().map(f32::from).collect(), columns).unwrap())
    })
}

fn matrix(rows: &[&[f32]]) -> Matrix {
    Matrix::from_rows(rows.concat(), rows[0].len()).unwrap()
}

fn pick(points: &Matrix, rows: &[usize]) -> Matrix {
    let values = rows.iter().flat_map(|&row| points.row(row).to_vec()).collect();
    Matrix::from_rows(values, points.columns()).unwrap()
}

fn sizes(fit: &KMeansFit) -> Vec<usize> {
    (0..fit.centres.rows()).map(|id| fit.labels.iter().filter(|&&label| label as usize == id).count()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn hamerly_equals_lloyd(
        points in prop_oneof![lattice(), anywhere(), crowd(), near_overflow()],
        k in 1_usize..12, seed: u32,
    ) {
        let params = KMeansParams::new(k.min(points.rows())).with_tolerance(0.0);
        let hamerly = fit_restart(&points, &params, seed, 0).unwrap();
        let lloyd = fit_restart(&points, &KMeansParams { assignment: Assignment::Lloyd, ..params }, seed, 0).unwrap();
        prop_assert_eq!(bits(hamerly.centres.values()), bits(lloyd.centres.values()));
        prop_assert_eq!(hamerly, lloyd);
    }

    #[test]
    fn pinned_rows_stay_and_hamerly_equals_lloyd(
        points in prop_oneof![lattice(), anywhere(), crowd()],
        (places, seed) in (prop::collection::vec(prop::option::weighted(0.3, 0_u32..6), 300), any::<u32>()),
    ) {
        let (k, pinned) = (6.min(points.rows()), &places[..points.rows()]);
        let params = KMeansParams::new(k).with_tolerance(0.0);
        let fit = match fit_restart_pinned(&points, &params, pinned, seed, 0) {
            Ok(fit) => fit,
            Err(error) => {
                let codes = ["unknown-cluster", "too-few-pictures"];
                prop_assert!(codes.contains(&error.code()));
                return Ok(());
            }
        };
        prop_assert!(pinned.iter().zip(&fit.labels).all(|(pinned, &label)| pinned.is_none_or(|pinned| pinned == label)));
        prop_assert!((0..k as u32).all(|cluster| size(&fit.labels, cluster) > 0));
        let lloyd = fit_restart_pinned(&points, &KMeansParams { assignment: Assignment::Lloyd, ..params }, pinned, seed, 0).unwrap();
        prop_assert_eq!(fit, lloyd);
    }

    #[test]
    fn no_cluster_is_empty(points in prop_oneof![lattice(), anywhere()], share in 0.0_f64..1.0, seed: u32) {
        let k = (1 + (share * points.rows() as f64) as usize).min(points.rows());
        let fit = kmeans(&points, &KMeansParams::new(k), seed, 2).unwrap();
        let sizes = sizes(&fit);
        prop_assert!(sizes.iter().all(|&size| size > 0));
        prop_assert!(sizes.is_sorted_by(|one, next| one >= next));
        prop_assert_eq!(fit.inertia, sum_squares(&points, &fit.labels, &fit.centres));
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
}

#[test]
fn kmeans_ends_where_scikit_learns_ends() {
    for case in read_oracle::<Clustering>("clusterings") {
        let points = Matrix::from_rows(case.points, case.columns).unwrap();
        let starts = case.starts.iter().flat_map(|&row| points.row(row).to_vec()).collect();
        let starts = Matrix::from_rows(starts, case.columns).unwrap();
        for assignment in [Assignment::Hamerly, Assignment::Lloyd] {
            let params = KMeansParams { assignment, ..KMeansParams::new(starts.rows()).with_tolerance(0.0) };
            let fit = fit_from_centres(&points, starts.clone(), &params).unwrap();
            assert_eq!(fit.labels, case.labels);
            assert_all_near(fit.centres.values(), &case.centres, 1e-6);
            assert_near(fit.inertia, case.inertia, 1e-6);
        }
    }
}

#[test]
fn kmeans_stops_at_a_tolerance_where_scikit_learn_stops() {
    for case in read_oracle::<TolerantClustering>("tolerant_clusterings") {
        let points = Matrix::from_rows(case.points, case.columns).unwrap();
        let params = KMeansParams::new(case.starts.len()).with_tolerance(case.tolerance);
        let fit = fit_from_centres(&points, pick(&points, &case.starts), &params).unwrap();
        assert_eq!((fit.iterations, fit.labels), (case.iterations, case.labels));
        assert_all_near(fit.centres.values(), &case.centres, 1e-6);
        assert_near(fit.inertia, case.inertia, 1e-6);
    }
}

#[test]
fn hamerly_equals_lloyd_where_only_the_second_distance_overflows() {
    let points = matrix(&[&[0.0], &[0.0], &[0.0], &[1.7e19], &[2e19], &[2e19], &[2e19]]);
    let params = KMeansParams::new(2).with_tolerance(0.0);
    let [hamerly, lloyd] = [Assignment::Hamerly, Assignment::Lloyd].map(|assignment| {
        let start = matrix(&[&[0.2e19], &[3.6e19]]);
        fit_from_centres(&points, start, &KMeansParams { assignment, ..params }).unwrap()
    });
    assert_eq!(lloyd.labels, [0, 0, 0, 1, 1, 1, 1]);
    assert_eq!(hamerly, lloyd);
}

#[test]
fn an_empty_cluster_is_refilled() {
    let points = matrix(&[&[0.0], &[1.0], &[10.0], &[11.0], &[30.0]]);
    let start = matrix(&[&[5.0], &[1e6], &[2e6]]);
    let fit = fit_from_centres(&points, start, &KMeansParams::new(3)).unwrap();
    assert_eq!(renumber(fit).labels, [0, 0, 1, 1, 2]);
}

#[test]
fn centres_of_another_shape_or_that_are_not_finite_are_rejected() {
    let points = matrix(&[&[0.0], &[1.0]]);
    let start = matrix(&[&[f32::INFINITY]]);
    assert!(fit_from_centres(&points, start, &KMeansParams::new(1)).is_err());
    let start = matrix(&[&[0.0, 0.0]]);
    assert!(matches!(fit_from_centres(&points, start, &KMeansParams::new(1)), Err(ClusterError::Shape(_))));
}
