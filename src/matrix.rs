//! The one matrix type that the stages hand each other.

use thiserror::Error;

use crate::error::Coded;

/// A dense row-major `f32` matrix, shape `[rows, columns]`: one row a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    values: Vec<f32>,
    rows: usize,
    columns: usize,
}

impl Matrix {
    /// Takes `values`, row after row, as a matrix of `columns` columns.
    ///
    /// # Errors
    /// [`ShapeError`] when `columns` is zero or does not divide the number of values.
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

    /// Row `index`, of length [`Self::columns`]. Panics when `index` is out of range, as a slice does.
    pub fn row(&self, index: usize) -> &[f32] {
        &self.values[index * self.columns..(index + 1) * self.columns]
    }

    /// Row `index`, to write to.
    pub fn row_mut(&mut self, index: usize) -> &mut [f32] {
        &mut self.values[index * self.columns..(index + 1) * self.columns]
    }

    /// All values, row after row.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// All values, row after row, to write to.
    pub fn values_mut(&mut self) -> &mut [f32] {
        &mut self.values
    }

    /// Gives the values back, row after row.
    pub fn into_values(self) -> Vec<f32> {
        self.values
    }
}

/// The number of values does not make whole rows.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("{values} values do not make whole rows of {columns}")]
pub struct ShapeError {
    /// How many values there were.
    pub values: usize,
    /// How many columns were asked for.
    pub columns: usize,
}

impl Coded for ShapeError {
    fn code(&self) -> &'static str {
        "bad-shape"
    }
}
