//! The update step of KMeans: every centre moves to the mean of its rows, and empty clusters are refilled.

use super::pinned::Pinned;
use super::tiles::squared_exact;
use crate::matrix::Matrix;

/// Moves each centre that is marked in `changed` to the mean of its rows, summed in row order in double precision. A centre
/// that is not marked keeps its bits, which equal those of summing again.
///
/// An empty cluster takes the row that is furthest from its own centre, as in scikit-learn, except a pinned one; the row is
/// left out of its former cluster. On return, `changed` marks exactly the clusters that this affects, whose rows must be summed
/// again next time. Returns whether there are any.
pub fn update_centres(
    points: &Matrix,
    labels: &[u32],
    centres: &mut Matrix,
    changed: &mut [bool],
    pinned: Pinned<'_>,
) -> bool {
    let columns = points.columns();
    let mut counts = sizes(labels, centres.rows());
    let taken = furthest_rows(points, labels, centres, &mut counts, pinned);
    for &(_, row) in &taken {
        changed[labels[row] as usize] = true;
    }
    let mut sums = vec![0.0_f64; centres.rows() * columns];
    for (row, &label) in labels.iter().enumerate() {
        if changed[label as usize] && !taken.iter().any(|&(_, taken)| taken == row) {
            for (sum, &value) in sums[label as usize * columns..][..columns].iter_mut().zip(points.row(row)) {
                *sum += f64::from(value);
            }
        }
    }
    for (cluster, &count) in counts.iter().enumerate() {
        if changed[cluster] && count > 0 {
            for (centre, sum) in centres.row_mut(cluster).iter_mut().zip(&sums[cluster * columns..]) {
                *centre = (sum / count as f64) as f32;
            }
        }
    }
    changed.fill(false);
    for &(cluster, row) in &taken {
        centres.row_mut(cluster).copy_from_slice(points.row(row));
        changed[cluster] = true;
        changed[labels[row] as usize] = true;
    }
    !taken.is_empty()
}

/// Gives every empty cluster the row that is furthest from its own centre, even at distance 0, and moves its centre there.
///
/// Pinned rows stay. If there are at least as many other rows as clusters without pinned rows, no cluster remains empty; equal
/// rows may be separated.
pub fn fill_empty(points: &Matrix, labels: &mut [u32], centres: &mut Matrix, pinned: Pinned<'_>) {
    let mut counts = sizes(labels, centres.rows());
    while let Some(cluster) = counts.iter().position(|&count| count == 0) {
        let Some((_, row)) = furthest(points, labels, centres, &counts, &[], pinned) else { return };
        counts[labels[row] as usize] -= 1;
        counts[cluster] += 1;
        labels[row] = cluster as u32;
        centres.row_mut(cluster).copy_from_slice(points.row(row));
    }
}

/// The number of rows of each of `k` clusters.
pub fn sizes(labels: &[u32], k: usize) -> Vec<usize> {
    let mut counts = vec![0; k];
    for &label in labels {
        counts[label as usize] += 1;
    }
    counts
}

/// A row for each empty cluster, as `(cluster, row)`, subtracted from the `counts` of its former cluster. Stops at distance 0,
/// where there are fewer distinct rows than clusters.
fn furthest_rows(
    points: &Matrix,
    labels: &[u32],
    centres: &Matrix,
    counts: &mut [usize],
    pinned: Pinned<'_>,
) -> Vec<(usize, usize)> {
    let empty: Vec<usize> = (0..counts.len()).filter(|&cluster| counts[cluster] == 0).collect();
    let mut taken = Vec::new();
    for cluster in empty {
        match furthest(points, labels, centres, counts, &taken, pinned) {
            Some((distance, row)) if distance > 0.0 => {
                counts[labels[row] as usize] -= 1;
                taken.push((cluster, row));
            }
            _ => break,
        }
    }
    taken
}

/// The row that is furthest from its centre, ties to the first, among rows that are neither `taken` nor pinned, in clusters of
/// at least two rows.
fn furthest(
    points: &Matrix,
    labels: &[u32],
    centres: &Matrix,
    counts: &[usize],
    taken: &[(usize, usize)],
    pinned: Pinned<'_>,
) -> Option<(f64, usize)> {
    let mut best: Option<(f64, usize)> = None;
    for (row, &label) in labels.iter().enumerate() {
        let stays = counts[label as usize] < 2 || pinned.cluster(row).is_some();
        if stays || taken.iter().any(|&(_, taken)| taken == row) {
            continue;
        }
        let distance = squared_exact(points.row(row), centres.row(label as usize));
        if best.is_none_or(|(furthest, _)| distance > furthest) {
            best = Some((distance, row));
        }
    }
    best
}
