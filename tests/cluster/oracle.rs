//! Cases that scikit-learn computed and several tests read.

use serde::Deserialize;
use shoal::matrix::Matrix;

/// Points with KMeans from given starts, `clusterings.json`.
#[derive(Deserialize)]
pub struct Clustering {
    pub columns: usize,
    pub points: Vec<f32>,
    pub truth: Vec<u32>,
    pub starts: Vec<usize>,
    pub labels: Vec<u32>,
    pub silhouettes: Vec<f64>,
    pub silhouette: f64,
    pub davies_bouldin: f64,
    pub calinski_harabasz: f64,
}

/// Two labellings, `agreements.json`.
#[derive(Deserialize)]
pub struct Agreement {
    pub classes: Vec<u32>,
    pub clusters: Vec<u32>,
    pub nmi: f64,
    pub ari: f64,
}

/// Points with HDBSCAN's and Ward's labels, `methods.json`.
#[derive(Deserialize)]
pub struct MethodCase {
    pub columns: usize,
    pub points: Vec<f32>,
    pub min_cluster_size: usize,
    pub density_labels: Vec<Option<u32>>,
    pub k: usize,
    pub ward_labels: Vec<u32>,
    pub evaluated: Evaluated,
}

/// The evaluation of the rows that are not outliers, in their order.
#[derive(Deserialize)]
pub struct Evaluated {
    pub centres: Vec<f64>,
    pub inertia: f64,
    pub distances: Vec<f64>,
    pub davies_bouldin: f64,
    pub calinski_harabasz: f64,
    pub silhouettes: Vec<f64>,
    pub nearest_others: Vec<u32>,
}

impl MethodCase {
    pub fn points(&self) -> Matrix {
        Matrix::from_rows(self.points.clone(), self.columns).unwrap()
    }

    pub fn density_clusters(&self) -> usize {
        self.evaluated.centres.len() / self.columns
    }

    /// The values of rows that are not outliers; those of outliers must be NaN.
    pub fn of_members(&self, values: &[f32]) -> Vec<f32> {
        assert_eq!(values.len(), self.density_labels.len());
        for (value, label) in values.iter().zip(&self.density_labels) {
            assert_eq!(value.is_nan(), label.is_none());
        }
        values.iter().copied().filter(|value| !value.is_nan()).collect()
    }
}

/// Asserts that clusters are numbered by size and not empty.
pub fn assert_by_size(labels: impl Iterator<Item = u32> + Clone) {
    let size = |cluster: u32| labels.clone().filter(|&label| label == cluster).count();
    let sizes: Vec<usize> = (0..=labels.clone().max().unwrap()).map(size).collect();
    assert!(sizes.is_sorted_by(|one, next| one >= next) && sizes.iter().all(|&size| size > 0), "{sizes:?}");
}
