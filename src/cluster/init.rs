//! Initial centres of KMeans: greedy k-means++.
//!
//! Arthur and Vassilvitskii, "k-means++: The Advantages of Careful Seeding", 2007, in the greedy form that
//! its section on further work proposes and scikit-learn uses: of several sampled rows, the one that lowers the total most.
//!
//! Scikit-learn samples `2 + ln k` rows for each of `k` centres. Here their number depends on the centres before it alone, and is
//! five or more, so that the centres for fewer clusters are the first of those for more: the search over k finds them once.

use rand_chacha::ChaCha8Rng;

use super::means::means;
use super::pinned::Pinned;
use super::sampling::{below, uniform};
use super::tiles::{LANES, Packed};
use crate::matrix::Matrix;

/// The fewest rows that are sampled for a centre: as many as scikit-learn samples for 21 to 54 clusters.
const TRIALS_MIN: usize = 5;

/// The generator of one restart. It depends on these arguments alone, so that restarts may run on any worker in any order.
pub fn generator(seed: u32, restart: u32) -> ChaCha8Rng {
    super::sampling::generator(b"k-means\0", seed, 0, restart)
}

/// Initial centres, shape `[k, columns]`: the mean of its pinned rows for a cluster that has some, and a row sampled from
/// `rows`, far from all centres before it, for each of the others. `rows` has at least one row for each of the others.
///
/// With the same pinned rows and the same random numbers, a larger `k` appends centres and leaves the first ones as they are.
pub fn plus_plus(points: &Matrix, rows: &[usize], k: usize, pinned: Pinned<'_>, rng: &mut ChaCha8Rng) -> Matrix {
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
            sample_weighted(&nearest, trials(centre + 1), rng).into_iter().map(|index| rows[index]).collect();
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

/// How many rows are sampled for the last of `k` centres.
fn trials(k: usize) -> usize {
    TRIALS_MIN.max(2 + (k as f64).ln() as usize)
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    const POINTS: [f32; 5] = [0.0, 1.0, 3.0, 7.0, 8.5];
    const TRIALS: usize = TRIALS_MIN;

    fn squared(one: usize, other: usize) -> f64 {
        f64::from(POINTS[one] - POINTS[other]).powi(2)
    }

    /// The probability of every sequence of centres that continues `chosen`, by enumerating what may be sampled.
    fn enumerate(chosen: &[usize], k: usize, probability: f64, found: &mut BTreeMap<Vec<usize>, f64>) {
        if chosen.len() == k {
            *found.entry(chosen.to_vec()).or_default() += probability;
            return;
        }
        let nearest =
            |row: usize, centres: &[usize]| centres.iter().map(|&c| squared(row, c)).fold(f64::INFINITY, f64::min);
        let weights: Vec<f64> = (0..POINTS.len()).map(|row| nearest(row, chosen)).collect();
        let total: f64 = weights.iter().sum();
        for sample in 0..POINTS.len().pow(TRIALS as u32) {
            let candidates: Vec<usize> =
                (0..TRIALS).map(|trial| sample / POINTS.len().pow(trial as u32) % POINTS.len()).collect();
            let share: f64 = candidates.iter().map(|&row| weights[row] / total).product();
            let remaining = |candidate: usize| -> f64 {
                let centres = [chosen, &[candidate]].concat();
                (0..POINTS.len()).map(|row| nearest(row, &centres)).sum()
            };
            let best = candidates.iter().copied().min_by(|&one, &other| remaining(one).total_cmp(&remaining(other)));
            enumerate(&[chosen, &[best.unwrap()]].concat(), k, probability * share, found);
        }
    }

    #[test]
    fn centres_are_as_frequent_as_greedy_k_means_plus_plus_makes_them() {
        let (k, restarts) = (3, 20_000);
        let points = Matrix::from_rows(POINTS.to_vec(), 1).unwrap();
        let mut expected = BTreeMap::new();
        for first in 0..POINTS.len() {
            enumerate(&[first], k, 1.0 / POINTS.len() as f64, &mut expected);
        }
        let mut counts: BTreeMap<Vec<usize>, f64> = BTreeMap::new();
        for restart in 0..restarts {
            let rows: Vec<usize> = (0..POINTS.len()).collect();
            let centres = plus_plus(&points, &rows, k, Pinned::NONE, &mut generator(1, restart));
            let row = |value: &f32| POINTS.iter().position(|point| point == value).unwrap();
            *counts.entry(centres.values().iter().map(row).collect()).or_default() += 1.0;
        }
        // Pearson's test; outcomes that are expected fewer than five times are one.
        let (mut statistic, mut outcomes, mut rare) = (0.0, 0.0, (0.0, 0.0));
        for (centres, probability) in &expected {
            let (expected, count) = (probability * f64::from(restarts), counts.remove(centres).unwrap_or(0.0));
            if expected < 5.0 {
                rare = (rare.0 + expected, rare.1 + count);
            } else {
                statistic += (count - expected).powi(2) / expected;
                outcomes += 1.0;
            }
        }
        assert!(counts.is_empty(), "{counts:?} have no chance");
        assert!(rare.1 <= rare.0 + 5.0 * rare.0.sqrt() + 5.0, "{rare:?}");
        // Degrees of freedom and five standard deviations of the chi-squared distribution.
        let freedom: f64 = outcomes - 1.0;
        assert!(outcomes > 10.0 && statistic < freedom + 5.0 * (2.0 * freedom).sqrt(), "{statistic} for {outcomes}");
    }
}
