//! Sending points to workers.

use futures_util::future::try_join_all;
use shoal_browser::api_error::ApiError;
use shoal_protocol::MatrixId;

use super::client::Client;
use super::points::Points;
use crate::operation::Operation;

impl Points {
    /// Sends these points to every worker as `matrix`.
    pub async fn put_everywhere(
        &self,
        operation: &Operation,
        client: &Client,
        matrix: MatrixId,
    ) -> Result<(), ApiError> {
        let workers: Vec<usize> = (0..client.workers()).collect();
        self.put(operation, client, matrix, &workers).await
    }

    /// Sends these points to `workers` as `matrix`.
    pub async fn put(
        &self,
        operation: &Operation,
        client: &Client,
        matrix: MatrixId,
        workers: &[usize],
    ) -> Result<(), ApiError> {
        for &worker in workers {
            client.keep(worker, matrix, self);
        }
        for rows in self.clone().into_messages(matrix) {
            try_join_all(workers.iter().map(|&worker| client.call_on(worker, rows.clone()))).await?;
            operation.check()?;
        }
        Ok(())
    }
}
