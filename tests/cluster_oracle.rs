//! KMeans, silhouettes, scores and PCA against scikit-learn's figures, which `tests/oracle/make_oracle.py` writes.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use shoal::cluster::kmeans::{KMeansParams, Method, fit_from_centres};
use shoal::cluster::{metrics, silhouette};
use shoal::matrix::Matrix;
use shoal::options::Recipe;
use shoal::reduce::prepare;

#[derive(Deserialize)]
struct Clustering {
    columns: usize,
    points: Vec<f32>,
    truth: Vec<u32>,
    starts: Vec<usize>,
    labels: Vec<u32>,
    centres: Vec<f64>,
    inertia: f64,
    silhouettes: Vec<f64>,
    silhouette: f64,
    davies_bouldin: f64,
    calinski_harabasz: f64,
}

#[derive(Deserialize)]
struct Agreement {
    classes: Vec<u32>,
    clusters: Vec<u32>,
    nmi: f64,
    ari: f64,
}

#[derive(Deserialize)]
struct SmallPca {
    columns: usize,
    features: Vec<f32>,
    scores: Vec<f64>,
    explained: Vec<f64>,
}

#[derive(Deserialize)]
struct LargePca {
    rows: usize,
    columns: usize,
    scores: Vec<f64>,
    explained: Vec<f64>,
    distances_to_first: Vec<f64>,
}

fn read<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let path = format!("{}/tests/oracle/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let cases: Vec<T> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(!cases.is_empty());
    cases
}

#[track_caller]
fn assert_near(found: f64, expected: f64, tolerance: f64) {
    let allowed = tolerance * expected.abs().max(1.0);
    assert!((found - expected).abs() <= allowed, "{found} is not {expected}, within {allowed}");
}

#[track_caller]
fn assert_all_near(found: &[f32], expected: &[f64], tolerance: f64) {
    assert!(found.len() >= expected.len());
    for (&found, &expected) in found.iter().zip(expected) {
        assert_near(found.into(), expected, tolerance);
    }
}

#[test]
fn kmeans_ends_where_scikit_learn_ends() {
    for case in read::<Clustering>("clusterings") {
        let points = Matrix::from_rows(case.points, case.columns).unwrap();
        let starts = case.starts.iter().flat_map(|&row| points.row(row).to_vec()).collect();
        let starts = Matrix::from_rows(starts, case.columns).unwrap();
        for method in [Method::Hamerly, Method::Lloyd] {
            let params = KMeansParams::new(starts.rows()).with_tolerance(0.0).with_method(method);
            let fit = fit_from_centres(&points, starts.clone(), &params).unwrap();
            assert_eq!(fit.labels, case.labels);
            assert_all_near(fit.centres.values(), &case.centres, 1e-6);
            assert_near(fit.inertia, case.inertia, 1e-6);
        }
    }
}

#[test]
fn silhouettes_are_scikit_learns() {
    for case in read::<Clustering>("clusterings") {
        let points = Matrix::from_rows(case.points, case.columns).unwrap();
        let labels: Vec<Option<u32>> = case.labels.iter().copied().map(Some).collect();
        let rows = silhouette::silhouette_rows(&points, &labels, 0..points.rows(), None).unwrap();
        let rows: Vec<f32> = rows.iter().map(|silhouette| silhouette.value).collect();
        assert_eq!(rows.len(), case.silhouettes.len());
        assert_all_near(&rows, &case.silhouettes, 1e-6);
        let mean = silhouette::mean(&rows, case.starts.len(), points.rows()).unwrap();
        assert_near(mean.into(), case.silhouette, 1e-6);
    }
}

#[test]
fn scores_by_shape_are_scikit_learns() {
    for case in read::<Clustering>("clusterings") {
        let (points, k) = (Matrix::from_rows(case.points, case.columns).unwrap(), case.starts.len());
        let davies_bouldin = metrics::davies_bouldin(&points, &case.labels, k).unwrap().unwrap();
        assert_near(davies_bouldin, case.davies_bouldin, 1e-9);
        let calinski_harabasz = metrics::calinski_harabasz(&points, &case.labels, k).unwrap().unwrap();
        assert_near(calinski_harabasz, case.calinski_harabasz, 1e-9);
    }
}

