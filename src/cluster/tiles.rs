//! Squared distances between two sets of rows: the kernel of KMeans, silhouettes and the neighbour search.
//!
//! One side is packed in blocks of [`LANES`] rows, coordinate by coordinate, so that the compiler vectorises the loops. The
//! terms of a distance are summed in the same order in every tile, so that its bits do not depend on how rows are divided.
//! Squared differences, rather than norms and dot products, make the distance of equal rows exactly 0.

use crate::matrix::Matrix;

/// Rows in a packed block: two registers of 128 bits.
pub const LANES: usize = 8;
/// Rows that are compared with a block at a time.
pub const TILE_ROWS: usize = 4;
/// Coordinates in a partial sum; shorter sums round less.
const CHUNK: usize = 64;

/// Rows packed in blocks, each of shape `[columns, LANES]`.
pub struct Packed {
    values: Vec<[f32; LANES]>,
    columns: usize,
}

impl Packed {
    /// Packs `rows`, each of length `columns`. The last block is padded with infinity, at an infinite distance from every row.
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

    /// Packs all rows of a matrix.
    pub fn of(matrix: &Matrix) -> Self {
        Self::new((0..matrix.rows()).map(|row| matrix.row(row)), matrix.columns())
    }

    /// Compares each of `rows`, which are indices into `points`, with every block in order. Calls `visit` with the index into
    /// `rows`, the index of the block, and the squared distances.
    pub fn squared_distances(
        &self,
        points: &Matrix,
        rows: &[usize],
        mut visit: impl FnMut(usize, usize, &[f32; LANES]),
    ) {
        self.squared_tiles(points, rows, |first, block, tile| {
            for (offset, distances) in tile.iter().enumerate() {
                visit(first + offset, block, distances);
            }
        });
    }

    /// Like [`squared_distances`](Self::squared_distances), for several rows at a time. Calls `visit` with the index into `rows`
    /// of the first of up to [`TILE_ROWS`] rows, the index of the block, and the squared distances of each of these rows.
    pub fn squared_tiles(&self, points: &Matrix, rows: &[usize], mut visit: impl FnMut(usize, usize, &[[f32; LANES]])) {
        let (tiles, rest) = rows.as_chunks::<TILE_ROWS>();
        for (tile, rows) in tiles.iter().enumerate() {
            for (index, block) in self.values.chunks_exact(self.columns).enumerate() {
                visit(tile * TILE_ROWS, index, &squared(rows.map(|row| points.row(row)), block));
            }
        }
        for (offset, &row) in rest.iter().enumerate() {
            for (index, block) in self.values.chunks_exact(self.columns).enumerate() {
                visit(tiles.len() * TILE_ROWS + offset, index, &squared([points.row(row)], block));
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

/// The squared distance of two rows. The error is at most that of the tiles, but the bits may differ.
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

/// Bounds on the error of a distance computed here: relative and absolute.
///
/// The relative bound is twice the worst case of rounding in the sums; the absolute one covers squares that underflow an `f32`.
pub fn rounding(columns: usize) -> (f64, f64) {
    let roundings = CHUNK + columns.div_ceil(CHUNK) + LANES;
    (roundings as f64 * f64::from(f32::EPSILON), 1e-22 * (columns as f64).sqrt())
}
