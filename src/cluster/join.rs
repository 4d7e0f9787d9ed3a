//! The nearest cluster of a row, by its distance to the centres.

use super::means::means;
use super::tiles::squared_exact;
use super::validate::{check_finite, check_labels};
use crate::cluster::ClusterError;
use crate::matrix::Matrix;

/// For each of `rows`, the cluster whose centre is nearest, ties to the lowest, and the cosine similarity with that
/// centre, -1 to 1, or 0 if the row or the centre has length 0. `None` for every row if all clusters are empty.
///
/// `points` has shape `[n, d]`, `labels` shape `[n]`, `None` for rows in no cluster. A centre is the mean of its cluster's
/// rows, which may include the queried row.
///
/// # Errors
/// [`ClusterError::LabelCount`], [`ClusterError::UnknownCluster`] for a label that is not below `k`,
/// [`ClusterError::RowsOutOfRange`], [`ClusterError::NotFinite`].
pub fn nearest_clusters(
    points: &Matrix,
    labels: &[Option<u32>],
    k: usize,
    rows: &[usize],
) -> Result<Vec<Option<(u32, f32)>>, ClusterError> {
    check_labels(labels, points.rows(), k)?;
    if let Some(&row) = rows.iter().find(|&&row| row >= points.rows()) {
        return Err(ClusterError::RowsOutOfRange { start: row, end: row.saturating_add(1), rows: points.rows() });
    }
    check_finite(points)?;
    let (centres, counts) = means(points, labels, k);
    let nearest = |&row: &usize| {
        let squared = |cluster: usize| squared_exact(points.row(row), centres.row(cluster));
        let not_empty = (0..k).filter(|&cluster| counts[cluster] > 0);
        let (cluster, _) = not_empty.map(|cluster| (cluster, squared(cluster))).min_by(|a, b| a.1.total_cmp(&b.1))?;
        Some((cluster as u32, cosine(points.row(row), centres.row(cluster)) as f32))
    };
    Ok(rows.iter().map(nearest).collect())
}

/// The cosine similarity of two rows, -1 to 1; 0 if one of them has length 0.
pub(super) fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum::<f64>();
    let lengths = dot(a, a).sqrt() * dot(b, b).sqrt();
    // Rounding may exceed the limits.
    if lengths > 0.0 { (dot(a, b) / lengths).clamp(-1.0, 1.0) } else { 0.0 }
}
