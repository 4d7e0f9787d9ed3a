//! Handlers that turn features into the points that are clustered.

use js_sys::{Float32Array, Uint32Array};
use shoal::cluster::neighbour_cells;
use shoal::cluster::neighbours::{self, Neighbours};
use shoal::matrix::Matrix;
use shoal::options::Recipe;
use shoal::reduce::umap::{Layout, UmapParams};
use shoal::reduce::{self, Prepared, smooth};
use shoal_browser::api_error::ApiError;
use shoal_browser::worker_scope::Handle;
use shoal_protocol::{
    ApplyRecipe, BeginLayout, Cells, DivideIntoCells, EndLayout, FindNeighbours, LayoutPoints, NeighbourRows,
    RunLayout, SmoothPoints, Transformed,
};

use crate::WorkerState;
use crate::error::WorkerError;

impl Handle<ApplyRecipe> for WorkerState {
    async fn handle(&self, ApplyRecipe { matrix, recipe }: ApplyRecipe) -> Result<Transformed, ApiError> {
        let features = self.matrices.borrow_mut().remove(matrix)?;
        let Prepared { points, evaluated, pca3, explained, variance_kept } = reduce::prepare_owned(features, recipe)?;
        let empty = || Float32Array::new_with_length(0);
        Ok(Transformed {
            // The plain recipe's points are the features, which the page has.
            points: if recipe == Recipe::Plain { empty() } else { values_of(&points) },
            columns: points.columns(),
            evaluated: evaluated.as_ref().map_or_else(empty, values_of),
            evaluated_columns: evaluated.as_ref().map(Matrix::columns),
            pca3: values_of(&pca3),
            explained,
            variance_kept,
        })
    }
}

impl Handle<DivideIntoCells> for WorkerState {
    async fn handle(&self, DivideIntoCells { matrix }: DivideIntoCells) -> Result<Cells, ApiError> {
        let cells = neighbour_cells::divide(self.matrices.borrow().get(matrix)?)?;
        Ok(Cells { cells: Uint32Array::from(cells.as_slice()) })
    }
}

impl Handle<FindNeighbours> for WorkerState {
    async fn handle(&self, request: FindNeighbours) -> Result<NeighbourRows, ApiError> {
        let FindNeighbours { matrix, first_row, end_row, count, cells } = request;
        let (matrices, rows) = (self.matrices.borrow(), first_row..end_row);
        let points = matrices.get(matrix)?;
        let found = match cells.to_vec().as_slice() {
            [] => neighbours::nearest_rows(points, rows, count)?,
            cells => neighbour_cells::nearest_rows(points, cells, rows, count)?,
        };
        Ok(NeighbourRows {
            count: found.count,
            rows: Uint32Array::from(found.rows.as_slice()),
            distances: Float32Array::from(found.distances.as_slice()),
        })
    }
}

impl Handle<SmoothPoints> for WorkerState {
    async fn handle(&self, SmoothPoints { matrix, neighbours }: SmoothPoints) -> Result<LayoutPoints, ApiError> {
        let points = smooth::smooth(self.matrices.borrow().get(matrix)?, &neighbours_of(&neighbours))?;
        Ok(LayoutPoints { points: values_of(&points), columns: points.columns() })
    }
}

impl Handle<BeginLayout> for WorkerState {
    async fn handle(&self, BeginLayout { matrix, neighbours, seed }: BeginLayout) -> Result<u32, ApiError> {
        let params = UmapParams::new().with_seed(seed);
        let layout = Layout::new(self.matrices.borrow().get(matrix)?, &neighbours_of(&neighbours), &params)?;
        let epochs = layout.epochs();
        self.layout.replace(Some(layout));
        Ok(epochs)
    }
}

impl Handle<RunLayout> for WorkerState {
    async fn handle(&self, RunLayout { epochs }: RunLayout) -> Result<(), ApiError> {
        self.layout.borrow_mut().as_mut().ok_or(WorkerError::NoLayout)?.run(epochs);
        Ok(())
    }
}

impl Handle<EndLayout> for WorkerState {
    async fn handle(&self, _: EndLayout) -> Result<LayoutPoints, ApiError> {
        let points = self.layout.take().ok_or(WorkerError::NoLayout)?.finish();
        Ok(LayoutPoints { points: values_of(&points), columns: points.columns() })
    }
}

fn neighbours_of(posted: &NeighbourRows) -> Neighbours {
    Neighbours { count: posted.count, rows: posted.rows.to_vec(), distances: posted.distances.to_vec() }
}

fn values_of(matrix: &Matrix) -> Float32Array {
    Float32Array::from(matrix.values())
}
