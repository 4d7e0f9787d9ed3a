//! The recipe `umap` in the workers: neighbours in all of them, the layout in one.

use futures_util::stream::{self, StreamExt, TryStreamExt};
use js_sys::{Float32Array, Uint32Array};
use shoal::reduce::umap::UmapParams;
use shoal_browser::api_error::ApiError;
use shoal_protocol::{BeginLayout, EndLayout, FindNeighbours, MatrixId, NeighbourRows, RunLayout};

use super::steps::Steps;
use crate::compute::{Client, Points, SEARCHED};
use crate::operation::Operation;

/// How many parts the search for neighbours has, for progress and cancellation.
const NEIGHBOUR_PARTS: usize = 24;
/// How many parts the layout has, for progress and cancellation.
const LAYOUT_PARTS: u32 = 25;
/// How many steps of progress both take.
pub const STEPS: usize = NEIGHBOUR_PARTS + LAYOUT_PARTS as usize;

/// Lays out the points, which every worker must have as [`SEARCHED`].
pub async fn lay_out(
    operation: &Operation,
    client: &Client,
    points: &Points,
    seed: u32,
    steps: &Steps<'_>,
) -> Result<Points, ApiError> {
    let count = UmapParams::new().others();
    let neighbours = find_neighbours(operation, client, SEARCHED, points.rows(), count, || steps.advance()).await?;
    let epochs = client.call_on(0, BeginLayout { matrix: SEARCHED, neighbours, seed }).await?;
    for part in 0..LAYOUT_PARTS {
        operation.check()?;
        let until = |part: u32| u64::from(epochs) * u64::from(part) / u64::from(LAYOUT_PARTS);
        client.call_on(0, RunLayout { epochs: (until(part + 1) - until(part)) as u32 }).await?;
        steps.advance();
    }
    operation.check()?;
    let layout = client.call_on(0, EndLayout {}).await?;
    Ok(Points::joined(layout.points, layout.columns))
}

/// The nearest neighbours of every row of a matrix, found in parts by all workers, which must have the matrix.
pub async fn find_neighbours(
    operation: &Operation,
    client: &Client,
    matrix: MatrixId,
    rows: usize,
    count: usize,
    on_part: impl Fn(),
) -> Result<NeighbourRows, ApiError> {
    let part_rows = rows.div_ceil(NEIGHBOUR_PARTS).max(1);
    let on_part = &on_part;
    let parts: Vec<(usize, NeighbourRows)> = stream::iter((0..rows).step_by(part_rows))
        .map(|first_row| async move {
            operation.check()?;
            let end_row = (first_row + part_rows).min(rows);
            let found = client.call(FindNeighbours { matrix, first_row, end_row, count }).await?;
            on_part();
            Ok::<_, ApiError>((first_row, found))
        })
        .buffered(client.workers() * 2)
        .try_collect()
        .await?;
    operation.check()?;
    let count = parts.first().map_or(0, |(_, found)| found.count);
    let neighbours = Uint32Array::new_with_length((rows * count) as u32);
    let distances = Float32Array::new_with_length((rows * count) as u32);
    for (first_row, found) in &parts {
        neighbours.set(&found.rows, (first_row * count) as u32);
        distances.set(&found.distances, (first_row * count) as u32);
    }
    Ok(NeighbourRows { count, rows: neighbours, distances })
}
