//! The matrix type of all stages.

use thiserror::Error;

use crate::error::Coded;

/// A dense row-major `f32` matrix, shape `[rows, columns]` with one row per image.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    values: Vec<f32>,
    rows: usize,
    columns: usize,
}

impl Matrix {
    /// Creates a matrix of `columns` columns from `values` in row-major order.
    ///
    /// # Errors
    /// [`ShapeError`] if `columns` is zero or does not divide the number of values.
    pub fn from_rows(values: Vec<f32>, columns: usize) -> Result<Self, ShapeError> {
        if columns == 0 || !values.len().is_multiple_of(columns) {
            return Err(ShapeError { values: values.len(), columns });
        }
        Ok(Self { rows: values.len() / columns, columns, values })
    }

    /// A matrix of zeros, shape `[rows, columns]`.
    pub fn zeros(rows: usize, columns: usize) -> Self {
        Self { values: vec![0.0; rows * columns], rows, columns }
    }

    /// The number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The number of columns.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Row `index`, of length [`Self::columns`].
    ///
    /// # Panics
    /// If `index` is out of range.
    pub fn row(&self, index: usize) -> &[f32] {
        &self.values[index * self.columns..(index + 1) * self.columns]
    }

    /// Row `index`, mutable.
    ///
    /// # Panics
    /// If `index` is out of range.
    pub fn row_mut(&mut self, index: usize) -> &mut [f32] {
        &mut self.values[index * self.columns..(index + 1) * self.columns]
    }

    /// The first `rows` rows, or all if there are fewer.
    pub fn first_rows(&self, rows: usize) -> Self {
        let rows = rows.min(self.rows);
        Self { values: self.values[..rows * self.columns].to_vec(), rows, columns: self.columns }
    }

    /// All values in row-major order.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// All values in row-major order, mutable.
    pub fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    /// Converts into the values in row-major order.
    pub fn into_values(self) -> Vec<f32> {
        self.values
    }
}

/// The number of values is not a multiple of the number of columns.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("{values} values do not form whole rows of {columns}")]
pub struct ShapeError {
    /// The number of values.
    pub values: usize,
    /// The requested number of columns.
    pub columns: usize,
}

impl Coded for ShapeError {
    fn code(&self) -> &'static str {
        "bad-shape"
    }
}
