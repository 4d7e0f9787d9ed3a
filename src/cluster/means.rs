//! Cluster means.

use crate::matrix::Matrix;

/// The mean of each of `k` clusters' rows, shape `[k, columns]` zeros for an empty cluster, and the number of
/// rows of each, shape `[k]`. Rows whose label is `None` are left out. Sums are taken in row order, in double precision.
pub fn means<L: Copy + Into<Option<u32>>>(points: &Matrix, labels: &[L], k: usize) -> (Matrix, Vec<usize>) {
    let columns = points.columns();
    let mut sums = vec![0.0_f64; k * columns];
    let mut counts = vec![0_usize; k];
    for (row, &label) in labels.iter().enumerate() {
        let Some(cluster) = label.into() else { continue };
        counts[cluster as usize] += 1;
        for (sum, &value) in sums[cluster as usize * columns..][..columns].iter_mut().zip(points.row(row)) {
            *sum += f64::from(value);
        }
    }
    let mut centres = Matrix::zeros(k, columns);
    for (cluster, &count) in counts.iter().enumerate().filter(|&(_, &count)| count > 0) {
        for (centre, sum) in centres.row_mut(cluster).iter_mut().zip(&sums[cluster * columns..]) {
            *centre = (sum / count as f64) as f32;
        }
    }
    (centres, counts)
}
