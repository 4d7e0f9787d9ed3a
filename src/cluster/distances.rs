//! Distances of rows to the centres of their clusters.

use super::tiles::squared_exact;
use crate::matrix::Matrix;

/// The squared distance of each row of `points` to the centre of its cluster; `None` for a row in no cluster.
pub fn squared_distances(points: &Matrix, labels: &[Option<u32>], centres: &Matrix) -> Vec<Option<f64>> {
    let squared = |(row, label): (usize, &Option<u32>)| {
        label.map(|cluster| squared_exact(points.row(row), centres.row(cluster as usize)))
    };
    labels.iter().enumerate().map(squared).collect()
}

/// The `per_cluster` rows of each of `k` clusters nearest to its centre, shape `[k][up to per_cluster]`:
/// nearest first, ties by row.
pub fn nearest_rows(squared: &[Option<f64>], labels: &[Option<u32>], k: usize, per_cluster: usize) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); k];
    for (row, (label, squared)) in labels.iter().zip(squared).enumerate() {
        if let (Some(cluster), Some(squared)) = (label, squared) {
            members[*cluster as usize].push((*squared, row));
        }
    }
    let nearest = |mut rows: Vec<(f64, usize)>| {
        rows.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        rows.into_iter().take(per_cluster).map(|(_, row)| row).collect()
    };
    members.into_iter().map(nearest).collect()
}
