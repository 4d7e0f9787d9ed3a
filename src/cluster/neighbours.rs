//! The nearest rows of each row, found by computing every distance, a tile at a time.
//!
//! That is exact, and what it costs is known: `n * n * d` differences, however the rows lie. 20,000 rows of 64 columns take 1.8
//! seconds of one core, natively, and calls may divide them. Approximate searches, such as NN-descent (Dong, Moses and Li,
//! "Efficient k-nearest neighbor graph construction for generic similarity measures", 2011), cost less from some tens of
//! thousands of rows on, but miss neighbours. A folder of pictures is smaller than that.

use std::ops::Range;

use super::checks::check_finite;
use super::join::cosine;
use super::tiles::{LANES, Packed};
use crate::cluster::ClusterError;
use crate::matrix::Matrix;

/// Rows whose candidates are kept at a time: few enough that their lists stay near while all blocks pass.
const GROUP: usize = 64;

/// The nearest rows of some rows, nearest first, ties by row. A row is not its own neighbour.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbours {
    /// How many neighbours each row has.
    pub count: usize,
    /// Their rows, shape `[wanted, count]`.
    pub rows: Vec<u32>,
    /// Their Euclidean distances, shape `[wanted, count]`; infinite where the square of one exceeds an `f32`.
    pub distances: Vec<f32>,
}

/// The `count` nearest rows, or all others where there are fewer, of each of `rows` among all of `points`, shape `[n, d]`.
///
/// However rows are divided among calls, each gets the same bits: what calls over adjoining ranges give may be put one after
/// the other. Memory is that of the points and of the result.
///
/// # Errors
/// [`ClusterError::NotFinite`], and [`ClusterError::RowsOutOfRange`] when `rows` are not all among the points.
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
        packed.squared_distances(points, group, |place, block, squared| {
            nearest[place].add(block * LANES, squared, group[place], points.rows());
        });
        for (row, squared) in nearest.iter().flat_map(|nearest| &nearest.found) {
            found.rows.push(*row);
            found.distances.push(squared.sqrt());
        }
    }
    Ok(found)
}

/// The nearest rows among those seen so far.
#[derive(Clone)]
struct Nearest {
    /// Rows and their squared distances, in order.
    found: Vec<(u32, f32)>,
    count: usize,
    /// No row at this squared distance or further is nearer than all that are held.
    limit: f32,
}

impl Nearest {
    fn new(count: usize) -> Self {
        Self { found: Vec::with_capacity(count + 1), count, limit: f32::INFINITY }
    }

    /// Adds the block of rows from `first` on, but for `own`, and for what lies past the `n` rows there are.
    fn add(&mut self, first: usize, squared: &[f32; LANES], own: usize, n: usize) {
        let full = self.found.len() == self.count;
        // Most blocks hold nothing near; the whole block is asked at once.
        if full && !squared.iter().fold(false, |any, &squared| any | (squared < self.limit)) {
            return;
        }
        for (row, &squared) in (first..n).zip(squared).filter(|&(row, _)| row != own) {
            // Rows come in order: one at the distance of another belongs after it.
            if squared < self.limit || self.found.len() < self.count {
                let place = self.found.partition_point(|&(_, held)| held <= squared);
                self.found.insert(place, (row as u32, squared));
                self.found.truncate(self.count);
                if self.found.len() == self.count {
                    self.limit = self.found[self.count - 1].1;
                }
            }
        }
    }
}

/// The cosine of the two rows of each of `pairs`, -1 to 1; 0 where one of them has no length.
///
/// # Errors
/// [`ClusterError::RowsOutOfRange`] for a row that `rows`, shape `[n, d]`, does not have, [`ClusterError::NotFinite`].
pub fn cosines(rows: &Matrix, pairs: &[[u32; 2]]) -> Result<Vec<f32>, ClusterError> {
    if let Some(&row) = pairs.iter().flatten().find(|&&row| row as usize >= rows.rows()) {
        let row = row as usize;
        return Err(ClusterError::RowsOutOfRange { start: row, end: row.saturating_add(1), rows: rows.rows() });
    }
    check_finite(rows)?;
    Ok(pairs.iter().map(|&[one, other]| cosine(rows.row(one as usize), rows.row(other as usize)) as f32).collect())
}
