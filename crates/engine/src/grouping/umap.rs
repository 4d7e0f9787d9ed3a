//! The recipe `umap` on its way through the workers: neighbours in all of them, the layout in one.

use futures_util::stream::{self, StreamExt, TryStreamExt};
use js_sys::{Array, Float32Array, Uint32Array};

use crate::Operation;
use crate::add::unexpected;
use crate::grouping::space::{Points, SEARCHED};
use crate::grouping::steps::Steps;
use crate::pool::Pool;
use shoal::reduce::umap::UmapParams;
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::bulk_as;
use shoal_protocol::{FromWorker, ToWorker};

/// Parts that the search for neighbours is divided into, for progress and so that it can be stopped.
const NEIGHBOUR_PARTS: usize = 24;
/// Parts that the layout is divided into, likewise.
const LAYOUT_PARTS: u32 = 25;
/// How many steps of progress all of it is.
pub const STEPS: usize = NEIGHBOUR_PARTS + LAYOUT_PARTS as usize;

/// Lays out the points that every worker holds as [`SEARCHED`].
pub async fn lay_out(
    operation: &Operation<'_>,
    pool: &Pool,
    points: &Points,
    seed: u32,
    steps: &Steps<'_>,
) -> Result<Points, ApiError> {
    let (neighbours, distances, count) = neighbours(operation, pool, points.rows(), steps).await?;
    let message = ToWorker::BeginLayout { matrix: SEARCHED, count, seed };
    let reply = pool.run_on(0, message, Array::of2(&neighbours, &distances)).await?;
    let (FromWorker::LayoutBegun { epochs }, _) = reply else { return Err(unexpected()) };
    for part in 0..LAYOUT_PARTS {
        operation.check()?;
        let until = |part: u32| u64::from(epochs) * u64::from(part) / u64::from(LAYOUT_PARTS);
        let epochs = (until(part + 1) - until(part)) as u32;
        pool.run_on(0, ToWorker::RunLayout { epochs }, Array::new()).await?;
        steps.done();
    }
    operation.check()?;
    let (FromWorker::LaidOut { columns }, bulk) = pool.run_on(0, ToWorker::EndLayout, Array::new()).await? else {
        return Err(unexpected());
    };
    Ok(Points::together(bulk_as(&bulk, 0)?, columns))
}

async fn neighbours(
    operation: &Operation<'_>,
    pool: &Pool,
    rows: usize,
    steps: &Steps<'_>,
) -> Result<(Uint32Array, Float32Array, usize), ApiError> {
    let part_rows = rows.div_ceil(NEIGHBOUR_PARTS).max(1);
    let parts: Vec<_> = stream::iter((0..rows).step_by(part_rows))
        .map(|first_row| async move {
            operation.check()?;
            let end_row = (first_row + part_rows).min(rows);
            let count = UmapParams::new().others();
            let message = ToWorker::Neighbours { matrix: SEARCHED, first_row, end_row, count };
            let (FromWorker::Neighbours { count }, bulk) = pool.run(message, None, Array::new()).await? else {
                return Err(unexpected());
            };
            steps.done();
            Ok((first_row, count, bulk_as::<Uint32Array>(&bulk, 0)?, bulk_as::<Float32Array>(&bulk, 1)?))
        })
        .buffered(pool.workers() * 2)
        .try_collect()
        .await?;
    let count = parts.first().map_or(0, |(_, count, ..)| *count);
    let neighbours = Uint32Array::new_with_length((rows * count) as u32);
    let distances = Float32Array::new_with_length((rows * count) as u32);
    for (first_row, _, rows, values) in &parts {
        neighbours.set(rows, (first_row * count) as u32);
        distances.set(values, (first_row * count) as u32);
    }
    Ok((neighbours, distances, count))
}
