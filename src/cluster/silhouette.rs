//! Silhouettes: how much nearer a row is to its own cluster than to the next, from -1 to 1.
//!
//! Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis", 1987, with Euclidean
//! distances. Exact, or estimated from a sample of reference rows. Distances are computed a tile at a time and only their sums
//! are kept, so that memory is that of the points. One pass over the distances serves any number of labelings.

mod labeling;

use std::collections::BTreeMap;
use std::ops::Range;

use labeling::{Labeling, total_distances};

use super::sampling::{generator, sample};
use super::validate::check_finite;
use crate::cluster::ClusterError;
use crate::matrix::Matrix;

/// The maximum number of rows in clusters for which silhouettes are exact.
pub const EXACT_ROWS: usize = 20_000;
/// The approximate number of reference rows above that.
const REFERENCE_ROWS: usize = 4_000;
/// The minimum number of reference rows of a cluster, unless it has fewer rows.
const MIN_CLUSTER_REFERENCES: usize = 30;

/// The silhouette of one row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Silhouette {
    /// From -1 to 1. NaN if undefined: for a row in no cluster, if there is only one cluster, and if no other row of its own
    /// cluster, or no row of any other cluster, is a reference.
    pub value: f32,
    /// The cluster, other than its own, with the smallest mean distance to the row; ties to the lowest. `None` for a row in
    /// no cluster, and if no other cluster has a reference.
    pub nearest_other: Option<u32>,
}

impl Silhouette {
    const UNDEFINED: Self = Self { value: f32::NAN, nearest_other: None };
}

/// The silhouettes of `rows` among all `points`, shape `[n, d]`, in the clusters `labels`, shape `[n]`, with `None` for a row
/// in no cluster, which is left out.
///
/// Mean distances are those to `references`, or to all rows if that is `None`; the distance of a row to itself is left out.
/// Each row gets the same bits, however the rows are divided among calls. A row alone in its cluster has silhouette 0.
///
/// # Errors
/// [`ClusterError::LabelCount`], [`ClusterError::NotFinite`], and [`ClusterError::RowsOutOfRange`] if `rows` or `references`
/// exceed the points.
///
/// # Examples
/// ```
/// use shoal::cluster::silhouette::silhouette_rows;
/// use shoal::matrix::Matrix;
///
/// let points = Matrix::from_rows(vec![0.0, 1.0, 10.0, 11.0], 1)?;
/// let labels = [Some(0), Some(0), Some(1), Some(1)];
/// let first = silhouette_rows(&points, &labels, 0..1, None)?[0];
/// // Its distance to its own cluster is 1, its mean distance to the other 10.5.
/// assert!((first.value - (10.5 - 1.0) / 10.5).abs() < 1e-6);
/// assert_eq!(first.nearest_other, Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn silhouette_rows(
    points: &Matrix,
    labels: &[Option<u32>],
    rows: Range<usize>,
    references: Option<&[u32]>,
) -> Result<Vec<Silhouette>, ClusterError> {
    Ok(silhouettes_of_labelings(points, &[labels], rows, references)?.swap_remove(0))
}

/// The silhouettes of `rows` in each of several labelings, each of shape `[n]`; shape `[labelings][rows]`. They have the bits of
/// [`silhouette_rows`].
///
/// Distances are computed once for all labelings: with 32 columns, 29 labelings take about twice as long as one.
///
/// # Errors
/// As [`silhouette_rows`].
pub fn silhouettes_of_labelings(
    points: &Matrix,
    labelings: &[&[Option<u32>]],
    rows: Range<usize>,
    references: Option<&[u32]>,
) -> Result<Vec<Vec<Silhouette>>, ClusterError> {
    let n = points.rows();
    if let Some(labels) = labelings.iter().find(|labels| labels.len() != n) {
        return Err(ClusterError::LabelCount { labels: labels.len(), rows: n });
    }
    if rows.start > rows.end || rows.end > n {
        return Err(ClusterError::RowsOutOfRange { start: rows.start, end: rows.end, rows: n });
    }
    let is_reference = marked(references, n)?;
    check_finite(points)?;
    let labelings: Vec<Labeling> = labelings.iter().map(|labels| Labeling::new(labels, &is_reference)).collect();
    let in_cluster = |&row: &usize| labelings.iter().any(|labeling| labeling.is_in_cluster(row));
    let wanted: Vec<usize> = rows.clone().filter(in_cluster).collect();
    let references: Vec<usize> = (0..n).filter(|&row| is_reference[row]).collect();
    let mut silhouettes = vec![vec![Silhouette::UNDEFINED; rows.len()]; labelings.len()];
    total_distances(points, &wanted, &references, &labelings, |row, mut totals| {
        for (labeling, silhouettes) in labelings.iter().zip(&mut silhouettes) {
            let (own, others) = totals.split_at(labeling.places());
            silhouettes[row - rows.start] = labeling.silhouette(row, is_reference[row], own);
            totals = others;
        }
    });
    Ok(silhouettes)
}

