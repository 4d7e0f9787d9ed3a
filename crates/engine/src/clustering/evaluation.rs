//! Evaluation of clusters: silhouettes in tiles by all workers, the other scores by one of them.

use futures_util::stream::{self, StreamExt};
use js_sys::Uint32Array;
use shoal::cluster::evaluate::REPRESENTATIVES;
use shoal::cluster::silhouette;
use shoal_browser::api_error::ApiError;
use shoal_protocol::{ClusterEvaluation, Evaluate, Silhouettes, labels_from_wire, labels_to_wire};

use super::transform::Transform;
use crate::compute::{Client, EVALUATED};
use crate::operation::Operation;

/// About how many coordinates the distances of one tile take, which is a few tens of milliseconds of work.
const COORDINATES_PER_TILE: usize = 20_000_000;

/// Silhouettes of all rows.
pub struct AllSilhouettes {
    /// The silhouettes, shape `[n]`; NaN where a row has none.
    pub values: Vec<f32>,
    /// The nearest cluster other than a row's own, shape `[n]`.
    pub nearest_others: Vec<Option<u32>>,
    /// Whether rows were compared with a sample of the others.
    pub is_sampled: bool,
}

/// The silhouettes of all rows. Every worker must have the transform's points for evaluation. Stops with `cancelled` when
/// `keep_on`, which is called before every tile, returns `false`.
pub async fn silhouettes(
    operation: &Operation,
    client: &Client,
    transform: &Transform,
    labels: &[Option<u32>],
    keep_on: impl Fn() -> bool,
) -> Result<AllSilhouettes, ApiError> {
    let references = silhouette::reference_rows(labels, 0);
    let compared = references.as_ref().map_or(labels.len(), Vec::len);
    let is_sampled = references.is_some();
    let references = Uint32Array::from(references.unwrap_or_default().as_slice());
    let labels = Uint32Array::from(labels_to_wire(labels).as_slice());
    let rows = transform.evaluated.rows();
    let tile_rows = (COORDINATES_PER_TILE / (compared * transform.evaluated.columns()).max(1)).clamp(16, rows.max(16));
    let (labels, references, keep_on) = (&labels, &references, &keep_on);
    let mut tiles = stream::iter((0..rows).step_by(tile_rows))
        .map(|first_row| async move {
            if !keep_on() {
                return Err(ApiError::cancelled());
            }
            let end_row = (first_row + tile_rows).min(rows);
            let (labels, references) = (labels.clone(), references.clone());
            client.call(Silhouettes { matrix: EVALUATED, first_row, end_row, labels, references }).await
        })
        .buffered(client.workers() * 4);
    let mut found =
        AllSilhouettes { values: Vec::with_capacity(rows), nearest_others: Vec::with_capacity(rows), is_sampled };
    while let Some(tile) = tiles.next().await {
        operation.check()?;
        let tile = tile?;
        found.values.extend(tile.values.to_vec());
        found.nearest_others.extend(labels_from_wire(tile.nearest_others.to_vec()));
    }
    drop(tiles);
    Ok(found)
}

/// Scores of `k` clusters as a whole. Every worker must have the transform's points for evaluation.
pub async fn evaluate(client: &Client, labels: &[Option<u32>], k: usize) -> Result<ClusterEvaluation, ApiError> {
    let labels = Uint32Array::from(labels_to_wire(labels).as_slice());
    client.call(Evaluate { matrix: EVALUATED, k, representatives: REPRESENTATIVES, labels }).await
}
