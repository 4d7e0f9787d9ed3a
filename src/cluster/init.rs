//! Where KMeans starts: greedy k-means++.
//!
//! Arthur and Vassilvitskii, "k-means++: The Advantages of Careful Seeding", 2007, with the candidates that its section on
//! further work proposes and scikit-learn uses: of `2 + ln k` rows drawn, the one that lowers the total most.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::tiles::{LANES, Packed};
use crate::matrix::Matrix;

/// The generator of one restart. It depends on nothing else, so that restarts may run anywhere and in any order.
pub fn generator(seed: u32, k: usize, restart: u32) -> ChaCha8Rng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(b"k-means\0");
    bytes[8..12].copy_from_slice(&seed.to_le_bytes());
    bytes[12..20].copy_from_slice(&(k as u64).to_le_bytes());
    bytes[20..24].copy_from_slice(&restart.to_le_bytes());
    ChaCha8Rng::from_seed(bytes)
}

/// `k` rows of `points` to start from, shape `[k, columns]`.
pub fn plus_plus(points: &Matrix, k: usize, rng: &mut ChaCha8Rng) -> Matrix {
    let rows: Vec<usize> = (0..points.rows()).collect();
    let trials = 2 + (k as f64).ln() as usize;
    let mut centres = Matrix::zeros(k, points.columns());
    let first = below(rows.len(), rng);
    centres.row_mut(0).copy_from_slice(points.row(first));
    let mut nearest = distances_to(points, &rows, &[first]).swap_remove(0);
    for centre in 1..k {
        let candidates: Vec<usize> = draw(&nearest, trials, rng);
        let mut best: Option<(f64, usize, Vec<f32>)> = None;
        for (&candidate, mut distances) in candidates.iter().zip(distances_to(points, &rows, &candidates)) {
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

/// Squared distances of every row to each of `others`, shape `[others][rows]`.
fn distances_to(points: &Matrix, rows: &[usize], others: &[usize]) -> Vec<Vec<f32>> {
    let mut distances = vec![vec![0.0; rows.len()]; others.len()];
    let packed = Packed::new(others.iter().map(|&other| points.row(other)), points.columns());
    packed.squared_distances(points, rows, |row, block, lanes| {
        for (distances, &distance) in distances[block * LANES..].iter_mut().zip(lanes) {
            distances[row] = distance;
        }
    });
    distances
}

/// Draws rows with probabilities in proportion to `weights`; evenly where those are all zero or too large to be summed.
fn draw(weights: &[f32], count: usize, rng: &mut ChaCha8Rng) -> Vec<usize> {
    let mut total = 0.0;
    let cumulated: Vec<f64> = weights
        .iter()
        .map(|&weight| {
            total += f64::from(weight);
            total
        })
        .collect();
    if !(total > 0.0 && total.is_finite()) {
        return (0..count).map(|_| below(weights.len(), rng)).collect();
    }
    let row = |share: f64| cumulated.partition_point(|&sum| sum <= share * total).min(weights.len() - 1);
    (0..count).map(|_| row(uniform(rng))).collect()
}

fn sum(values: &[f32]) -> f64 {
    values.iter().map(|&value| f64::from(value)).sum()
}

/// A number from 0 up to but not including 1. Spelled out, since a library's way of drawing one may change.
fn uniform(rng: &mut ChaCha8Rng) -> f64 {
    (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

fn below(count: usize, rng: &mut ChaCha8Rng) -> usize {
    ((uniform(rng) * count as f64) as usize).min(count.saturating_sub(1))
}
