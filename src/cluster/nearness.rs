//! How near rows are to the centres of their clusters.

use super::checks::{check_finite, check_labels};
use super::kmeans::KMeansFit;
use super::tiles::squared_exact;
use crate::error::{ClusterError, ShapeError};
use crate::matrix::Matrix;

/// The Euclidean distance of each row of `points`, shape `[n, d]`, to the centre of its cluster, shape `[n]`.
///
/// # Errors
/// [`ClusterError::LabelCount`], [`ClusterError::UnknownCluster`], [`ClusterError::NotFinite`], and
/// [`ClusterError::Shape`] when centres and points have not the same columns.
pub fn distances(points: &Matrix, fit: &KMeansFit) -> Result<Vec<f32>, ClusterError> {
    Ok(squared(points, fit)?.into_iter().map(|squared| squared.sqrt() as f32).collect())
}

/// The `per_cluster` rows nearest to each centre, shape `[k][up to per_cluster]`: nearest first, ties by row.
///
/// # Errors
/// As [`distances`].
pub fn representatives(points: &Matrix, fit: &KMeansFit, per_cluster: usize) -> Result<Vec<Vec<usize>>, ClusterError> {
    let squared = squared(points, fit)?;
    let mut members = vec![Vec::new(); fit.centres.rows()];
    for (row, &label) in fit.labels.iter().enumerate() {
        members[label as usize].push(row);
    }
    for rows in &mut members {
        // The sort is stable: rows are in order where distances are equal.
        rows.sort_by(|&one, &other| squared[one].total_cmp(&squared[other]));
        rows.truncate(per_cluster);
    }
    Ok(members)
}

fn squared(points: &Matrix, fit: &KMeansFit) -> Result<Vec<f64>, ClusterError> {
    check_labels(&fit.labels, points.rows(), fit.centres.rows())?;
    check_finite(points)?;
    if fit.centres.columns() != points.columns() {
        return Err(ShapeError { values: fit.centres.values().len(), columns: points.columns() }.into());
    }
    let squared = |(row, &label): (usize, &u32)| squared_exact(points.row(row), fit.centres.row(label as usize));
    Ok(fit.labels.iter().enumerate().map(squared).collect())
}
