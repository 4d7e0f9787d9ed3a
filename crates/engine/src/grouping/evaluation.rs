//! How good groups are, whoever made them: silhouettes in tiles over the workers, the rest in one of them.

use futures_util::stream::{self, StreamExt};
use js_sys::{Array, Uint32Array};

use crate::Operation;
use crate::add::unexpected;
use crate::grouping::space::{EVALUATED, Space};
use crate::pool::Pool;
use shoal::cluster::silhouette;
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::{bulk_f32, bulk_u32, read_labels, wire_labels};
use shoal_protocol::{FromWorker, ToWorker};

/// A silhouette job covers about this many distances' coordinates: a few tens of milliseconds.
const COORDINATES_A_TILE: usize = 20_000_000;
/// How many pictures show a cluster.
const REPRESENTATIVES: usize = 12;

/// Every row's silhouette.
pub struct Silhouettes {
    /// The silhouettes, shape `[n]`; NaN where there is none.
    pub values: Vec<f32>,
    /// The cluster that a row is nearest to among the others, shape `[n]`.
    pub next: Vec<Option<u32>>,
    /// Whether rows were compared with a sample of the others only.
    pub sampled: bool,
}

/// What is said of the groups as a whole.
pub struct Evaluation {
    /// Every row's distance to the centre of its cluster, shape `[n]`; NaN where there is none.
    pub distances: Vec<f32>,
    /// Davies and Bouldin's index.
    pub davies_bouldin: Option<f64>,
    /// Calinski and Harabasz's index.
    pub calinski_harabasz: Option<f64>,
    /// The sum of squared distances to the centres.
    pub inertia: f64,
    /// The rows nearest to each centre.
    pub representatives: Vec<Vec<usize>>,
}

/// Every row's silhouette. Every worker holds the space's judged points. `keep_on` is asked before every tile whether to.
pub async fn silhouettes(
    operation: &Operation<'_>,
    pool: &Pool,
    space: &Space,
    labels: &[Option<u32>],
    keep_on: impl Fn() -> bool,
) -> Result<Silhouettes, ApiError> {
    let references = silhouette::reference_rows(labels, 0);
    let compared = references.as_ref().map_or(labels.len(), Vec::len);
    let sampled = references.is_some();
    let bulk = Array::of1(&wire_labels(labels));
    if let Some(references) = references {
        bulk.push(&Uint32Array::from(references.as_slice()));
    }
    let rows = space.evaluated.rows();
    let tile_rows = (COORDINATES_A_TILE / (compared * space.evaluated.columns()).max(1)).clamp(16, rows.max(16));
    let (bulk, keep_on) = (&bulk, &keep_on);
    let mut tiles = stream::iter((0..rows).step_by(tile_rows))
        .map(|first_row| async move {
            if !keep_on() {
                return Err(ApiError::cancelled());
            }
            let end_row = (first_row + tile_rows).min(rows);
            pool.run(ToWorker::Silhouettes { matrix: EVALUATED, first_row, end_row }, None, bulk.clone()).await
        })
        .buffered(pool.workers() * 4);
    let mut found = Silhouettes { values: Vec::with_capacity(rows), next: Vec::with_capacity(rows), sampled };
    while let Some(tile) = tiles.next().await {
        operation.check()?;
        let (FromWorker::Silhouettes, bulk) = tile? else { return Err(unexpected()) };
        found.values.extend(bulk_f32(&bulk, 0)?);
        found.next.extend(read_labels(bulk_u32(&bulk, 1)?));
    }
    drop(tiles);
    Ok(found)
}

/// Judges `k` groups as a whole. Every worker holds the space's judged points.
pub async fn evaluate(pool: &Pool, labels: &[Option<u32>], k: usize) -> Result<Evaluation, ApiError> {
    let message = ToWorker::Evaluate { matrix: EVALUATED, k, representatives: REPRESENTATIVES };
    let reply = pool.run(message, None, Array::of1(&wire_labels(labels))).await?;
    let (FromWorker::Evaluated { davies_bouldin, calinski_harabasz, inertia, representatives }, bulk) = reply else {
        return Err(unexpected());
    };
    Ok(Evaluation { distances: bulk_f32(&bulk, 0)?, davies_bouldin, calinski_harabasz, inertia, representatives })
}
