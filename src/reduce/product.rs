//! Products of dense matrices: the kernel of PCA.

use std::ops::{AddAssign, Mul};

/// A dense row-major matrix.
#[derive(Clone, Debug)]
pub struct Dense<T> {
    /// The values in row-major order.
    pub values: Vec<T>,
    /// The number of columns, at least 1.
    pub columns: usize,
}

/// A matrix in double precision.
pub type Wide = Dense<f64>;

/// Rows in a tile of the product.
const TILE_ROWS: usize = 4;
/// Columns in a tile in double precision: together with [`TILE_ROWS`], a tile fits in sixteen registers of 128 bits.
const TILE_COLUMNS_F64: usize = 4;
/// Columns in a tile in single precision.
const TILE_COLUMNS_F32: usize = 8;

impl<T: Copy + Default> Dense<T> {
    /// Zeros, shape `[rows, columns]`.
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Self { values: vec![T::default(); rows * columns], columns }
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.values.len() / self.columns
    }

    /// Row `index`.
    pub fn row(&self, index: usize) -> &[T] {
        &self.values[index * self.columns..][..self.columns]
    }

    /// Row `index`, mutable.
    pub fn row_mut(&mut self, index: usize) -> &mut [T] {
        &mut self.values[index * self.columns..][..self.columns]
    }

    /// The transpose.
    pub fn transposed(&self) -> Self {
        let mut new = Self::zeros(self.columns, self.rows());
        let rows = self.rows();
        for (row, values) in self.values.chunks_exact(self.columns).enumerate() {
            for (column, &value) in values.iter().enumerate() {
                new.values[column * rows + row] = value;
            }
        }
        new
    }
}

impl Wide {
    /// Adds `left` times the transpose of `right`, shapes `[rows, inner]` and `[columns, inner]`.
    pub fn add_product(&mut self, left: &Self, right: &Self) {
        self.add::<f64, TILE_COLUMNS_F64>(left, right, false);
    }

    /// Adds `left` times its transpose to the elements on and above the diagonal. Those below are unspecified until
    /// [`Self::mirror`].
    pub fn add_own_product(&mut self, left: &Self) {
        self.add::<f64, TILE_COLUMNS_F64>(left, left, true);
    }

    /// [`Self::add_own_product`] in half the time: each element is summed in single precision before it is added.
    pub fn add_own_product_f32(&mut self, left: &Dense<f32>) {
        self.add::<f32, TILE_COLUMNS_F32>(left, left, true);
    }

    /// Copies the elements above the diagonal of a square matrix to below it.
    pub fn mirror(&mut self) {
        for row in 0..self.columns {
            for column in 0..row {
                self.values[row * self.columns + column] = self.values[column * self.columns + row];
            }
        }
    }

    fn add<T, const TILE_COLUMNS: usize>(&mut self, left: &Dense<T>, right: &Dense<T>, upper_only: bool)
    where
        T: Copy + Default + Mul<Output = T> + AddAssign + Into<f64>,
    {
        let inner = left.columns;
        let mut packed = vec![[T::default(); TILE_COLUMNS]; inner];
        for first_column in (0..right.rows()).step_by(TILE_COLUMNS) {
            let columns = TILE_COLUMNS.min(right.rows() - first_column);
            for column in 0..columns {
                for (lanes, &value) in packed.iter_mut().zip(right.row(first_column + column)) {
                    lanes[column] = value;
                }
            }
            let rows = if upper_only { (first_column + TILE_COLUMNS).min(left.rows()) } else { left.rows() };
            for first_row in (0..rows).step_by(TILE_ROWS) {
                // A tile past the end repeats the last row, whose extra results are dropped.
                let tile = std::array::from_fn(|row| left.row((first_row + row).min(left.rows() - 1)));
                let sums = product_tile(tile, &packed);
                for (row, sums) in sums.iter().enumerate().take(left.rows() - first_row) {
                    let target = &mut self.row_mut(first_row + row)[first_column..first_column + columns];
                    for (target, &sum) in target.iter_mut().zip(sums) {
                        *target += sum.into();
                    }
                }
            }
        }
    }
}

fn product_tile<T, const COLUMNS: usize>(rows: [&[T]; TILE_ROWS], packed: &[[T; COLUMNS]]) -> [[T; COLUMNS]; TILE_ROWS]
where
    T: Copy + Default + Mul<Output = T> + AddAssign,
{
    let rows = rows.map(|row| &row[..packed.len()]);
    let mut sums = [[T::default(); COLUMNS]; TILE_ROWS];
    for (index, lanes) in packed.iter().enumerate() {
        for (sums, row) in sums.iter_mut().zip(rows) {
            for (sum, &lane) in sums.iter_mut().zip(lanes) {
                *sum += row[index] * lane;
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::{Dense, Wide};

    fn numbers(rows: usize, columns: usize) -> Wide {
        Wide { values: (0..rows * columns).map(|value| (value % 7) as f64 - 2.0).collect(), columns }
    }

    #[test]
    fn multiplies_shapes_that_do_not_fill_a_tile() {
        let (left, right) = (numbers(5, 3), numbers(6, 3));
        let mut product = Wide::zeros(5, 6);
        product.add_product(&left, &right);
        for row in 0..5 {
            for column in 0..6 {
                let expected: f64 = (0..3).map(|inner| left.row(row)[inner] * right.row(column)[inner]).sum();
                assert_eq!(product.row(row)[column], expected);
            }
        }
        let mut own = Wide::zeros(6, 6);
        own.add_own_product(&right);
        own.mirror();
        let mut whole = Wide::zeros(6, 6);
        whole.add_product(&right, &right);
        assert_eq!(own.values, whole.values);
        let single = Dense { values: right.values.iter().map(|&value| value as f32).collect(), columns: right.columns };
        let mut own = Wide::zeros(6, 6);
        own.add_own_product_f32(&single);
        own.mirror();
        assert_eq!(own.values, whole.values);
    }
}
