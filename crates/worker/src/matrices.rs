//! The matrices that a worker keeps between requests, and their handlers.

use std::collections::HashMap;

use shoal::matrix::Matrix;
use shoal_browser::api_error::ApiError;
use shoal_browser::worker_scope::Handle;
use shoal_protocol::{DropMatrix, MatrixId, PutRows};

use crate::WorkerState;
use crate::error::WorkerError;

/// Matrices by id. The page chooses the ids.
#[derive(Default)]
pub struct Matrices(HashMap<MatrixId, Matrix>);

impl Matrices {
    /// A matrix.
    pub fn get(&self, id: MatrixId) -> Result<&Matrix, WorkerError> {
        self.0.get(&id).ok_or(WorkerError::UnknownMatrix)
    }

    /// Removes a matrix.
    pub fn remove(&mut self, id: MatrixId) -> Result<Matrix, WorkerError> {
        self.0.remove(&id).ok_or(WorkerError::UnknownMatrix)
    }

    /// Writes `values` starting at row `first_row`. Row 0 creates a matrix of `rows` x `columns`.
    fn put(
        &mut self,
        id: MatrixId,
        rows: usize,
        columns: usize,
        first_row: usize,
        values: &[f32],
    ) -> Result<(), WorkerError> {
        if first_row == 0 {
            self.0.insert(id, Matrix::zeros(rows, columns));
        }
        let matrix = self.0.get_mut(&id).ok_or(WorkerError::UnknownMatrix)?;
        let start = first_row * columns;
        let target = matrix.values_mut().get_mut(start..start + values.len()).ok_or(WorkerError::NoSuchRows)?;
        target.copy_from_slice(values);
        Ok(())
    }
}

impl Handle<PutRows> for WorkerState {
    async fn handle(&self, request: PutRows) -> Result<(), ApiError> {
        let PutRows { matrix, rows, columns, first_row, values } = request;
        Ok(self.matrices.borrow_mut().put(matrix, rows, columns, first_row, &values.to_vec())?)
    }
}

impl Handle<DropMatrix> for WorkerState {
    async fn handle(&self, DropMatrix { matrix }: DropMatrix) -> Result<(), ApiError> {
        // It may never have reached this worker.
        let _ = self.matrices.borrow_mut().remove(matrix);
        Ok(())
    }
}
