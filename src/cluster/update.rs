//! The update step of KMeans: every centre to the mean of its rows, and what to do about clusters without rows.

use super::held::Held;
use super::tiles::squared_exact;
use crate::matrix::Matrix;

/// Moves each centre that is marked in `changed` to the mean of its rows. Sums are taken in row order, in double precision,
/// and a centre that is not marked keeps its bits, which are those that summing again would give.
///
/// A cluster without rows takes the row that lies furthest from its own centre, as in scikit-learn, though never one
/// that is held; that row no longer counts where it was. Marks in `changed` the clusters whose rows must be summed
/// again next time, and no others. Returns whether there are any.
pub fn update_centres(
    points: &Matrix,
    labels: &[u32],
    centres: &mut Matrix,
    changed: &mut [bool],
    held: Held<'_>,
) -> bool {
    let columns = points.columns();
    let mut counts = sizes(labels, centres.rows());
    let taken = furthest_rows(points, labels, centres, &mut counts, held);
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

/// Gives every cluster without rows the row furthest from its centre, at whatever distance, and a centre there.
///
/// Held rows stay. With as many others at least as clusters that hold none, no cluster is left without a row: of rows
/// that are equal some must be parted.
pub fn fill_empty(points: &Matrix, labels: &mut [u32], centres: &mut Matrix, held: Held<'_>) {
    let mut counts = sizes(labels, centres.rows());
    while let Some(cluster) = counts.iter().position(|&count| count == 0) {
        let Some((_, row)) = furthest(points, labels, centres, &counts, &[], held) else { return };
        counts[labels[row] as usize] -= 1;
        counts[cluster] += 1;
        labels[row] = cluster as u32;
        centres.row_mut(cluster).copy_from_slice(points.row(row));
    }
}

/// How many rows each of `k` clusters has.
pub fn sizes(labels: &[u32], k: usize) -> Vec<usize> {
    let mut counts = vec![0; k];
    for &label in labels {
        counts[label as usize] += 1;
    }
    counts
}

/// A row for each cluster without any, and less one in `counts` where it is taken from. None at distance 0: there are then
/// fewer distinct rows than clusters.
fn furthest_rows(
    points: &Matrix,
    labels: &[u32],
    centres: &Matrix,
    counts: &mut [usize],
    held: Held<'_>,
) -> Vec<(usize, usize)> {
    let empty: Vec<usize> = (0..counts.len()).filter(|&cluster| counts[cluster] == 0).collect();
    let mut taken = Vec::new();
    for cluster in empty {
        match furthest(points, labels, centres, counts, &taken, held) {
            Some((distance, row)) if distance > 0.0 => {
                counts[labels[row] as usize] -= 1;
                taken.push((cluster, row));
            }
            _ => break,
        }
    }
    taken
}

/// The row furthest from its centre, ties to the first, of clusters that have two rows or more and of rows neither
/// `taken` nor held.
fn furthest(
    points: &Matrix,
    labels: &[u32],
    centres: &Matrix,
    counts: &[usize],
    taken: &[(usize, usize)],
    held: Held<'_>,
) -> Option<(f64, usize)> {
    let mut best: Option<(f64, usize)> = None;
    for (row, &label) in labels.iter().enumerate() {
        let stays = counts[label as usize] < 2 || held.cluster(row).is_some();
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
