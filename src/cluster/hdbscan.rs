//! HDBSCAN: clusters as crowded places, however many there are, and outliers that belong to none.
//!
//! Campello, Moulavi and Sander, "Density-Based Clustering Based on Hierarchical Density Estimates", 2013. How crowded
//! a place is, is told by the distance to as many rows as make the least cluster, the row itself among them; so does
//! scikit-learn.

use ::hdbscan::{Hdbscan, HdbscanHyperParams, NnAlgorithm};

use super::checks::check_finite;
use super::numbering::{order_by_size, places};
use crate::cluster::ClusterError;
use crate::matrix::Matrix;

/// The least size of a cluster where nobody says another, also scikit-learn's.
const LEAST_CLUSTER_SIZE: usize = 5;

/// The least size of a cluster that suits `n` rows: half the square root of `n`, and 5 at least. 5 up to 143 rows, 15
/// for 1,000, 50 for 10,000.
pub fn default_min_cluster_size(n: usize) -> usize {
    (n.isqrt() / 2).max(LEAST_CLUSTER_SIZE)
}

/// Each row's cluster in `points`, shape `[n, d]`, or `None` for an outlier, shape `[n]`. Clusters have
/// `min_cluster_size` rows at least, and are numbered by size, the largest first, ties by the first row they hold.
///
/// Equal rows are as crowded as can be: `min_cluster_size` of them make a cluster wherever they lie. Everything is never
/// one cluster: where nothing parts the rows, as when all are equal, all are outliers. Time is quadratic in `n`, memory
/// linear.
///
/// # Errors
/// [`ClusterError::NoPictures`] without rows, [`ClusterError::TooFewPictures`] with one,
/// [`ClusterError::MinClusterSizeOutOfRange`] when `min_cluster_size` is outside 2..=n, [`ClusterError::NotFinite`].
pub fn hdbscan(points: &Matrix, min_cluster_size: usize) -> Result<Vec<Option<u32>>, ClusterError> {
    match points.rows() {
        0 => return Err(ClusterError::NoPictures),
        1 => return Err(ClusterError::TooFewPictures { found: 1, needed: 2 }),
        n if min_cluster_size < 2 || min_cluster_size > n => {
            return Err(ClusterError::MinClusterSizeOutOfRange { size: min_cluster_size, pictures: n });
        }
        _ => check_finite(points)?,
    }
    // Squares of single-precision numbers may overflow that, but not double precision.
    let wide = |row: usize| points.row(row).iter().map(|&value| f64::from(value)).collect();
    let rows: Vec<Vec<f64>> = (0..points.rows()).map(wide).collect();
    let params =
        HdbscanHyperParams::builder().min_cluster_size(min_cluster_size).nn_algorithm(NnAlgorithm::KdTree).build();
    let found = Hdbscan::new(&rows, params).cluster().expect("finite rows of one length are accepted");
    let labels: Vec<Option<u32>> = found.into_iter().map(|label| u32::try_from(label).ok()).collect();
    let clusters = labels.iter().flatten().max().map_or(0, |&label| label as usize + 1);
    let numbers = places(&order_by_size(&labels, clusters));
    Ok(labels.into_iter().map(|label| label.map(|label| numbers[label as usize])).collect())
}
