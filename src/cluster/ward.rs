//! Ward's agglomerative clustering.
//!
//! Ward, "Hierarchical Grouping to Optimize an Objective Function", 1963. Every row starts as a cluster of its own; each step
//! merges the two clusters that increase the sum of squared distances to the cluster means least.

use kodama::{Method, linkage};

use super::kmeans::{KMeansParams, fit_restart};
use super::relabel::{order_by_size, positions};
use super::tiles::{LANES, Packed};
use super::validate::check_finite;
use crate::cluster::ClusterError;
use crate::matrix::Matrix;

/// The maximum number of rows for which all pairwise distances are computed. They take 32 MB.
pub const WARD_ROWS: usize = 4_000;
/// The number of small clusters that represent the rows above that.
const SMALL_CLUSTERS: usize = 500;
/// The minimum number of small clusters for each requested cluster.
const SMALL_CLUSTERS_PER_CLUSTER: usize = 8;
/// The maximum number of iterations that find the small clusters, which need not be optimal.
const SMALL_ITERATIONS: u32 = 10;

/// The cluster of each row of `points`, shape `[n, d]`, below `k`; shape `[n]`. Clusters are numbered by size, the largest
/// first, ties by their first row. None is empty.
///
/// Up to [`WARD_ROWS`] rows this is Ward's method, and `seed` has no effect. Above, KMeans from that seed finds 500 small
/// clusters (or eight for each of the `k` clusters, if that is more, but at most 4,000), and Ward's method merges their centres
/// with equal weights. The sum of squared distances to the means is within 1 % of the result on all rows; with so many small
/// clusters, weighting them by size did not lower it further.
///
/// # Errors
/// [`ClusterError::NoRows`] without rows, [`ClusterError::KOutOfRange`] if `k` is outside 1..=n, [`ClusterError::NotFinite`].
pub fn ward(points: &Matrix, k: usize, seed: u32) -> Result<Vec<u32>, ClusterError> {
    let n = points.rows();
    match n {
        0 => return Err(ClusterError::NoRows),
        _ if k == 0 || k > n => return Err(ClusterError::KOutOfRange { k, rows: n }),
        _ => check_finite(points)?,
    }
    let labels = if n <= WARD_ROWS {
        merge(points, k)
    } else {
        let count = SMALL_CLUSTERS.max(k.saturating_mul(SMALL_CLUSTERS_PER_CLUSTER)).min(WARD_ROWS).max(k);
        let params = KMeansParams::new(count).with_max_iterations(SMALL_ITERATIONS).with_mini_batch_rows(WARD_ROWS);
        let small = fit_restart(points, &params, seed, 0)?;
        let merged = merge(&small.centres, k);
        small.labels.into_iter().map(|label| merged[label as usize]).collect()
    };
    let numbers = positions(&order_by_size(&labels, k));
    Ok(labels.into_iter().map(|label| numbers[label as usize]).collect())
}

/// The cluster of each row after merging until `k` clusters are left.
fn merge(points: &Matrix, k: usize) -> Vec<u32> {
    let n = points.rows();
    if k == n {
        return (0..n as u32).collect();
    }
    let steps = linkage(&mut distances(points), n, Method::Ward);
    // Step `i` creates cluster `n + i`; the first `n` clusters are the rows.
    let merges = n - k;
    let mut labels = vec![None; n + merges];
    let mut next = 0;
    for cluster in (0..n + merges).rev() {
        let label = *labels[cluster].get_or_insert_with(|| {
            next += 1;
            next - 1
        });
        if cluster >= n {
            let step = &steps[cluster - n];
            (labels[step.cluster1], labels[step.cluster2]) = (Some(label), Some(label));
        }
    }
    labels.truncate(n);
    labels.into_iter().flatten().collect()
}

/// The distances of each row to the rows after it, condensed. All are divided by the largest coordinate, so that no square
/// overflows.
fn distances(points: &Matrix) -> Vec<f32> {
    let n = points.rows();
    let mut scaled = points.clone();
    let largest = points.values().iter().fold(0.0_f32, |most, value| most.max(value.abs()));
    if largest > 0.0 {
        scaled.values_mut().iter_mut().for_each(|value| *value /= largest);
    }
    let mut triangle = Vec::with_capacity(n * (n - 1) / 2);
    let packed = Packed::of(&scaled);
    for row in 0..n {
        packed.squared_distances(&scaled, &[row], |_, block, squared| {
            let first_other = (row + 1).saturating_sub(block * LANES).min(LANES);
            let others = LANES.min(n - block * LANES);
            triangle.extend(squared[first_other.min(others)..others].iter().map(|squared| squared.sqrt()));
        });
    }
    triangle
}
