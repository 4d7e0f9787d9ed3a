//! Points on the page.

use std::rc::Rc;

use js_sys::Float32Array;
use shoal_protocol::{MatrixId, PutRows};

/// The features as the network computed them, in one worker.
pub const FEATURES: MatrixId = 0;
/// The points used to evaluate clusters, in every worker.
pub const EVALUATED: MatrixId = 1;
/// The points that are clustered, in every worker.
pub const SEARCHED: MatrixId = 2;
/// Every matrix that a worker may have.
pub const MATRICES: [MatrixId; 3] = [FEATURES, EVALUATED, SEARCHED];
/// About how many values one message has, so that copying it does not block the page.
const VALUES_PER_MESSAGE: usize = 1 << 20;

/// Points outside this program's memory, one row per image.
#[derive(Clone)]
pub struct Points {
    values: Values,
    rows: usize,
    columns: usize,
}

#[derive(Clone)]
enum Values {
    /// One array, row after row.
    Joined(Float32Array),
    /// One array per row.
    Separate(Rc<Vec<Float32Array>>),
}

impl Points {
    /// Points in one array, row after row.
    pub fn joined(values: Float32Array, columns: usize) -> Self {
        Self { rows: values.length() as usize / columns.max(1), values: Values::Joined(values), columns }
    }

    /// Points in one array per row, all of the same length.
    pub fn separate(rows: Vec<Float32Array>) -> Self {
        let columns = rows.first().map_or(0, |first| first.length() as usize);
        Self { rows: rows.len(), values: Values::Separate(Rc::new(rows)), columns }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Only these rows.
    pub fn select(&self, rows: &[usize]) -> Self {
        Self::separate(rows.iter().map(|&row| self.row(row)).collect())
    }

    /// The messages that give a worker these points as `matrix`.
    pub fn into_messages(self, matrix: MatrixId) -> impl Iterator<Item = PutRows> {
        let rows_per_message = (VALUES_PER_MESSAGE / self.columns.max(1)).max(1);
        (0..self.rows).step_by(rows_per_message).map(move |first_row| {
            let values = self.slice(first_row, (first_row + rows_per_message).min(self.rows));
            PutRows { matrix, rows: self.rows, columns: self.columns, first_row, values }
        })
    }

    fn row(&self, row: usize) -> Float32Array {
        match &self.values {
            Values::Joined(values) => values.subarray((row * self.columns) as u32, ((row + 1) * self.columns) as u32),
            Values::Separate(rows) => rows[row].clone(),
        }
    }

    /// A copy of some rows, in one array.
    fn slice(&self, first_row: usize, end_row: usize) -> Float32Array {
        match &self.values {
            Values::Joined(values) => values.slice((first_row * self.columns) as u32, (end_row * self.columns) as u32),
            Values::Separate(rows) => {
                let values = Float32Array::new_with_length(((end_row - first_row) * self.columns) as u32);
                for (place, row) in rows[first_row..end_row].iter().enumerate() {
                    values.set(row, (place * self.columns) as u32);
                }
                values
            }
        }
    }
}
