//! Evaluation of a clustering: centres, distances, representatives and scores. Rows in no cluster are left out.

use super::distances::{nearest_rows, squared_distances};
use super::means::means;
use super::metrics::{calinski_harabasz, davies_bouldin};
use super::validate::{check_finite, check_labels};
use crate::cluster::ClusterError;
use crate::matrix::Matrix;

/// The number of representatives of a cluster in a result.
pub const REPRESENTATIVES: usize = 12;

/// The evaluation of a clustering of `n` rows in `k` clusters, some of which may be empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// The means of the clusters' rows, shape `[k, d]`; zeros for an empty cluster.
    pub centres: Matrix,
    /// The sum of the rows' squared distances to the centres of their clusters.
    pub inertia: f64,
    /// Each row's Euclidean distance to the centre of its cluster, shape `[n]`; NaN for a row in none.
    pub distances: Vec<f32>,
    /// The rows nearest to each centre, shape `[k][up to representatives]`: nearest first, ties by row.
    pub representatives: Vec<Vec<usize>>,
    /// Davies and Bouldin's index, from 0, lower is better; `None` if [undefined](davies_bouldin).
    pub davies_bouldin: Option<f64>,
    /// Calinski and Harabasz's index, from 0, higher is better; `None` if [undefined](calinski_harabasz).
    pub calinski_harabasz: Option<f64>,
}

/// Evaluates the clusters `labels`, shape `[n]` and below `k`, of `points`, shape `[n, d]`, and picks up to
/// `representatives` rows of each cluster. Rows whose label is `None` are left out of everything; all rows may be.
///
/// # Errors
/// [`ClusterError::LabelCount`], [`ClusterError::UnknownCluster`], [`ClusterError::NotFinite`].
pub fn evaluate(
    points: &Matrix,
    labels: &[Option<u32>],
    k: usize,
    representatives: usize,
) -> Result<Evaluation, ClusterError> {
    check_labels(labels, points.rows(), k)?;
    check_finite(points)?;
    let (centres, _) = means(points, labels, k);
    let squared = squared_distances(points, labels, &centres);
    Ok(Evaluation {
        inertia: squared.iter().flatten().sum(),
        distances: squared.iter().map(|squared| squared.map_or(f32::NAN, |squared| squared.sqrt() as f32)).collect(),
        representatives: nearest_rows(&squared, labels, k, representatives),
        davies_bouldin: davies_bouldin(points, labels, k)?,
        calinski_harabasz: calinski_harabasz(points, labels, k)?,
        centres,
    })
}
