//! Ward's agglomerative clustering.
//!
//! Ward, "Hierarchical Grouping to Optimize an Objective Function", 1963. Every row starts as a cluster of its own; each step
//! merges the two clusters that increase the sum of squared distances to the cluster means least.

use kodama::{Method, Step, linkage};

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
    Ok(ward_for_counts(points, &[k], seed)?.swap_remove(0))
}

/// What [`ward`] returns for each number of clusters in `counts`. Rows are merged once for all of them, unless one needs more
/// small clusters than the one before.
///
/// # Errors
/// As [`ward`].
pub fn ward_for_counts(points: &Matrix, counts: &[usize], seed: u32) -> Result<Vec<Vec<u32>>, ClusterError> {
    let n = points.rows();
    if n == 0 {
        return Err(ClusterError::NoRows);
    }
    if let Some(&k) = counts.iter().find(|&&k| k == 0 || k > n) {
        return Err(ClusterError::KOutOfRange { k, rows: n });
    }
    check_finite(points)?;
    let mut tree: Option<Tree> = None;
    let mut all_labels = Vec::with_capacity(counts.len());
    for &k in counts {
        let leaves = leaves(n, k);
        let known = tree.take().filter(|tree| tree.leaves == leaves);
        let tree = tree.insert(if let Some(known) = known { known } else { Tree::grow(points, leaves, seed)? });
        let labels = tree.cut(k);
        let numbers = positions(&order_by_size(&labels, k));
        all_labels.push(labels.into_iter().map(|label| numbers[label as usize]).collect());
    }
    Ok(all_labels)
}

/// How many clusters merging starts from, for `n` rows and `k` clusters at the end.
fn leaves(n: usize, k: usize) -> usize {
    let small = SMALL_CLUSTERS.max(k.saturating_mul(SMALL_CLUSTERS_PER_CLUSTER)).min(WARD_ROWS).max(k);
    if n <= WARD_ROWS { n } else { small }
}

/// All merges, from the leaves, which are rows or small clusters, to one cluster.
struct Tree {
    leaves: usize,
    /// Step `i` creates cluster `leaves + i`; the first clusters are the leaves.
    steps: Vec<Step<f32>>,
    /// The leaf of each row, shape `[n]`.
    leaf_of: Vec<u32>,
}

impl Tree {
    fn grow(points: &Matrix, leaves: usize, seed: u32) -> Result<Self, ClusterError> {
        let merge = |points: &Matrix| linkage(&mut distances(points), leaves, Method::Ward).steps().to_vec();
        if leaves == points.rows() {
            return Ok(Self { leaves, steps: merge(points), leaf_of: (0..leaves as u32).collect() });
        }
        let params = KMeansParams::new(leaves).with_max_iterations(SMALL_ITERATIONS).with_mini_batch_rows(WARD_ROWS);
        let small = fit_restart(points, &params, seed, 0)?;
        Ok(Self { leaves, steps: merge(&small.centres), leaf_of: small.labels })
    }

    /// The cluster of each row after merging until `k` clusters are left.
    fn cut(&self, k: usize) -> Vec<u32> {
        let merges = self.leaves - k;
        let mut labels = vec![None; self.leaves + merges];
        let mut next = 0;
        for cluster in (0..self.leaves + merges).rev() {
            let label = *labels[cluster].get_or_insert_with(|| {
                next += 1;
                next - 1
            });
            if cluster >= self.leaves {
                let step = &self.steps[cluster - self.leaves];
                (labels[step.cluster1], labels[step.cluster2]) = (Some(label), Some(label));
            }
        }
        let labels: Vec<u32> = labels.into_iter().take(self.leaves).flatten().collect();
        self.leaf_of.iter().map(|&leaf| labels[leaf as usize]).collect()
    }
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
