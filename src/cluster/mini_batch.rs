//! Mini-batch KMeans: centres that are learnt from small random batches, for more rows than every pass can look at.
//!
//! Sculley, "Web-scale k-means clustering", 2010. A centre is the mean of all rows that batches have given it so far,
//! so that it moves less the more it has seen; a batch is assigned as a whole before any centre moves.

use rand_chacha::ChaCha8Rng;

use super::draw::{below, sample};
use super::held::Held;
use super::init;
use super::tiles::{LANES, Packed};
use crate::matrix::Matrix;

/// How many batches centres are learnt from.
pub const BATCHES: u32 = 100;
/// The most passes over all rows that follow, which bring the centres from near their places to them.
pub const FULL_ITERATIONS: u32 = 10;
/// Rows in a batch, where there are not so many clusters that these need [`ROWS_A_CLUSTER`] each.
const BATCH_ROWS: usize = 1024;
/// The least rows in a batch, and in the sample to start from, for each cluster.
const ROWS_A_CLUSTER: usize = 4;
/// Rows from which the start is drawn.
const START_ROWS: usize = 8192;

/// `k` centres learnt from `points`, shape `[k, columns]`; those of clusters that hold rows start at their means.
pub fn learn(points: &Matrix, k: usize, held: Held<'_>, rng: &mut ChaCha8Rng) -> Matrix {
    let start_rows = sample(&held.free_rows(points.rows()), START_ROWS.max(ROWS_A_CLUSTER * k), rng);
    let mut centres = init::plus_plus(points, &start_rows, k, held, rng);
    let mut seen = vec![0_u64; k];
    for _ in 0..BATCHES {
        let batch: Vec<usize> = (0..BATCH_ROWS.max(ROWS_A_CLUSTER * k)).map(|_| below(points.rows(), rng)).collect();
        let labels = assign(points, &batch, &centres, held);
        move_centres(points, &batch, &labels, &mut centres, &mut seen);
    }
    centres
}

/// The cluster of each row of a batch: that in which it is held, or that of the nearest centre, ties to the lowest.
fn assign(points: &Matrix, batch: &[usize], centres: &Matrix, held: Held<'_>) -> Vec<usize> {
    let mut nearest = vec![(0_usize, f32::INFINITY); batch.len()];
    Packed::of(centres).squared_distances(points, batch, |place, block, distances| {
        for (lane, &distance) in distances.iter().enumerate() {
            if distance < nearest[place].1 {
                nearest[place] = (block * LANES + lane, distance);
            }
        }
    });
    let label = |(&row, (label, _)): (&usize, (usize, f32))| held.cluster(row).map_or(label, |held| held as usize);
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
