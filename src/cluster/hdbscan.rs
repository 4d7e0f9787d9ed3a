//! HDBSCAN: clusters as crowded places, however many there are, and outliers that belong to none.
//!
//! Campello, Moulavi and Sander, "Density-Based Clustering Based on Hierarchical Density Estimates", 2013. How crowded a place
//! is, is told by the distance to as many rows as make the least cluster, the row itself among them, as in scikit-learn.

use ::hdbscan::{Hdbscan, HdbscanHyperParams, NnAlgorithm};

use super::checks::check_finite;
use super::numbering::{order_by_size, places};
use crate::error::ClusterError;
use crate::matrix::Matrix;

/// The least size of a cluster where nobody says another, also scikit-learn's.
const LEAST_CLUSTER_SIZE: usize = 5;
/// Equal rows are moved apart by this share of the largest coordinate: far less than single precision tells apart.
const PARTING: f64 = 1.0 / (1_u64 << 40) as f64;

/// The least size of a cluster that suits `n` rows: half the square root of `n`, and 5 at least. 5 up to 143 rows, 15 for 1,000,
/// 50 for 10,000.
pub fn default_min_cluster_size(n: usize) -> usize {
    (n.isqrt() / 2).max(LEAST_CLUSTER_SIZE)
}

/// Each row's cluster in `points`, shape `[n, d]`, or `None` for an outlier, shape `[n]`. Clusters have `min_cluster_size` rows
/// at least, and are numbered by size, the largest first, ties by the first row they hold.
///
/// Everything is never one cluster: where nothing parts the rows, as when all are equal, all are outliers. Time is quadratic in
/// `n`, memory linear.
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
    let rows = parted(points);
    let params =
        HdbscanHyperParams::builder().min_cluster_size(min_cluster_size).nn_algorithm(NnAlgorithm::KdTree).build();
    let found = Hdbscan::new(&rows, params).cluster().expect("finite rows of one length are accepted");
    let labels: Vec<Option<u32>> = found.into_iter().map(|label| u32::try_from(label).ok()).collect();
    let clusters = labels.iter().flatten().max().map_or(0, |&label| label as usize + 1);
    let numbers = places(&order_by_size(&labels, clusters));
    Ok(labels.into_iter().map(|label| label.map(|label| numbers[label as usize])).collect())
}

/// The rows in double precision, which their squared distances cannot overflow, and with a further coordinate, by which those
/// that are equal lie in a row of tiny steps.
///
/// Densities are inverses of distances. At distance 0 they would be infinite, and their differences, by which clusters are
/// chosen, no numbers: where a picture is there many times over, nothing around it could be told.
fn parted(points: &Matrix) -> Vec<Vec<f64>> {
    let largest = points.values().iter().fold(0.0_f64, |most, &value| most.max(f64::from(value).abs()));
    let step = if largest > 0.0 { largest * PARTING } else { 1.0 };
    // Adding zero makes one of the two zeros.
    let coordinates = |row: usize| points.row(row).iter().map(|&value| (value + 0.0).to_bits());
    let mut order: Vec<usize> = (0..points.rows()).collect();
    order.sort_by(|&one, &other| coordinates(one).cmp(coordinates(other)).then(one.cmp(&other)));
    let mut steps = vec![0_usize; points.rows()];
    for pair in order.windows(2) {
        if coordinates(pair[0]).eq(coordinates(pair[1])) {
            steps[pair[1]] = steps[pair[0]] + 1;
        }
    }
    let wide = |(row, &steps): (usize, &usize)| {
        points.row(row).iter().map(|&value| f64::from(value)).chain([steps as f64 * step]).collect()
    };
    steps.iter().enumerate().map(wide).collect()
}
