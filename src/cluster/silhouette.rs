//! Silhouettes: how much nearer a row is to its own cluster than to the next, from -1 to 1.
//!
//! Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis", 1987; exact and
//! Euclidean. Distances are computed a tile at a time and only their sums are kept: memory is that of the points.

use std::ops::Range;

use super::checks::{check_finite, check_labels, dense};
use super::tiles::{LANES, Packed};
use crate::error::ClusterError;
use crate::matrix::Matrix;

/// The silhouettes of `rows` among all of `points`, shape `[n, d]`, in the clusters `labels`, shape `[n]`.
///
/// However rows are divided among calls, each gets the same bits. A row alone in its cluster has 0; where there is one
/// cluster only, nothing is defined and every row has NaN.
///
/// # Errors
/// [`ClusterError::LabelCount`], [`ClusterError::NotFinite`], and [`ClusterError::RowsOutOfRange`] when `rows` are not all
/// among the points.
pub fn silhouette_rows(points: &Matrix, labels: &[u32], rows: Range<usize>) -> Result<Vec<f32>, ClusterError> {
    if labels.len() != points.rows() {
        return Err(ClusterError::LabelCount { labels: labels.len(), rows: points.rows() });
    }
    if rows.start > rows.end || rows.end > points.rows() {
        return Err(ClusterError::RowsOutOfRange { start: rows.start, end: rows.end, rows: points.rows() });
    }
    check_finite(points)?;
    let (labels, k) = dense(labels);
    if k < 2 {
        return Ok(vec![f32::NAN; rows.len()]);
    }
    let wanted: Vec<usize> = rows.collect();
    let mut members = vec![Vec::new(); k];
    for (row, &label) in labels.iter().enumerate() {
        members[label].push(row);
    }
    let mut standings = vec![Standing { own: 0.0, nearest: f64::INFINITY }; wanted.len()];
    for (cluster, members) in members.iter().enumerate() {
        for (place, total) in total_distances(points, &wanted, members).into_iter().enumerate() {
            let standing = &mut standings[place];
            if labels[wanted[place]] == cluster {
                // A row is at distance 0 from itself: only the count has to leave it out.
                standing.own = total / (members.len() as f64 - 1.0);
            } else {
                standing.nearest = standing.nearest.min(total / members.len() as f64);
            }
        }
    }
    let alone = |row: usize| members[labels[row]].len() == 1;
    Ok(wanted.iter().zip(standings).map(|(&row, standing)| if alone(row) { 0.0 } else { standing.score() }).collect())
}

/// A row's mean distance to its own cluster and to the nearest other.
#[derive(Clone, Copy)]
struct Standing {
    own: f64,
    nearest: f64,
}

impl Standing {
    fn score(self) -> f32 {
        let larger = self.own.max(self.nearest);
        // Rows at one place are as near to their own cluster as to the next.
        if larger > 0.0 { ((self.nearest - self.own) / larger) as f32 } else { 0.0 }
    }
}

/// Each wanted row's distances to all of `members`, added up.
fn total_distances(points: &Matrix, wanted: &[usize], members: &[usize]) -> Vec<f64> {
    let packed = Packed::new(members.iter().map(|&row| points.row(row)), points.columns());
    let mut sums = vec![[0.0_f64; LANES]; wanted.len()];
    packed.squared_distances(points, wanted, |place, block, squared| {
        let filled = (members.len() - block * LANES).min(LANES);
        // The whole block has a length known in advance, which vectorises.
        if filled == LANES {
            for (sum, squared) in sums[place].iter_mut().zip(squared) {
                *sum += f64::from(squared.sqrt());
            }
        } else {
            for (sum, squared) in sums[place].iter_mut().zip(&squared[..filled]) {
                *sum += f64::from(squared.sqrt());
            }
        }
    });
    sums.iter().map(|lanes| lanes.iter().sum()).collect()
}

/// The mean of all rows' silhouettes; `None` where it is undefined: for `k` below 2 or not below `n`.
pub fn mean(values: &[f32], k: usize, n: usize) -> Option<f32> {
    (k >= 2 && k < n).then(|| mean_of(values.iter().copied())).flatten()
}

/// The mean silhouette of each of `k` clusters, shape `[k]`; `None` for one in which no row has a silhouette.
///
/// # Errors
/// [`ClusterError::LabelCount`] and [`ClusterError::UnknownCluster`].
pub fn cluster_means(values: &[f32], labels: &[u32], k: usize) -> Result<Vec<Option<f32>>, ClusterError> {
    check_labels(labels, values.len(), k)?;
    let mut members = vec![Vec::new(); k];
    for (&value, &label) in values.iter().zip(labels) {
        members[label as usize].push(value);
    }
    Ok(members.into_iter().map(|values| mean_of(values.into_iter())).collect())
}

fn mean_of(values: impl Iterator<Item = f32>) -> Option<f32> {
    let (sum, count) = values
        .filter(|value| !value.is_nan())
        .fold((0.0_f64, 0_usize), |(sum, count), value| (sum + f64::from(value), count + 1));
    (count > 0).then(|| (sum / count as f64) as f32)
}
