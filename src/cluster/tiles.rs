//! Squared distances between many rows and many others, the kernel under KMeans and silhouettes.
//!
//! One side is packed in blocks of [`LANES`] rows, coordinate by coordinate, so that a compiler fills vector registers
//! without being told to. A distance is summed in the same order whatever tile it is computed in: its bits do not depend on
//! how rows are divided. Differences are squared, rather than norms and dot products added, so that equal rows are at
//! distance 0 exactly.

use crate::matrix::Matrix;

/// Rows in a packed block: two registers of 128 bits.
pub const LANES: usize = 8;
/// Rows that are held against a block at a time.
const TILE_ROWS: usize = 4;
/// Coordinates that are summed before they join the total; shorter sums round less.
const CHUNK: usize = 64;

/// Rows packed in blocks, each of shape `[columns, LANES]`.
pub struct Packed {
    values: Vec<[f32; LANES]>,
    columns: usize,
}

impl Packed {
    /// Packs `rows`, each of length `columns`. What is missing in the last block is infinitely far from everything.
    pub fn new<'a>(rows: impl ExactSizeIterator<Item = &'a [f32]>, columns: usize) -> Self {
        let mut values = vec![[f32::INFINITY; LANES]; rows.len().div_ceil(LANES) * columns];
        for (index, row) in rows.enumerate() {
            let block = &mut values[index / LANES * columns..][..columns];
            for (lanes, &value) in block.iter_mut().zip(row) {
                lanes[index % LANES] = value;
            }
        }
        Self { values, columns }
    }

    /// All rows of a matrix.
    pub fn of(matrix: &Matrix) -> Self {
        Self::new((0..matrix.rows()).map(|row| matrix.row(row)), matrix.columns())
    }

    /// Holds each of `rows` (indices into `points`) against every block, in order, and hands over the row's place in
    /// `rows`, the block's index and the squared distances.
    pub fn squared_distances(
        &self,
        points: &Matrix,
        rows: &[usize],
        mut visit: impl FnMut(usize, usize, &[f32; LANES]),
    ) {
        let (tiles, rest) = rows.as_chunks::<TILE_ROWS>();
        for (tile, rows) in tiles.iter().enumerate() {
            for (index, block) in self.values.chunks_exact(self.columns).enumerate() {
                let distances = squared(rows.map(|row| points.row(row)), block);
                for (offset, distances) in distances.iter().enumerate() {
                    visit(tile * TILE_ROWS + offset, index, distances);
                }
            }
        }
        for (offset, &row) in rest.iter().enumerate() {
            for (index, block) in self.values.chunks_exact(self.columns).enumerate() {
                let [distances] = squared([points.row(row)], block);
                visit(tiles.len() * TILE_ROWS + offset, index, &distances);
            }
        }
    }
}

#[inline]
fn squared<const ROWS: usize>(rows: [&[f32]; ROWS], block: &[[f32; LANES]]) -> [[f32; LANES]; ROWS] {
    let mut totals = [[0.0; LANES]; ROWS];
    for (index, chunk) in block.chunks(CHUNK).enumerate() {
        let rows = rows.map(|row| &row[index * CHUNK..][..chunk.len()]);
        let mut sums = [[0.0; LANES]; ROWS];
        for (coordinate, lanes) in chunk.iter().enumerate() {
            for (sums, row) in sums.iter_mut().zip(rows) {
                for (sum, lane) in sums.iter_mut().zip(lanes) {
                    let difference = row[coordinate] - lane;
                    *sum += difference * difference;
                }
            }
        }
        for (totals, sums) in totals.iter_mut().zip(sums) {
            for (total, sum) in totals.iter_mut().zip(sums) {
                *total += sum;
            }
        }
    }
    totals
}

/// The squared distance of two rows, with an error no larger than that of the tiles, but not with the same bits.
pub fn squared_between(a: &[f32], b: &[f32]) -> f32 {
    let mut total = 0.0;
    for (a, b) in a.chunks(CHUNK).zip(b.chunks(CHUNK)) {
        let (a_blocks, a_rest) = a.as_chunks::<LANES>();
        let (b_blocks, b_rest) = b.as_chunks::<LANES>();
        let mut sums = [0.0; LANES];
        for (a, b) in a_blocks.iter().zip(b_blocks) {
            for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
                *sum += (a - b) * (a - b);
            }
        }
        total += sums.iter().sum::<f32>();
        total += a_rest.iter().zip(b_rest).map(|(a, b)| (a - b) * (a - b)).sum::<f32>();
    }
    total
}

/// The squared distance of two rows in double precision.
pub fn squared_exact(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2)).sum()
}

/// How far a distance computed here may be from the true one: relative and absolute.
///
/// Twice the worst case of the sums' rounding; the absolute part covers squares too small for an `f32`.
pub fn rounding(columns: usize) -> (f64, f64) {
    let roundings = CHUNK + columns.div_ceil(CHUNK) + LANES;
    (roundings as f64 * f64::from(f32::EPSILON), 1e-22 * (columns as f64).sqrt())
}
