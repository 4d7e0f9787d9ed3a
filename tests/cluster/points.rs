//! Points that several tests use, random and made by hand.

use std::ops::Range;

use proptest::prelude::*;
use shoal::cluster::ClusterError;
use shoal::cluster::silhouette;
use shoal::matrix::Matrix;

use crate::support::{self, SCALES};

fn from_values((values, columns): (Vec<f32>, usize)) -> Matrix {
    Matrix::from_rows(values, columns).unwrap()
}

/// Points on a coarse lattice: ties, duplicates and collinear rows are frequent.
pub fn lattice() -> impl Strategy<Value = Matrix> {
    support::lattice(1..40, 1..12).prop_map(from_values)
}

/// A lattice of at least two rows, and of fewer columns.
pub fn small_lattice() -> impl Strategy<Value = Matrix> {
    support::lattice(2..40, 1..8).prop_map(from_values)
}

/// Points without structure, of any scale.
pub fn anywhere() -> impl Strategy<Value = Matrix> {
    support::anywhere(1..60, 1..80, SCALES).prop_map(from_values)
}

/// The same for at least two rows, and of fewer columns.
pub fn small_anywhere() -> impl Strategy<Value = Matrix> {
    support::anywhere(2..40, 1..20, &[1e-30, 1.0, 1e25]).prop_map(from_values)
}

/// Enough points without structure that KMeans takes many iterations.
pub fn crowd() -> impl Strategy<Value = Matrix> {
    support::crowd(200).prop_map(from_values)
}

/// Labels of 40 rows, of which a test uses the first few; about half are in one of 6 clusters.
pub fn some_labels() -> impl Strategy<Value = Vec<Option<u32>>> {
    prop::collection::vec(prop::option::of(0_u32..6), 40)
}

/// `count` rows around each of `centres`, in alternating order.
pub fn blobs(centres: &[[f32; 2]], count: usize, spread: f32) -> Matrix {
    let mut state = 1_u32;
    let mut draw = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32 - 0.5
    };
    let rows = (0..count * centres.len()).flat_map(|row| centres[row % centres.len()].map(|at| at + spread * draw()));
    Matrix::from_rows(rows.collect(), 2).unwrap()
}

/// Three blobs, of which two overlap.
pub fn heaps(count: usize) -> Matrix {
    blobs(&[[0.0, 0.0], [4.0, 0.0], [20.0, 20.0]], count, 5.0)
}

pub fn truth(rows: usize, clusters: usize) -> Vec<u32> {
    (0..rows).map(|row| (row % clusters) as u32).collect()
}

pub fn in_clusters(labels: &[u32]) -> Vec<Option<u32>> {
    labels.iter().copied().map(Some).collect()
}

pub fn matrix(rows: &[&[f32]]) -> Matrix {
    Matrix::from_rows(rows.concat(), rows[0].len()).unwrap()
}

/// The silhouettes of `rows` with every row in a cluster and a reference.
pub fn silhouettes(points: &Matrix, labels: &[u32], rows: Range<usize>) -> Result<Vec<f32>, ClusterError> {
    let labels: Vec<Option<u32>> = labels.iter().copied().map(Some).collect();
    let found = silhouette::silhouette_rows(points, &labels, rows, None)?;
    Ok(found.iter().map(|silhouette| silhouette.value).collect())
}

pub fn squared(points: &Matrix, one: usize, other: usize) -> f64 {
    let pairs = points.row(one).iter().zip(points.row(other));
    pairs.map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum()
}

/// All other rows, nearest first, ties by row.
pub fn by_distance(points: &Matrix, row: usize) -> Vec<usize> {
    let mut others: Vec<usize> = (0..points.rows()).filter(|&other| other != row).collect();
    others.sort_by(|&one, &other| squared(points, row, one).total_cmp(&squared(points, row, other)));
    others
}
