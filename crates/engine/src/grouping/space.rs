//! The space that pictures are compared in: what a recipe makes of their features, kept for as long as it holds.

use std::rc::Rc;

use futures_util::future::try_join_all;
use js_sys::{Array, Float32Array};

use crate::add::unexpected;
use crate::embedding::Processor;
use crate::feature_origin::FeatureOrigin;
use crate::pool::Pool;
use crate::{Engine, Operation};
use shoal::cluster::ClusterError;
use shoal::collection::ImageId;
use shoal::matrix::Matrix;
use shoal::options::Recipe;
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::{bulk_as, bulk_f32};
use shoal_protocol::{FromWorker, MatrixId, ToWorker};

/// The features as the network gave them, in one worker.
pub const FEATURES: MatrixId = 0;
/// The points by which clusters are judged, in every worker.
pub const EVALUATED: MatrixId = 1;
/// The points in which clusters are looked for, in every worker.
pub const SEARCHED: MatrixId = 2;
/// Every matrix that a worker may hold.
pub const MATRICES: [MatrixId; 3] = [FEATURES, EVALUATED, SEARCHED];
/// Rows go to a worker in messages of about this many values, so that copying one does not hold up the page.
const VALUES_A_MESSAGE: usize = 1 << 20;

/// Points outside this program's memory: a row a picture.
#[derive(Clone)]
pub struct Points {
    values: Values,
    rows: usize,
    columns: usize,
}

#[derive(Clone)]
enum Values {
    /// One array, row after row.
    Together(Float32Array),
    /// The pictures' own features.
    Apart(Rc<Vec<Float32Array>>),
}

impl Points {
    /// Points that stand in one array, row after row.
    pub fn together(values: Float32Array, columns: usize) -> Self {
        Self { rows: values.length() as usize / columns.max(1), values: Values::Together(values), columns }
    }

    /// The pictures' own features, all of the same length.
    pub fn apart(features: Vec<Float32Array>) -> Self {
        let columns = features.first().map_or(0, |first| first.length() as usize);
        Self { rows: features.len(), values: Values::Apart(Rc::new(features)), columns }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many columns there are.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// Only these rows.
    pub fn only(&self, rows: &[usize]) -> Self {
        Self::apart(rows.iter().map(|&row| self.row(row)).collect())
    }

    /// One row.
    fn row(&self, row: usize) -> Float32Array {
        match &self.values {
            Values::Together(values) => values.subarray((row * self.columns) as u32, ((row + 1) * self.columns) as u32),
            Values::Apart(rows) => rows[row].clone(),
        }
    }

    /// Some rows, in an array of their own.
    fn slice(&self, first_row: usize, end_row: usize) -> Float32Array {
        match &self.values {
            Values::Together(values) => {
                values.slice((first_row * self.columns) as u32, (end_row * self.columns) as u32)
            }
            Values::Apart(rows) => {
                let values = Float32Array::new_with_length(((end_row - first_row) * self.columns) as u32);
                for (place, row) in rows[first_row..end_row].iter().enumerate() {
                    values.set(row, (place * self.columns) as u32);
                }
                values
            }
        }
    }

    /// Gives every worker these points as `matrix`.
    pub async fn put_everywhere(
        &self,
        operation: &Operation<'_>,
        pool: &Pool,
        matrix: MatrixId,
    ) -> Result<(), ApiError> {
        let workers: Vec<usize> = (0..pool.workers()).collect();
        self.put(operation, pool, matrix, &workers).await
    }

    /// Gives `workers` these points as `matrix`.
    pub async fn put(
        &self,
        operation: &Operation<'_>,
        pool: &Pool,
        matrix: MatrixId,
        workers: &[usize],
    ) -> Result<(), ApiError> {
        let rows_a_message = (VALUES_A_MESSAGE / self.columns.max(1)).max(1);
        for first_row in (0..self.rows).step_by(rows_a_message) {
            let values = self.slice(first_row, (first_row + rows_a_message).min(self.rows));
            try_join_all(workers.iter().map(|&worker| {
                let message = ToWorker::PutRows { matrix, rows: self.rows, columns: self.columns, first_row };
                pool.run_on(worker, message, Array::of1(&values))
            }))
            .await?;
            operation.check()?;
        }
        Ok(())
    }
}

/// What a recipe made of the features of some pictures.
pub struct Space {
    /// The pictures in path order: the order of rows.
    pub ids: Vec<ImageId>,
    /// The recipe.
    pub recipe: Recipe,
    /// How the features were made.
    pub made: Rc<FeatureOrigin>,
    /// What computed most of the features.
    pub processor: Processor,
    /// The points by which clusters are judged.
    pub evaluated: Points,
    /// The points in which clusters are looked for, unless the recipe goes on from there.
    pub searched: Points,
    /// The first three principal components.
    pub pca3: Matrix,
    /// The share of variance that each of these explains.
    pub explained: [Option<f32>; 3],
    /// The share of variance that the recipe keeps, where it reduces.
    pub variance_kept: Option<f32>,
}

impl Engine {
    /// The space of these pictures: the one at hand where it is still theirs, else a new one.
    pub(crate) async fn space(
        &self,
        operation: &Operation<'_>,
        pool: &Pool,
        ids: &[ImageId],
        recipe: Recipe,
    ) -> Result<Rc<Space>, ApiError> {
        let made = self.feature_origin(pool).await?;
        let known = self.0.space.borrow().clone();
        if let Some(known) = known
            && known.ids == ids
            && known.recipe == recipe
            && known.made == made
        {
            return Ok(known);
        }
        let space = Rc::new(self.make_space(operation, pool, ids, recipe, made).await?);
        self.0.space.replace(Some(space.clone()));
        Ok(space)
    }

    async fn make_space(
        &self,
        operation: &Operation<'_>,
        pool: &Pool,
        ids: &[ImageId],
        recipe: Recipe,
        made: Rc<FeatureOrigin>,
    ) -> Result<Space, ApiError> {
        let (features, processor) = {
            let store = self.0.store.borrow();
            let stored = ids.iter().filter_map(|&id| store.stored(id));
            let processor = most_common(stored.clone().map(|stored| stored.processor));
            (Points::apart(stored.map(|stored| stored.features.clone()).collect()), processor)
        };
        features.put(operation, pool, FEATURES, &[0]).await?;
        let reply = pool.run_on(0, ToWorker::Prepare { matrix: FEATURES, recipe }, Array::new()).await?;
        operation.check()?;
        let (FromWorker::Prepared { columns, evaluated_columns, explained, variance_kept }, bulk) = reply else {
            return Err(unexpected());
        };
        // The plain recipe's points are the features, which are here already.
        let searched = if recipe == Recipe::Plain { features } else { Points::together(bulk_as(&bulk, 0)?, columns) };
        let evaluated = match evaluated_columns {
            Some(columns) => Points::together(bulk_as(&bulk, 2)?, columns),
            None => searched.clone(),
        };
        let pca3 = Matrix::from_rows(bulk_f32(&bulk, 1)?, 3).map_err(ClusterError::from)?;
        Ok(Space { ids: ids.to_vec(), recipe, made, processor, evaluated, searched, pca3, explained, variance_kept })
    }
}

fn most_common(processors: impl Iterator<Item = Processor>) -> Processor {
    let balance: i64 = processors.map(|processor| if processor == Processor::WebGpu { 1 } else { -1 }).sum();
    if balance > 0 { Processor::WebGpu } else { Processor::Cpu }
}
