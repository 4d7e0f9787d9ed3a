//! Matrices that a worker keeps between requests.

use js_sys::Float32Array;
use serde::{Deserialize, Serialize};

use crate::requests;

requests! {
    PutRows = "putRows" -> ();
    DropMatrix = "dropMatrix" -> ();
}

/// Identifies a matrix that a worker keeps.
pub type MatrixId = u32;

/// Stores rows of a matrix. A message with row 0 creates the matrix, replacing one with the same id.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PutRows {
    /// The matrix to write to.
    pub matrix: MatrixId,
    /// How many rows it has in total.
    pub rows: usize,
    /// How many columns it has.
    pub columns: usize,
    /// The row at which these start.
    pub first_row: usize,
    /// The rows, shape `[m, columns]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub values: Float32Array,
}

/// Frees a matrix.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct DropMatrix {
    /// The matrix to free.
    pub matrix: MatrixId,
}
