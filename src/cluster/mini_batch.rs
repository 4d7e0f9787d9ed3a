//! Mini-batch KMeans: centres learnt from small random batches, for data sets on which passes over all rows take too long.
//!
//! Sculley, "Web-scale k-means clustering", 2010. A centre is the mean of all batch rows assigned to it so far, so
//! that it moves less and less; a batch is assigned as a whole before any centre moves.

use rand_chacha::ChaCha8Rng;

use super::init;
use super::pinned::Pinned;
use super::sampling::{below, sample};
use super::tiles::{LANES, Packed};
use crate::matrix::Matrix;

/// The number of batches.
pub const BATCHES: u32 = 100;
/// The maximum number of passes over all rows that follow the batches and refine the centres.
pub const FULL_ITERATIONS: u32 = 10;
/// Rows in a batch, unless [`ROWS_PER_CLUSTER`] for each cluster are more.
const BATCH_ROWS: usize = 1024;
/// The minimum number of rows for each cluster, in a batch and in the sample for the initial centres.
const ROWS_PER_CLUSTER: usize = 4;
/// Rows in the sample for the initial centres.
const START_ROWS: usize = 8192;

/// `k` centres learnt from `points`, shape `[k, columns]`. Clusters with pinned rows start at the mean of those.
pub fn learn(points: &Matrix, k: usize, pinned: Pinned<'_>, rng: &mut ChaCha8Rng) -> Matrix {
    let start_rows = sample(&pinned.free_rows(points.rows()), START_ROWS.max(ROWS_PER_CLUSTER * k), rng);
    let mut centres = init::plus_plus(points, &start_rows, k, pinned, rng);
    let mut seen = vec![0_u64; k];
    for _ in 0..BATCHES {
        let batch: Vec<usize> = (0..BATCH_ROWS.max(ROWS_PER_CLUSTER * k)).map(|_| below(points.rows(), rng)).collect();
        let labels = assign(points, &batch, &centres, pinned);
        move_centres(points, &batch, &labels, &mut centres, &mut seen);
    }
    centres
}

/// The cluster of each row of a batch: the one it is pinned to, or that of the nearest centre, ties to the lowest.
fn assign(points: &Matrix, batch: &[usize], centres: &Matrix, pinned: Pinned<'_>) -> Vec<usize> {
    let mut nearest = vec![(0_usize, f32::INFINITY); batch.len()];
    Packed::of(centres).squared_distances(points, batch, |index, block, distances| {
        for (lane, &distance) in distances.iter().enumerate() {
            if distance < nearest[index].1 {
                nearest[index] = (block * LANES + lane, distance);
            }
        }
    });
    let label =
        |(&row, (label, _)): (&usize, (usize, f32))| pinned.cluster(row).map_or(label, |cluster| cluster as usize);
    batch.iter().zip(nearest).map(label).collect()
}

fn move_centres(points: &Matrix, batch: &[usize], labels: &[usize], centres: &mut Matrix, seen: &mut [u64]) {
    let columns = points.columns();
    let mut sums = vec![0.0_f64; centres.rows() * columns];
    let mut counts = vec![0_u64; centres.rows()];
    for (&row, &label) in batch.iter().zip(labels) {
        counts[label] += 1;
        for (sum, &value) in sums[label * columns..][..columns].iter_mut().zip(points.row(row)) {
            *sum += f64::from(value);
        }
    }
    for (cluster, &count) in counts.iter().enumerate().filter(|&(_, &count)| count > 0) {
        let before = seen[cluster] as f64;
        seen[cluster] += count;
        for (centre, sum) in centres.row_mut(cluster).iter_mut().zip(&sums[cluster * columns..]) {
            *centre = ((f64::from(*centre) * before + sum) / seen[cluster] as f64) as f32;
        }
    }
}
