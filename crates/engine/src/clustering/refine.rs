//! The last step of recipes that need the nearest neighbours of every row: these are found in all workers, the rest is
//! computed in one.

use futures_util::stream::{self, StreamExt, TryStreamExt};
use js_sys::{Float32Array, Uint32Array};
use shoal::cluster::neighbour_cells::EXACT_ROWS_MAX;
use shoal::options::Recipe;
use shoal::reduce::smooth;
use shoal::reduce::umap::UmapParams;
use shoal_browser::api_error::ApiError;
use shoal_protocol::{
    BeginLayout, DivideIntoCells, EndLayout, FindNeighbours, MatrixId, NeighbourRows, RunLayout, SmoothPoints,
};

use super::steps::Steps;
use crate::compute::{Client, Points, SEARCHED};
use crate::operation::Operation;

/// How many parts the search for neighbours has, for progress and cancellation.
const NEIGHBOUR_PARTS: usize = 24;
/// How many parts the layout has, for progress and cancellation.
const LAYOUT_PARTS: u32 = 25;

/// How many steps of progress the last step of a recipe has.
pub fn steps(recipe: Recipe) -> usize {
    match recipe {
        Recipe::Spherical | Recipe::Plain => 0,
        Recipe::Smooth => NEIGHBOUR_PARTS,
        Recipe::Umap => NEIGHBOUR_PARTS + LAYOUT_PARTS as usize,
    }
}

/// Applies the last step of `recipe`, if it has one, to the points, which every worker must have as
/// [`SEARCHED`]. Returns `None` if the recipe has none.
pub async fn refine(
    operation: &Operation,
    client: &Client,
    recipe: Recipe,
    rows: usize,
    seed: u32,
    steps: &Steps<'_>,
) -> Result<Option<Points>, ApiError> {
    let neighbours = async |count| {
        let cells = if rows > EXACT_ROWS_MAX {
            // One worker learns the cells, so that all workers search the same ones.
            client.call_on(0, DivideIntoCells { matrix: SEARCHED }).await?.cells
        } else {
            Uint32Array::new_with_length(0)
        };
        let search = NeighbourSearch { matrix: SEARCHED, rows, count, cells };
        find_neighbours(operation, client, search, || steps.advance()).await
    };
    match recipe {
        Recipe::Spherical | Recipe::Plain => Ok(None),
        Recipe::Smooth => {
            let neighbours = neighbours(smooth::NEIGHBOURS).await?;
            let smoothed = client.call_on(0, SmoothPoints { matrix: SEARCHED, neighbours }).await?;
            operation.check()?;
            Ok(Some(Points::joined(smoothed.points, smoothed.columns)))
        }
        Recipe::Umap => {
            let neighbours = neighbours(UmapParams::new().others()).await?;
            lay_out(operation, client, neighbours, seed, steps).await.map(Some)
        }
    }
}

/// The layout of UMAP.
async fn lay_out(
    operation: &Operation,
    client: &Client,
    neighbours: NeighbourRows,
    seed: u32,
    steps: &Steps<'_>,
) -> Result<Points, ApiError> {
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

/// What to search for neighbours.
pub struct NeighbourSearch {
    /// The points, which every worker must have.
    pub matrix: MatrixId,
    /// How many points there are.
    pub rows: usize,
    /// How many neighbours to find for each.
    pub count: usize,
    /// The points' cells for an approximate search; empty for an exact one.
    pub cells: Uint32Array,
}

/// The nearest neighbours of every row of a matrix, found in parts by all workers.
pub async fn find_neighbours(
    operation: &Operation,
    client: &Client,
    search: NeighbourSearch,
    on_part: impl Fn(),
) -> Result<NeighbourRows, ApiError> {
    let NeighbourSearch { matrix, rows, count, cells } = search;
    let part_rows = rows.div_ceil(NEIGHBOUR_PARTS).max(1);
    let (on_part, cells) = (&on_part, &cells);
    let parts: Vec<(usize, NeighbourRows)> = stream::iter((0..rows).step_by(part_rows))
        .map(|first_row| async move {
            operation.check()?;
            let end_row = (first_row + part_rows).min(rows);
            let found = client.call(FindNeighbours { matrix, first_row, end_row, count, cells: cells.clone() }).await?;
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