/// The reference rows for [`silhouette_rows`], in order; `None` up to [`EXACT_ROWS`] rows in clusters, where silhouettes are
/// exact.
///
/// The sample has about 4,000 rows, from every cluster in proportion to its size, but at least 30 or all of a smaller cluster.
/// It depends on `labels` and `seed` alone. With 20 clusters of similar sizes, the mean error of a silhouette is about 0.006.
pub fn reference_rows(labels: &[Option<u32>], seed: u32) -> Option<Vec<u32>> {
    let members = members(labels);
    let total: usize = members.iter().map(Vec::len).sum();
    if total <= EXACT_ROWS {
        return None;
    }
    let mut rng = generator(b"referees", seed, total as u64, 0);
    let share = |size: usize| (size as f64 * REFERENCE_ROWS as f64 / total as f64).round() as usize;
    let mut rows: Vec<u32> = members
        .iter()
        .flat_map(|rows| sample(rows, share(rows.len()).max(MIN_CLUSTER_REFERENCES), &mut rng))
        .map(|row| row as u32)
        .collect();
    rows.sort_unstable();
    Some(rows)
}

/// Whether each of `n` rows is a reference; all are if `references` is `None`.
fn marked(references: Option<&[u32]>, n: usize) -> Result<Vec<bool>, ClusterError> {
    let Some(references) = references else { return Ok(vec![true; n]) };
    let mut marked = vec![false; n];
    for &row in references {
        let row = row as usize;
        let out_of_range = ClusterError::RowsOutOfRange { start: row, end: row.saturating_add(1), rows: n };
        *marked.get_mut(row).ok_or(out_of_range)? = true;
    }
    Ok(marked)
}

/// The rows of each cluster that is not empty, in the order of their ids, shape `[clusters][size]`.
fn members(labels: &[Option<u32>]) -> Vec<Vec<usize>> {
    let mut members = BTreeMap::<u32, Vec<usize>>::new();
    for (row, label) in labels.iter().enumerate() {
        if let Some(label) = *label {
            members.entry(label).or_default().push(row);
        }
    }
    members.into_values().collect()
}

/// The mean silhouette of all rows; `None` if undefined: unless `2 <= k < n`, and if no row has a silhouette.
pub fn mean(values: &[f32], k: usize, n: usize) -> Option<f32> {
    (k >= 2 && k < n).then(|| mean_of(values.iter().copied())).flatten()
}

fn mean_of(values: impl Iterator<Item = f32>) -> Option<f32> {
    let (sum, count) = values
        .filter(|value| !value.is_nan())
        .fold((0.0_f64, 0_usize), |(sum, count), value| (sum + f64::from(value), count + 1));
    (count > 0).then(|| (sum / count as f64) as f32)
}

#[cfg(test)]
mod tests {
    use super::mean_of;

    #[test]
    fn means_leave_out_rows_without_a_silhouette() {
        let cluster_means = [[0.5, 0.25].as_slice(), &[], &[f32::NAN]].map(|cluster| mean_of(cluster.iter().copied()));
        assert_eq!(cluster_means, [Some(0.375), None, None]);
    }
}
