//! HDBSCAN: density-based clusters, as many as there are, and outliers that belong to none.
//!
//! Campello, Moulavi and Sander, "Density-Based Clustering Based on Hierarchical Density Estimates", 2013. A row's core
//! distance is the distance to its `min_cluster_size`-th nearest row, itself included, as in scikit-learn.

use ::hdbscan::{Hdbscan, HdbscanHyperParams, NnAlgorithm};

use super::relabel::{order_by_size, positions};
use super::validate::check_finite;
use crate::cluster::ClusterError;
use crate::matrix::Matrix;

/// The default minimum size of a cluster for few rows, also scikit-learn's default.
const SMALLEST_DEFAULT: usize = 5;

/// The default minimum size of a cluster for `n` rows: half the square root of `n`, at least 5. That is 5 up to 143 rows, 15
/// for 1,000, 50 for 10,000.
pub fn default_min_cluster_size(n: usize) -> usize {
    (n.isqrt() / 2).max(SMALLEST_DEFAULT)
}

/// The cluster of each row of `points`, shape `[n, d]`, or `None` for an outlier; shape `[n]`. Clusters have at least
/// `min_cluster_size` rows and are numbered by size, the largest first, ties by their first row.
///
/// Equal rows have the highest density: `min_cluster_size` of them form a cluster wherever they lie. All rows together never
/// form one cluster: if nothing separates the rows, as when all are equal, all are outliers. Time is quadratic in `n`,
/// memory linear.
///
/// # Errors
/// [`ClusterError::NoRows`] without rows, [`ClusterError::TooFewRows`] with one row,
/// [`ClusterError::MinClusterSizeOutOfRange`] if `min_cluster_size` is outside 2..=n, [`ClusterError::NotFinite`].
pub fn hdbscan(points: &Matrix, min_cluster_size: usize) -> Result<Vec<Option<u32>>, ClusterError> {
    match points.rows() {
        0 => return Err(ClusterError::NoRows),
        1 => return Err(ClusterError::TooFewRows { found: 1, needed: 2 }),
        n if min_cluster_size < 2 || min_cluster_size > n => {
            return Err(ClusterError::MinClusterSizeOutOfRange { size: min_cluster_size, rows: n });
        }
        _ => check_finite(points)?,
    }
    // The square of an `f32` may overflow an `f32`, but never an `f64`.
    let wide = |row: usize| points.row(row).iter().map(|&value| f64::from(value)).collect();
    let rows: Vec<Vec<f64>> = (0..points.rows()).map(wide).collect();
    let params =
        HdbscanHyperParams::builder().min_cluster_size(min_cluster_size).nn_algorithm(NnAlgorithm::KdTree).build();
    let found = Hdbscan::new(&rows, params).cluster().expect("hdbscan accepts finite rows of equal length");
    let labels: Vec<Option<u32>> = found.into_iter().map(|label| u32::try_from(label).ok()).collect();
    let clusters = labels.iter().flatten().max().map_or(0, |&label| label as usize + 1);
    let numbers = positions(&order_by_size(&labels, clusters));
    Ok(labels.into_iter().map(|label| label.map(|label| numbers[label as usize])).collect())
}
