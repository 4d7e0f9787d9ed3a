//! Exact nearest neighbours, found by computing every distance, a tile at a time.
//!
//! The cost is known in advance: `n * n * d` differences, however the rows lie. 20,000 rows of 64 columns take 1.8 seconds on
//! one core natively, and several calls may share the work. [`super::neighbour_cells`] is for more rows.

use std::ops::Range;

use super::join::cosine;
use super::tiles::{LANES, Packed};
use super::validate::check_finite;
use crate::cluster::ClusterError;
use crate::matrix::{Matrix, ShapeError};

/// Rows that are searched at a time: few enough that their candidates stay in the cache while all blocks pass.
const GROUP: usize = 64;

/// The nearest neighbours of `wanted` rows, nearest first, ties by row. A row is not its own neighbour.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbours {
    /// The number of neighbours of each row.
    pub count: usize,
    /// The neighbours' rows, shape `[wanted, count]`.
    pub rows: Vec<u32>,
    /// The Euclidean distances to them, shape `[wanted, count]`; infinite if the square overflows an `f32`.
    pub distances: Vec<f32>,
}

impl Neighbours {
    /// Checks that these are `wanted` neighbours for each of `n` rows, at least one, or all other rows if there are fewer.
    ///
    /// # Errors
    /// [`ClusterError::Shape`], and [`ClusterError::RowsOutOfRange`] if a neighbour is not below `n`.
    pub(crate) fn check(&self, n: usize, wanted: usize) -> Result<(), ClusterError> {
        let count = wanted.min(n - 1);
        let values = self.rows.len();
        if self.count != count || values != n * count || self.distances.len() != values {
            return Err(ShapeError { values, columns: count }.into());
        }
        match self.rows.iter().find(|&&row| row as usize >= n) {
            Some(&row) => Err(ClusterError::RowsOutOfRange { start: row as usize, end: row as usize + 1, rows: n }),
            None => Ok(()),
        }
    }
}

/// The `count` nearest neighbours of each of `rows` among all `points`, shape `[n, d]`; all other rows if there are fewer.
///
/// The results of calls over adjoining ranges may be concatenated: each row gets the same bits, however the rows are divided
/// among calls. Memory is that of the points and of the result.
///
/// # Errors
/// [`ClusterError::NotFinite`], and [`ClusterError::RowsOutOfRange`] if `rows` exceeds the points.
pub fn nearest_rows(points: &Matrix, rows: Range<usize>, count: usize) -> Result<Neighbours, ClusterError> {
    if rows.start > rows.end || rows.end > points.rows() {
        return Err(ClusterError::RowsOutOfRange { start: rows.start, end: rows.end, rows: points.rows() });
    }
    check_finite(points)?;
    let count = count.min(points.rows().saturating_sub(1));
    let mut found = Neighbours { count, rows: Vec::new(), distances: Vec::new() };
    if count == 0 {
        return Ok(found);
    }
    let packed = Packed::of(points);
    let wanted: Vec<usize> = rows.collect();
    for group in wanted.chunks(GROUP) {
        let mut nearest = vec![Nearest::new(count); group.len()];
        packed.squared_distances(points, group, |index, block, squared| {
            nearest[index].add(block * LANES..points.rows(), squared, group[index]);
        });
        for (row, squared) in nearest.iter().flat_map(Nearest::found) {
            found.rows.push(*row);
            found.distances.push(squared.sqrt());
        }
    }
    Ok(found)
}

/// The nearest neighbours among the rows visited so far.
#[derive(Clone)]
pub(super) struct Nearest {
    /// Rows and their squared distances, nearest first.
    found: Vec<(u32, f32)>,
    count: usize,
    /// The largest squared distance in a full list, infinite before.
    limit: f32,
}

impl Nearest {
    pub fn new(count: usize) -> Self {
        Self { found: Vec::with_capacity(count + 1), count, limit: f32::INFINITY }
    }

    /// The rows and their squared distances, nearest first; those at the same distance in the order in which they were added.
    pub fn found(&self) -> &[(u32, f32)] {
        &self.found
    }

    /// Adds a block of rows at these distances, except `own`. Distances beyond the last row are padding.
    pub fn add(&mut self, rows: impl IntoIterator<Item = usize>, squared: &[f32; LANES], own: usize) {
        let full = self.found.len() == self.count;
        // Most blocks contain no nearer row; one vectorised comparison skips them.
        if full && !squared.iter().fold(false, |any, &squared| any | (squared < self.limit)) {
            return;
        }
        for (row, &squared) in rows.into_iter().zip(squared).filter(|&(row, _)| row != own) {
            if squared < self.limit || self.found.len() < self.count {
                let position = self.found.partition_point(|&(_, known)| known <= squared);
                self.found.insert(position, (row as u32, squared));
                self.found.truncate(self.count);
                if self.found.len() == self.count {
                    self.limit = self.found[self.count - 1].1;
                }
            }
        }
    }
}

/// The cosine similarity of each pair of rows, -1 to 1; 0 if one of them has length 0.
///
/// # Errors
/// [`ClusterError::RowsOutOfRange`] for a pair that exceeds `rows`, shape `[n, d]`, [`ClusterError::NotFinite`].
pub fn cosines(rows: &Matrix, pairs: &[[u32; 2]]) -> Result<Vec<f32>, ClusterError> {
    if let Some(&row) = pairs.iter().flatten().find(|&&row| row as usize >= rows.rows()) {
        let row = row as usize;
        return Err(ClusterError::RowsOutOfRange { start: row, end: row.saturating_add(1), rows: rows.rows() });
    }
    check_finite(rows)?;
    Ok(pairs.iter().map(|&[one, other]| cosine(rows.row(one as usize), rows.row(other as usize)) as f32).collect())
}

/// The cosine similarity of a row to each of `others`, as [`cosines`] computes it, without looking for values that are not finite:
/// for many calls on the same rows.
///
/// # Panics
/// Panics if a row is out of range.
pub fn cosines_with(rows: &Matrix, row: u32, others: &[u32]) -> Vec<f32> {
    others.iter().map(|&other| cosine(rows.row(row as usize), rows.row(other as usize)) as f32).collect()
}
