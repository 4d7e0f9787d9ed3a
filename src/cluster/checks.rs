//! What must hold before anything is computed.

use crate::cluster::ClusterError;
use crate::matrix::Matrix;

/// Checks a number of groups that a caller asked for.
///
/// # Errors
/// [`ClusterError::NoPictures`] when `n` is 0, [`ClusterError::KOutOfRange`] when `k` is outside 2..=n.
pub fn check_k(k: usize, n: usize) -> Result<(), ClusterError> {
    match (k, n) {
        (_, 0) => Err(ClusterError::NoPictures),
        (k, n) if k < 2 || k > n => Err(ClusterError::KOutOfRange { k, pictures: n }),
        _ => Ok(()),
    }
}

/// Refuses NaN and infinities.
pub(crate) fn check_finite(points: &Matrix) -> Result<(), ClusterError> {
    let bad = |row: &usize| !points.row(*row).iter().all(|value| value.is_finite());
    match (0..points.rows()).find(bad) {
        Some(row) => Err(ClusterError::NotFinite { row }),
        None => Ok(()),
    }
}

/// Checks that there is a label for every row, and every label one of `k` clusters or none.
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

/// Labels renumbered without gaps, in the order of their values, and the value that each number stands for.
///
/// Ids of edited clusters may be far apart; tables by id would be as long as the largest.
pub(super) fn dense(labels: &[u32]) -> (Vec<usize>, Vec<u32>) {
    let mut distinct = labels.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let renumbered = labels.iter().map(|label| distinct.partition_point(|known| known < label)).collect();
    (renumbered, distinct)
}
