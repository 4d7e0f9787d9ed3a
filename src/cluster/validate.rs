//! Validation of arguments.

use crate::cluster::ClusterError;
use crate::matrix::Matrix;

/// Checks a requested number of clusters.
///
/// # Errors
/// [`ClusterError::NoRows`] if `n` is 0, [`ClusterError::KOutOfRange`] if `k` is outside 2..=n.
pub fn check_k(k: usize, n: usize) -> Result<(), ClusterError> {
    match (k, n) {
        (_, 0) => Err(ClusterError::NoRows),
        (k, n) if k < 2 || k > n => Err(ClusterError::KOutOfRange { k, rows: n }),
        _ => Ok(()),
    }
}

/// Rejects NaN and infinities.
pub(crate) fn check_finite(points: &Matrix) -> Result<(), ClusterError> {
    let bad = |row: &usize| !points.row(*row).iter().all(|value| value.is_finite());
    match (0..points.rows()).find(bad) {
        Some(row) => Err(ClusterError::NotFinite { row }),
        None => Ok(()),
    }
}

/// Checks that every row has a label, and that every label is below `k` or `None`.
pub(super) fn check_labels<L: Copy + Into<Option<u32>>>(
    labels: &[L],
    rows: usize,
    k: usize,
) -> Result<(), ClusterError> {
    if labels.len() != rows {
        return Err(ClusterError::LabelCount { labels: labels.len(), rows });
    }
    match labels.iter().filter_map(|&label| label.into()).find(|&cluster| cluster as usize >= k) {
        Some(cluster) => Err(ClusterError::UnknownCluster { cluster, k }),
        None => Ok(()),
    }
}