#[test]
fn scores_against_labels_are_scikit_learns() {
    for case in read::<Agreement>("agreements") {
        assert_near(metrics::nmi(&case.classes, &case.clusters).unwrap(), case.nmi, 1e-9);
        assert_near(metrics::ari(&case.classes, &case.clusters).unwrap(), case.ari, 1e-9);
    }
}

#[test]
fn accuracy_is_that_of_the_best_matching() {
    for case in read::<Clustering>("clusterings") {
        let (accuracy, counts) = metrics::accuracy(&case.truth, &case.labels).unwrap();
        let best = best_by_trying(&counts, &mut vec![false; counts[0].len()]);
        assert_near(accuracy, f64::from(best) / case.labels.len() as f64, 1e-12);
        assert_eq!(counts.iter().flatten().sum::<u32>() as usize, case.labels.len());
    }
}

/// Every matching of the rows of a square table to its columns, tried.
fn best_by_trying(counts: &[Vec<u32>], used: &mut Vec<bool>) -> u32 {
    let Some((row, rest)) = counts.split_first() else { return 0 };
    let mut best = 0;
    for column in 0..row.len() {
        if !std::mem::replace(&mut used[column], true) {
            best = best.max(row[column] + best_by_trying(rest, used));
            used[column] = false;
        }
    }
    best
}

#[test]
fn accuracy_leaves_over_what_cannot_be_matched() {
    // Two clusters for one class, and the other way round.
    assert_eq!(metrics::accuracy(&[0, 0, 0], &[0, 0, 1]).unwrap(), (2.0 / 3.0, vec![vec![2, 1]]));
    assert_eq!(metrics::accuracy(&[0, 1, 1, 2], &[0, 0, 0, 0]).unwrap(), (0.5, vec![vec![1], vec![2], vec![1]]));
}

#[test]
fn pca_is_scikit_learns() {
    for case in read::<SmallPca>("pca") {
        let features = Matrix::from_rows(case.features, case.columns).unwrap();
        let prepared = prepare(&features, Recipe::Plain).unwrap();
        assert_all_near(prepared.pca3.values(), &case.scores, 1e-5);
        assert_all_near(&prepared.explained.map(Option::unwrap), &case.explained, 1e-6);
        assert_eq!(prepared.points, features);
    }
}

#[test]
fn pca_by_iteration_is_scikit_learns() {
    for case in read::<LargePca>("pca_large") {
        let features = waves(case.rows, case.columns);
        let prepared = prepare(&features, Recipe::Plain).unwrap();
        assert_all_near(prepared.pca3.values(), &case.scores, 1e-4);
        assert_all_near(&prepared.explained.map(Option::unwrap), &case.explained, 1e-5);

        let least = features.values().iter().copied().fold(f32::INFINITY, f32::min);
        let shifted = features.values().iter().map(|value| value - least).collect();
        let points = prepare(&Matrix::from_rows(shifted, case.columns).unwrap(), Recipe::Spherical).unwrap().points;
        assert_eq!(points.columns(), 32);
        let distances: Vec<f32> = (0..case.distances_to_first.len())
            .map(|row| points.row(0).iter().zip(points.row(row)).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt())
            .collect();
        assert_all_near(&distances, &case.distances_to_first, 1e-4);
    }
}

/// The features that `make_oracle.py` makes under the same name.
fn waves(rows: usize, columns: usize) -> Matrix {
    let mut state = 1_u64;
    let mut total = vec![0.0_f64; rows * columns];
    for component in 0..48 {
        let mut draw = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 40) as f64 / f64::from(1 << 24) - 0.5
        };
        let left: Vec<f64> = (0..rows).map(|_| draw()).collect();
        let right: Vec<f64> = (0..columns).map(|_| draw()).collect();
        let weight = 8.0 * 0.93_f64.powi(component);
        for (row, left) in left.iter().enumerate() {
            for (value, right) in total[row * columns..].iter_mut().zip(&right) {
                *value += weight * (left * right);
            }
        }
    }
    let rounded = total.into_iter().map(|value| ((value * 256.0).round_ties_even() / 256.0) as f32).collect();
    Matrix::from_rows(rounded, columns).unwrap()
}
