//! Products of matrices in double precision, the kernel under PCA.

/// A dense row-major matrix in double precision.
#[derive(Clone, Debug)]
pub struct Wide {
    /// The values, row after row.
    pub values: Vec<f64>,
    /// The number of columns, at least 1.
    pub columns: usize,
}

/// Rows and columns of the product that are summed at a time: what sixteen registers of 128 bits hold.
const TILE: usize = 4;

impl Wide {
    /// Zeros, shape `[rows, columns]`.
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Self { values: vec![0.0; rows * columns], columns }
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.values.len() / self.columns
    }

    /// Row `index`.
    pub fn row(&self, index: usize) -> &[f64] {
        &self.values[index * self.columns..][..self.columns]
    }

    /// Row `index`, to write to.
    pub fn row_mut(&mut self, index: usize) -> &mut [f64] {
        &mut self.values[index * self.columns..][..self.columns]
    }

    /// Rows as columns.
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

    /// Adds `left` times `right` transposed, shapes `[rows, inner]` and `[columns, inner]`.
    pub fn add_product(&mut self, left: &Self, right: &Self) {
        self.add(left, right, false);
    }

    /// Adds `left` times itself transposed to what lies on and above the diagonal; what lies below is left in part undone.
    pub fn add_own_product(&mut self, left: &Self) {
        self.add(left, left, true);
    }

    /// Copies what lies above the diagonal of a square matrix to below it.
    pub fn mirror(&mut self) {
        for row in 0..self.columns {
            for column in 0..row {
                self.values[row * self.columns + column] = self.values[column * self.columns + row];
            }
        }
    }

    fn add(&mut self, left: &Self, right: &Self, upper_only: bool) {
        let inner = left.columns;
        let mut packed = vec![[0.0; TILE]; inner];
        for first_column in (0..right.rows()).step_by(TILE) {
            let columns = TILE.min(right.rows() - first_column);
            for column in 0..columns {
                for (lanes, &value) in packed.iter_mut().zip(right.row(first_column + column)) {
                    lanes[column] = value;
                }
            }
            let rows = if upper_only { (first_column + TILE).min(left.rows()) } else { left.rows() };
            for first_row in (0..rows).step_by(TILE) {
                // Past the end the last row is taken again, and what it gives is dropped.
                let tile = std::array::from_fn(|row| left.row((first_row + row).min(left.rows() - 1)));
                let sums = product_tile(tile, &packed);
                for (row, sums) in sums.iter().enumerate().take(left.rows() - first_row) {
                    let target = &mut self.row_mut(first_row + row)[first_column..first_column + columns];
                    for (target, sum) in target.iter_mut().zip(sums) {
                        *target += sum;
                    }
                }
            }
        }
    }
}

fn product_tile(rows: [&[f64]; TILE], packed: &[[f64; TILE]]) -> [[f64; TILE]; TILE] {
    let rows = rows.map(|row| &row[..packed.len()]);
    let mut sums = [[0.0; TILE]; TILE];
    for (index, lanes) in packed.iter().enumerate() {
        for (sums, row) in sums.iter_mut().zip(rows) {
            for (sum, lane) in sums.iter_mut().zip(lanes) {
                *sum += row[index] * lane;
            }
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::Wide;

    fn counted(rows: usize, columns: usize) -> Wide {
        Wide { values: (0..rows * columns).map(|value| (value % 7) as f64 - 2.0).collect(), columns }
    }

    #[test]
    fn multiplies_shapes_that_fill_no_tile() {
        let (left, right) = (counted(5, 3), counted(6, 3));
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
    }
}
