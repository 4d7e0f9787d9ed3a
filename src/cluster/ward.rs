//! Agglomerative clustering: Ward's method.
//!
//! Ward, "Hierarchical Grouping to Optimize an Objective Function", 1963: of all pairs of clusters, beginning with
//! every row for itself, those two are joined that raise the sum of squared distances to the clusters' means least.

use kodama::{Method, linkage};

use super::checks::check_finite;
use super::kmeans::{KMeansParams, fit_restart};
use super::numbering::{order_by_size, places};
use super::tiles::{LANES, Packed};
use crate::cluster::ClusterError;
use crate::matrix::Matrix;

/// The most rows of which every pair is held against every other. Their distances take 32 MB.
pub const WARD_ROWS: usize = 4_000;
/// As many small clusters stand for more rows than those.
const SMALL_CLUSTERS: usize = 500;
/// Or as many for each cluster that is asked for, where that is more.
const SMALL_CLUSTERS_A_CLUSTER: usize = 8;
/// The most iterations in which small clusters are found, which need not be good ones.
const SMALL_ITERATIONS: u32 = 10;

/// Each row's cluster, of `k`, in `points`, shape `[n, d]`; shape `[n]`. Clusters are numbered by size, the largest
/// first, ties by the first row they hold. None is without rows.
///
/// Up to [`WARD_ROWS`] rows this is Ward's method, and `seed` does nothing. Above, KMeans from that seed makes 500
/// small clusters, or eight for each of `k` where that is more, but 4,000 at most, and Ward's method joins these, whose
/// centres count alike whatever their sizes: the sum of squared distances to the means comes within 1 % of what all
/// rows give. With so many small clusters weights did not lower it further.
///
/// # Errors
/// [`ClusterError::NoPictures`] without rows, [`ClusterError::KOutOfRange`] when `k` is outside 1..=n,
/// [`ClusterError::NotFinite`].
pub fn ward(points: &Matrix, k: usize, seed: u32) -> Result<Vec<u32>, ClusterError> {
    let n = points.rows();
    match n {
        0 => return Err(ClusterError::NoPictures),
        _ if k == 0 || k > n => return Err(ClusterError::KOutOfRange { k, pictures: n }),
        _ => check_finite(points)?,
    }
    let labels = if n <= WARD_ROWS {
        join(points, k)
    } else {
        let count = SMALL_CLUSTERS.max(k.saturating_mul(SMALL_CLUSTERS_A_CLUSTER)).min(WARD_ROWS).max(k);
        let params = KMeansParams::new(count).with_max_iterations(SMALL_ITERATIONS).with_mini_batch_rows(WARD_ROWS);
        let small = fit_restart(points, &params, seed, 0)?;
        let joined = join(&small.centres, k);
        small.labels.into_iter().map(|label| joined[label as usize]).collect()
    };
    let numbers = places(&order_by_size(&labels, k));
    Ok(labels.into_iter().map(|label| numbers[label as usize]).collect())
}

/// Each row's cluster when rows have been joined until `k` clusters are left.
fn join(points: &Matrix, k: usize) -> Vec<u32> {
    let n = points.rows();
    if k == n {
        return (0..n as u32).collect();
    }
    let steps = linkage(&mut distances(points), n, Method::Ward);
    // Step `i` makes cluster `n + i`; the first `n` clusters are the rows.
    let joined = n - k;
    let mut labels = vec![None; n + joined];
    let mut next = 0;
    for cluster in (0..n + joined).rev() {
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

/// The distances between rows, of each row to those after it. All are divided by the largest coordinate, so that no
/// square overflows.
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
