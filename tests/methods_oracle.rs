//! Ward's method, HDBSCAN, and the judging of what they find against scikit-learn's figures, which
//! `tests/oracle/make_methods.py` writes.

use serde::Deserialize;
use shoal::cluster::evaluate::evaluate;
use shoal::cluster::hdbscan::hdbscan;
use shoal::cluster::join::nearest_clusters;
use shoal::cluster::metrics::ari;
use shoal::cluster::silhouette::silhouette_rows;
use shoal::cluster::ward::ward;
use shoal::matrix::Matrix;

#[derive(Deserialize)]
struct Case {
    columns: usize,
    points: Vec<f32>,
    min_cluster_size: usize,
    density_labels: Vec<Option<u32>>,
    k: usize,
    ward_labels: Vec<u32>,
    evaluated: Evaluated,
}

/// What is said of the rows that are no outliers, in their order.
#[derive(Deserialize)]
struct Evaluated {
    centres: Vec<f64>,
    inertia: f64,
    distances: Vec<f64>,
    davies_bouldin: f64,
    calinski_harabasz: f64,
    silhouettes: Vec<f64>,
    nearest_others: Vec<u32>,
}

impl Case {
    fn points(&self) -> Matrix {
        Matrix::from_rows(self.points.clone(), self.columns).unwrap()
    }

    fn density_clusters(&self) -> usize {
        self.evaluated.centres.len() / self.columns
    }

    /// The values of rows that are no outliers; of the others there must be none.
    fn of_members(&self, values: &[f32]) -> Vec<f32> {
        assert_eq!(values.len(), self.density_labels.len());
        for (value, label) in values.iter().zip(&self.density_labels) {
            assert_eq!(value.is_nan(), label.is_none());
        }
        values.iter().copied().filter(|value| !value.is_nan()).collect()
    }
}

fn cases() -> Vec<Case> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle/methods.json");
    let cases: Vec<Case> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(!cases.is_empty());
    cases
}

/// The labels with a cluster of their own for the outliers, which have to be the same ones too.
fn with_outliers(labels: &[Option<u32>]) -> Vec<u32> {
    labels.iter().map(|label| label.map_or(0, |label| label + 1)).collect()
}

fn assert_by_size(labels: impl Iterator<Item = u32> + Clone) {
    let size = |cluster: u32| labels.clone().filter(|&label| label == cluster).count();
    let sizes: Vec<usize> = (0..=labels.clone().max().unwrap()).map(size).collect();
    assert!(sizes.is_sorted_by(|one, next| one >= next) && sizes.iter().all(|&size| size > 0), "{sizes:?}");
}

#[track_caller]
fn assert_near(found: f64, expected: f64) {
    let allowed = 2e-6 * expected.abs().max(1.0);
    assert!((found - expected).abs() <= allowed, "{found} is not {expected}, within {allowed}");
}

#[track_caller]
fn assert_all_near(found: &[f32], expected: &[f64]) {
    assert_eq!(found.len(), expected.len());
    for (&found, &expected) in found.iter().zip(expected) {
        assert_near(found.into(), expected);
    }
}

#[test]
fn wards_clusters_are_scikit_learns() {
    for case in cases() {
        let labels = ward(&case.points(), case.k, 0).unwrap();
        assert_eq!(ari(&case.ward_labels, &labels).unwrap(), 1.0);
        assert_by_size(labels.iter().copied());
    }
}

#[test]
fn hdbscans_clusters_and_outliers_are_scikit_learns() {
    for case in cases() {
        let labels = hdbscan(&case.points(), case.min_cluster_size).unwrap();
        let (found, expected) = (with_outliers(&labels), with_outliers(&case.density_labels));
        assert_eq!(ari(&expected, &found).unwrap(), 1.0);
        assert!(labels.iter().zip(&case.density_labels).all(|(found, expected)| found.is_none() == expected.is_none()));
        assert_by_size(labels.iter().copied().flatten());
    }
}

#[test]
fn a_judgement_is_scikit_learns_of_the_rows_in_clusters() {
    for case in cases() {
        let found = evaluate(&case.points(), &case.density_labels, case.density_clusters(), 3).unwrap();
        assert_all_near(found.centres.values(), &case.evaluated.centres);
        assert_all_near(&case.of_members(&found.distances), &case.evaluated.distances);
        assert_near(found.inertia, case.evaluated.inertia);
        assert_near(found.davies_bouldin.unwrap(), case.evaluated.davies_bouldin);
        assert_near(found.calinski_harabasz.unwrap(), case.evaluated.calinski_harabasz);
    }
}

#[test]
fn silhouettes_leave_outliers_out() {
    for case in cases() {
        let points = case.points();
        let found = silhouette_rows(&points, &case.density_labels, 0..points.rows(), None).unwrap();
        let values: Vec<f32> = found.iter().map(|silhouette| silhouette.value).collect();
        assert_all_near(&case.of_members(&values), &case.evaluated.silhouettes);
        let others: Vec<u32> = found.iter().filter_map(|silhouette| silhouette.nearest_other).collect();
        assert_eq!(others, case.evaluated.nearest_others);
    }
}

#[test]
fn an_outlier_joins_the_nearest_centre() {
    for case in cases() {
        let (points, k) = (case.points(), case.density_clusters());
        let outliers: Vec<usize> = (0..points.rows()).filter(|&row| case.density_labels[row].is_none()).collect();
        let found = nearest_clusters(&points, &case.density_labels, k, &outliers).unwrap();
        assert_eq!(found.len(), outliers.len());
        for (row, found) in outliers.into_iter().zip(found) {
            let row: Vec<f64> = points.row(row).iter().map(|&value| value.into()).collect();
            let centres: Vec<&[f64]> = case.evaluated.centres.chunks(case.columns).collect();
            let gap = |centre: &[f64]| row.iter().zip(centre).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
            let nearest = (0..k).min_by(|&one, &other| gap(centres[one]).total_cmp(&gap(centres[other]))).unwrap();
            let (cluster, similarity) = found.unwrap();
            assert_eq!(cluster as usize, nearest);
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            let centre = centres[nearest];
            assert_near(similarity.into(), dot(&row, centre) / (dot(&row, &row) * dot(centre, centre)).sqrt());
        }
    }
}
