//! Initial centres of KMeans: greedy k-means++.
//!
//! Arthur and Vassilvitskii, "k-means++: The Advantages of Careful Seeding", 2007, in the greedy form that
//! its section on further work proposes and scikit-learn uses: of `2 + ln k` sampled rows, the one that lowers the total most.

use rand_chacha::ChaCha8Rng;

use super::means::means;
use super::pinned::Pinned;
use super::sampling::{below, uniform};
use super::tiles::{LANES, Packed};
use crate::matrix::Matrix;

/// The generator of one restart. It depends on these arguments alone, so that restarts may run on any worker in any order.
pub fn generator(seed: u32, k: usize, restart: u32) -> ChaCha8Rng {
    super::sampling::generator(b"k-means\0", seed, k as u64, restart)
}

/// Initial centres, shape `[k, columns]`: the mean of its pinned rows for a cluster that has some, and a row sampled from
/// `rows`, far from all centres before it, for each of the others. `rows` has at least one row for each of the others.
pub fn plus_plus(points: &Matrix, rows: &[usize], k: usize, pinned: Pinned<'_>, rng: &mut ChaCha8Rng) -> Matrix {
    let trials = 2 + (k as f64).ln() as usize;
    let (mut centres, counts) = means(points, pinned.labels(), k);
    let (known, mut unknown): (Vec<usize>, Vec<usize>) = (0..k).partition(|&cluster| counts[cluster] > 0);
    let mut nearest = if known.is_empty() {
        let first = rows[below(rows.len(), rng)];
        centres.row_mut(unknown.remove(0)).copy_from_slice(points.row(first));
        distances_to(points, rows, &[points.row(first)]).swap_remove(0)
    } else {
        let known_centres: Vec<&[f32]> = known.iter().map(|&cluster| centres.row(cluster)).collect();
        distances_to_nearest(points, rows, &known_centres)
    };
    for centre in unknown {
        let candidates: Vec<usize> =
            sample_weighted(&nearest, trials, rng).into_iter().map(|index| rows[index]).collect();
        let candidate_rows: Vec<&[f32]> = candidates.iter().map(|&row| points.row(row)).collect();
        let mut best: Option<(f64, usize, Vec<f32>)> = None;
        for (&candidate, mut distances) in candidates.iter().zip(distances_to(points, rows, &candidate_rows)) {
            for (distance, known) in distances.iter_mut().zip(&nearest) {
                *distance = distance.min(*known);
            }
            let total = sum(&distances);
            if best.as_ref().is_none_or(|(lowest, ..)| total < *lowest) {
                best = Some((total, candidate, distances));
            }
        }
        if let Some((_, candidate, distances)) = best {
            centres.row_mut(centre).copy_from_slice(points.row(candidate));
            nearest = distances;
        }
    }
    centres
}

/// The squared distance of every row to the nearest of `others`, shape `[rows]`.
fn distances_to_nearest(points: &Matrix, rows: &[usize], others: &[&[f32]]) -> Vec<f32> {
    let mut nearest = vec![f32::INFINITY; rows.len()];
    let packed = Packed::new(others.iter().copied(), points.columns());
    packed.squared_distances(points, rows, |row, _, lanes| {
        nearest[row] = lanes.iter().fold(nearest[row], |nearest, &distance| nearest.min(distance));
    });
    nearest
}

/// Squared distances of every row to each of `others`, shape `[others][rows]`.
fn distances_to(points: &Matrix, rows: &[usize], others: &[&[f32]]) -> Vec<Vec<f32>> {
    let mut distances = vec![vec![0.0; rows.len()]; others.len()];
    let packed = Packed::new(others.iter().copied(), points.columns());
    packed.squared_distances(points, rows, |row, block, lanes| {
        for (distances, &distance) in distances[block * LANES..].iter_mut().zip(lanes) {
            distances[row] = distance;
        }
    });
    distances
}

/// Samples `count` indices with probabilities proportional to `weights`, or uniformly if the weights' sum is zero or
/// overflows.
fn sample_weighted(weights: &[f32], count: usize, rng: &mut ChaCha8Rng) -> Vec<usize> {
    let mut total = 0.0;
    let cumulative: Vec<f64> = weights
        .iter()
        .map(|&weight| {
            total += f64::from(weight);
            total
        })
        .collect();
    if !(total > 0.0 && total.is_finite()) {
        return (0..count).map(|_| below(weights.len(), rng)).collect();
    }
    let index = |share: f64| cumulative.partition_point(|&sum| sum <= share * total).min(weights.len() - 1);
    (0..count).map(|_| index(uniform(rng))).collect()
}

fn sum(values: &[f32]) -> f64 {
    values.iter().map(|&value| f64::from(value)).sum()
}
