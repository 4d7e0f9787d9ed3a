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

/// Rows of a tile per labeling: the labels of all rows are sent with every tile, which should stay cheap beside the distances.
const ROWS_PER_LABELING: usize = 8;

/// Silhouettes of all rows.
#[derive(Clone, Default)]
pub struct AllSilhouettes {
    /// The silhouettes, shape `[n]`; NaN where a row has none.
    pub values: Vec<f32>,
    /// The nearest cluster other than a row's own, shape `[n]`.
    pub nearest_others: Vec<Option<u32>>,
    /// Whether rows were compared with a sample of the others.
    pub is_sampled: bool,
}

/// The silhouettes of all rows in each of several labelings, shape `[n]` each. Every worker must have the transform's points for
/// evaluation. Stops with `cancelled` when `keep_on` returns `false`, which is called before every tile, with the share of the
/// work that is done, from 0 to 1.
pub async fn silhouettes(
    operation: &Operation,
    client: &Client,
    transform: &Transform,
    labelings: &[&[Option<u32>]],
    keep_on: impl Fn(f64) -> bool,
) -> Result<Vec<AllSilhouettes>, ApiError> {
    let references: Vec<Option<Vec<u32>>> =
        labelings.iter().map(|labels| silhouette::reference_rows(labels, 0)).collect();
    if references.iter().all(Option::is_none) {
        return Tiles { operation, client, transform, labelings, references: None }.compute(keep_on).await;
    }
    // A sample of references depends on the labels, so that each labeling has its own distances.
    let mut all = Vec::with_capacity(labelings.len());
    for (index, (labels, references)) in labelings.iter().zip(references).enumerate() {
        let tiles = Tiles { operation, client, transform, labelings: &[labels], references };
        all.extend(tiles.compute(|share| keep_on((index as f64 + share) / labelings.len() as f64)).await?);
    }
    Ok(all)
}

/// Silhouettes by the distances to the same references, in tiles of rows.
struct Tiles<'a> {
    operation: &'a Operation,
    client: &'a Client,
    transform: &'a Transform,
    labelings: &'a [&'a [Option<u32>]],
    references: Option<Vec<u32>>,
}

impl Tiles<'_> {
    async fn compute(self, keep_on: impl Fn(f64) -> bool) -> Result<Vec<AllSilhouettes>, ApiError> {
        let Self { operation, client, transform, labelings, references } = self;
        let (rows, columns) = (transform.evaluated.rows(), transform.evaluated.columns());
        let compared = references.as_ref().map_or(rows, Vec::len);
        let is_sampled = references.is_some();
        let tile_rows = (COORDINATES_PER_TILE / (compared * columns).max(1)).max(ROWS_PER_LABELING * labelings.len());
        let tile_rows = tile_rows.clamp(16, rows.max(16));
        let references = Uint32Array::from(references.unwrap_or_default().as_slice());
        let labels = Uint32Array::from(labels_to_wire(&labelings.concat()).as_slice());
        let (labels, references, keep_on) = (&labels, &references, &keep_on);
        let mut tiles = stream::iter((0..rows).step_by(tile_rows))
            .map(|first_row| async move {
                if !keep_on(first_row as f64 / rows as f64) {
                    return Err(ApiError::cancelled());
                }
                let end_row = (first_row + tile_rows).min(rows);
                let (labels, references) = (labels.clone(), references.clone());
                client.call(Silhouettes { matrix: EVALUATED, first_row, end_row, labels, references }).await
            })
            .buffered(client.workers() * 4);
        let empty =
            AllSilhouettes { values: Vec::with_capacity(rows), nearest_others: Vec::with_capacity(rows), is_sampled };
        let mut all = vec![empty; labelings.len()];
        while let Some(tile) = tiles.next().await {
            operation.check()?;
            let tile = tile?;
            let (values, nearest) = (tile.values.to_vec(), labels_from_wire(tile.nearest_others.to_vec()));
            let tile_rows = values.len() / labelings.len().max(1);
            let parts = values.chunks(tile_rows.max(1)).zip(nearest.chunks(tile_rows.max(1)));
            for (found, (values, nearest)) in all.iter_mut().zip(parts) {
                found.values.extend(values);
                found.nearest_others.extend(nearest);
            }
        }
        drop(tiles);
        Ok(all)
    }
}

/// Scores of `k` clusters as a whole. Every worker must have the transform's points for evaluation.
pub async fn evaluate(client: &Client, labels: &[Option<u32>], k: usize) -> Result<ClusterEvaluation, ApiError> {
    let labels = Uint32Array::from(labels_to_wire(labels).as_slice());
    client.call(Evaluate { matrix: EVALUATED, k, representatives: REPRESENTATIVES, labels }).await
}
