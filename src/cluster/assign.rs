//! The assignment step of KMeans: every row to its nearest centre, ties to the lowest cluster.
//!
//! Hamerly, "Making k-means even faster", 2010: an upper bound on a row's distance to its own centre and a lower bound on its
//! distance to every other centre prove for most rows that the label cannot have changed. Bounds include the rounding error of
//! a distance, so that the labels, ties included, equal those of comparing every computed distance.

use super::pinned::Pinned;
use super::tiles::{LANES, Packed, rounding, squared_between, squared_exact};
use crate::matrix::Matrix;

/// The algorithm of the assignment step. All give the same bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Assignment {
    /// Computes distances only where bounds leave the label open.
    #[default]
    Hamerly,
    /// Computes every distance: the reference for [`Self::Hamerly`] in tests.
    #[cfg(test)]
    Lloyd,
}

/// The labels, and bounds on the distances behind them.
pub struct NearestCentres {
    /// Every row's cluster, shape `[n]`.
    pub labels: Vec<u32>,
    free: Vec<usize>,
    upper: Vec<f64>,
    lower: Vec<f64>,
    algorithm: Assignment,
}

impl NearestCentres {
    /// The first assignment of `points`. Pinned rows get their cluster here and keep it.
    pub fn new(points: &Matrix, centres: &Matrix, algorithm: Assignment, pinned: Pinned<'_>) -> Self {
        let n = points.rows();
        let labels = (0..n).map(|row| pinned.cluster(row).unwrap_or(0)).collect();
        let free = pinned.free_rows(n);
        let mut new = Self { labels, free, upper: vec![0.0; n], lower: vec![0.0; n], algorithm };
        new.compare_all(points, centres, new.free.clone());
        new
    }

    /// Updates the labels after centre `j` has moved by the distance `moves[j]`.
    pub fn update(&mut self, points: &Matrix, centres: &Matrix, moves: &[f64]) {
        let unsettled = match self.algorithm {
            #[cfg(test)]
            Assignment::Lloyd => self.free.clone(),
            Assignment::Hamerly => self.unsettled(points, centres, moves),
        };
        self.compare_all(points, centres, unsettled);
    }

    /// The rows whose label the bounds leave open, after the centres' moves.
    fn unsettled(&mut self, points: &Matrix, centres: &Matrix, moves: &[f64]) -> Vec<usize> {
        let (relative, absolute) = rounding(points.columns());
        let above = |distance: f64| distance * (1.0 + relative) + absolute;
        let below = |distance: f64| distance * (1.0 - relative) - absolute;
        let reach = half_separations(centres);
        // Beyond this, computed distances are infinite: a row is then labelled as if all centres were at the same distance.
        let longest = f64::from(f32::MAX).sqrt();
        let (furthest, most, second_most) = largest_two(moves);
        let mut unsettled = Vec::new();
        for &row in &self.free {
            let label = self.labels[row] as usize;
            self.upper[row] += above(moves[label]);
            self.lower[row] -= above(if label == furthest { second_most } else { most });
            let bound = below(self.lower[row].max(reach[label]).min(longest));
            if above(self.upper[row]) < bound {
                continue;
            }
            self.upper[row] = above(f64::from(squared_between(points.row(row), centres.row(label))).sqrt());
            // Bounds are NaN where distances overflow; such a row is not settled.
            let settled = above(self.upper[row]) < bound;
            if !settled {
                unsettled.push(row);
            }
        }
        unsettled
    }

    /// Assigns `rows` by their distances to all centres.
    fn compare_all(&mut self, points: &Matrix, centres: &Matrix, rows: Vec<usize>) {
        let (relative, absolute) = rounding(points.columns());
        let mut nearest = vec![(0_u32, f32::INFINITY, f32::INFINITY); rows.len()];
        Packed::of(centres).squared_distances(points, &rows, |place, block, distances| {
            let (label, first, second) = &mut nearest[place];
            for (lane, &distance) in distances.iter().enumerate() {
                if distance < *first {
                    (*second, *first, *label) = (*first, distance, (block * LANES + lane) as u32);
                } else if distance < *second {
                    *second = distance;
                }
            }
        });
        for (row, (label, first, second)) in rows.into_iter().zip(nearest) {
            self.labels[row] = label;
            self.upper[row] = f64::from(first).sqrt() * (1.0 + relative) + absolute;
            // Of a distance that overflows, this much is certain.
            self.lower[row] = f64::from(second.min(f32::MAX)).sqrt() * (1.0 - relative) - absolute;
        }
    }
}

/// Half of each centre's distance to the nearest other centre. No other centre is nearer to a row within this distance.
fn half_separations(centres: &Matrix) -> Vec<f64> {
    let k = centres.rows();
    let mut nearest = vec![f64::INFINITY; k];
    for one in 0..k {
        for other in one + 1..k {
            let squared = squared_exact(centres.row(one), centres.row(other));
            nearest[one] = nearest[one].min(squared);
            nearest[other] = nearest[other].min(squared);
        }
    }
    nearest.into_iter().map(|squared| squared.sqrt() / 2.0).collect()
}

/// The index of the largest value, that value, and the second largest.
fn largest_two(values: &[f64]) -> (usize, f64, f64) {
    let mut found = (0, 0.0, 0.0);
    for (index, &value) in values.iter().enumerate() {
        if value > found.1 {
            found = (index, value, found.1);
        } else if value > found.2 {
            found.2 = value;
        }
    }
    found
}
