//! The clustering's parts, on the matrices that the page keeps in this lane.

use std::collections::HashMap;

use js_sys::{Array, Float32Array, Uint32Array};

use crate::cluster;
use crate::cluster::kmeans::{KMeansFit, KMeansParams};
use crate::matrix::Matrix;
use crate::protocol::{FromLane, MatrixId, ToLane};
use crate::reduce;
use crate::web::failure::Failure;
use crate::web::lane::Answer;
use crate::web::wire::{bulk_f32, bulk_u32};

/// The matrices at hand, by the id that the page gave each.
#[derive(Default)]
pub struct Matrices(HashMap<MatrixId, Matrix>);

impl Matrices {
    /// Answers a message about matrices.
    pub fn answer(&mut self, message: ToLane, bulk: &Array) -> Answer {
        match message {
            ToLane::PutRows { matrix, rows, columns, first_row } => {
                self.put(matrix, rows, columns, first_row, &bulk_f32(bulk, 0)?)
            }
            ToLane::DropMatrix { matrix } => {
                self.0.remove(&matrix);
                Ok((FromLane::Done, Array::new()))
            }
            ToLane::Prepare { matrix, recipe } => {
                let prepared = reduce::prepare(self.get(matrix)?, recipe)?;
                let columns = prepared.points.columns();
                let bulk = Array::of2(&array_f32(&prepared.points), &array_f32(&prepared.pca3));
                Ok((FromLane::Prepared { columns, explained: prepared.explained }, bulk))
            }
            ToLane::FitKMeans { matrix, k, seed, restart } => {
                let params = KMeansParams::new(k);
                let fit = cluster::kmeans::fit_restart(self.get(matrix)?, &params, seed, restart)?;
                let fit = cluster::kmeans::renumber(fit);
                let bulk = Array::of2(&Uint32Array::from(fit.labels.as_slice()), &array_f32(&fit.centres));
                Ok((FromLane::Fitted { inertia: fit.inertia }, bulk))
            }
            ToLane::Silhouettes { matrix, first_row, end_row } => {
                let labels = bulk_u32(bulk, 0)?;
                let rows = cluster::silhouette::silhouette_rows(self.get(matrix)?, &labels, first_row..end_row)?;
                Ok((FromLane::Silhouettes, Array::of1(&Float32Array::from(rows.as_slice()))))
            }
            ToLane::Judge { matrix, k, representatives } => {
                let points = self.get(matrix)?;
                let labels = bulk_u32(bulk, 0)?;
                let centres = Matrix::from_rows(bulk_f32(bulk, 1)?, points.columns())?;
                judge(points, KMeansFit { labels, centres, inertia: 0.0, iterations: 0 }, k, representatives)
            }
            ToLane::Start { .. }
            | ToLane::Identify
            | ToLane::Embed { .. }
            | ToLane::Measure { .. }
            | ToLane::ReadPixels { .. }
            | ToLane::EmbedPixels { .. }
            | ToLane::DrawSample { .. } => Err(Failure::new("bad-message", "this message is not about a matrix")),
        }
    }

    fn get(&self, matrix: MatrixId) -> Result<&Matrix, Failure> {
        self.0.get(&matrix).ok_or_else(|| Failure::new("bad-message", "the lane does not hold this matrix"))
    }

    fn put(&mut self, id: MatrixId, rows: usize, columns: usize, first_row: usize, values: &[f32]) -> Answer {
        let matrix = self.0.entry(id).or_insert_with(|| Matrix::zeros(rows, columns));
        let start = first_row * columns;
        let target = matrix
            .values_mut()
            .get_mut(start..start + values.len())
            .ok_or_else(|| Failure::new("bad-message", "rows were sent that the matrix does not have"))?;
        target.copy_from_slice(values);
        Ok((FromLane::Done, Array::new()))
    }
}

fn judge(points: &Matrix, fit: KMeansFit, k: usize, representatives: usize) -> Answer {
    let message = FromLane::Judged {
        davies_bouldin: cluster::metrics::davies_bouldin(points, &fit.labels, k)?,
        calinski_harabasz: cluster::metrics::calinski_harabasz(points, &fit.labels, k)?,
        representatives: cluster::representatives(points, &fit, representatives)?,
    };
    let distances = cluster::distances(points, &fit)?;
    Ok((message, Array::of1(&Float32Array::from(distances.as_slice()))))
}

fn array_f32(matrix: &Matrix) -> Float32Array {
    Float32Array::from(matrix.values())
}
