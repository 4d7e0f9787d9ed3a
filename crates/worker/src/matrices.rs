//! The clustering's parts, on the matrices that the page keeps in this worker.

use std::collections::HashMap;

use js_sys::{Array, Float32Array, Uint32Array};

use crate::Answer;
use shoal::cluster::kmeans::{self, KMeansParams};
use shoal::cluster::neighbours::{self, Neighbours};
use shoal::cluster::{self, silhouette};
use shoal::matrix::Matrix;
use shoal::options::Recipe;
use shoal::reduce::umap::{Layout, UmapParams};
use shoal::reduce::{self, Prepared};
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::{bulk_f32, bulk_u32, read_labels, wire_labels};
use shoal_protocol::{FromWorker, MatrixId, ToWorker};

/// The matrices at hand, by the id that the page gave each, and the layout under way.
#[derive(Default)]
pub struct Matrices {
    matrices: HashMap<MatrixId, Matrix>,
    layout: Option<Layout>,
}

impl Matrices {
    /// Answers a message about matrices.
    pub fn answer(&mut self, message: ToWorker, bulk: &Array) -> Answer {
        match message {
            ToWorker::PutRows { matrix, rows, columns, first_row } => {
                self.put(matrix, rows, columns, first_row, &bulk_f32(bulk, 0)?)
            }
            ToWorker::DropMatrix { matrix } => {
                self.matrices.remove(&matrix);
                Ok((FromWorker::Done, Array::new()))
            }
            ToWorker::Prepare { matrix, recipe } => {
                let features = self.matrices.remove(&matrix).ok_or_else(unknown)?;
                prepared(reduce::prepare_owned(features, recipe)?, recipe)
            }
            ToWorker::Neighbours { matrix, first_row, end_row, count } => {
                let found = neighbours::nearest_rows(self.get(matrix)?, first_row..end_row, count)?;
                let bulk = Array::of2(&array_u32(&found.rows), &Float32Array::from(found.distances.as_slice()));
                Ok((FromWorker::Neighbours { count: found.count }, bulk))
            }
            ToWorker::BeginLayout { matrix, count, seed } => {
                let (rows, distances) = (bulk_u32(bulk, 0)?, bulk_f32(bulk, 1)?);
                let params = UmapParams::new().with_seed(seed);
                let layout = Layout::new(self.get(matrix)?, &Neighbours { count, rows, distances }, &params)?;
                let epochs = layout.epochs();
                self.layout = Some(layout);
                Ok((FromWorker::LayoutBegun { epochs }, Array::new()))
            }
            ToWorker::RunLayout { epochs } => {
                self.layout.as_mut().ok_or_else(no_layout)?.run(epochs);
                Ok((FromWorker::Done, Array::new()))
            }
            ToWorker::EndLayout => {
                let points = self.layout.take().ok_or_else(no_layout)?.finish();
                Ok((FromWorker::LaidOut { columns: points.columns() }, Array::of1(&array_f32(&points))))
            }
            ToWorker::FitKMeans { matrix, k, seed, restart } => self.fit_kmeans(matrix, k, seed, restart, bulk),
            ToWorker::FitHdbscan { matrix, min_cluster_size } => {
                let points = self.get(matrix)?;
                let size =
                    min_cluster_size.unwrap_or_else(|| cluster::hdbscan::default_min_cluster_size(points.rows()));
                let labels = cluster::hdbscan::hdbscan(points, size)?;
                let k = labels.iter().flatten().max().map_or(0, |&largest| largest as usize + 1);
                Ok((FromWorker::Labelled { k }, Array::of1(&wire_labels(&labels))))
            }
            ToWorker::FitWard { matrix, k, seed } => {
                let labels = cluster::ward::ward(self.get(matrix)?, k, seed)?;
                Ok((FromWorker::Labelled { k }, Array::of1(&array_u32(&labels))))
            }
            ToWorker::Silhouettes { matrix, first_row, end_row } => {
                let labels = read_labels(bulk_u32(bulk, 0)?);
                let references = if bulk.length() > 1 { Some(bulk_u32(bulk, 1)?) } else { None };
                let rows = first_row..end_row;
                let found = silhouette::silhouette_rows(self.get(matrix)?, &labels, rows, references.as_deref())?;
                let values: Vec<f32> = found.iter().map(|one| one.value).collect();
                let next: Vec<Option<u32>> = found.iter().map(|one| one.nearest_other).collect();
                let bulk = Array::of2(&Float32Array::from(values.as_slice()), &wire_labels(&next));
                Ok((FromWorker::Silhouettes, bulk))
            }
            ToWorker::Evaluate { matrix, k, representatives } => {
                let labels = read_labels(bulk_u32(bulk, 0)?);
                let evaluated = cluster::evaluate::evaluate(self.get(matrix)?, &labels, k, representatives)?;
                let message = FromWorker::Evaluated {
                    davies_bouldin: evaluated.davies_bouldin,
                    calinski_harabasz: evaluated.calinski_harabasz,
                    inertia: evaluated.inertia,
                    representatives: evaluated.representatives,
                };
                Ok((message, Array::of1(&Float32Array::from(evaluated.distances.as_slice()))))
            }
            ToWorker::Join { matrix, k } => {
                let labels = read_labels(bulk_u32(bulk, 0)?);
                let rows: Vec<usize> = bulk_u32(bulk, 1)?.into_iter().map(|row| row as usize).collect();
                let found = cluster::join::nearest_clusters(self.get(matrix)?, &labels, k, &rows)?;
                let nearest: Vec<Option<u32>> = found.iter().map(|one| one.map(|(cluster, _)| cluster)).collect();
                let cosines: Vec<f32> = found.iter().map(|one| one.map_or(0.0, |(_, cosine)| cosine)).collect();
                let bulk = Array::of2(&wire_labels(&nearest), &Float32Array::from(cosines.as_slice()));
                Ok((FromWorker::Joined, bulk))
            }
            ToWorker::Cosines { matrix } => {
                let pairs = bulk_u32(bulk, 0)?;
                let cosines = neighbours::cosines(self.get(matrix)?, pairs.as_chunks().0)?;
                Ok((FromWorker::Cosines, Array::of1(&Float32Array::from(cosines.as_slice()))))
            }
            ToWorker::Start { .. }
            | ToWorker::Identify
            | ToWorker::Embed { .. }
            | ToWorker::Preview { .. }
            | ToWorker::Measure { .. }
            | ToWorker::ReadPixels { .. }
            | ToWorker::EmbedPixels { .. }
            | ToWorker::OpenFeatures
            | ToWorker::ReadFeatures
            | ToWorker::CloseFeatures
            | ToWorker::LoadClassifier { .. }
            | ToWorker::SuggestNames { .. }
            | ToWorker::DrawSample { .. }
            | ToWorker::Checksum { .. } => Err(ApiError::new("bad-message", "this message is not about a matrix")),
        }
    }

    fn fit_kmeans(&self, matrix: MatrixId, k: usize, seed: u32, restart: u32, bulk: &Array) -> Answer {
        let (points, params) = (self.get(matrix)?, KMeansParams::new(k));
        let fit = if bulk.length() > 0 {
            let held = read_labels(bulk_u32(bulk, 0)?);
            kmeans::fit_restart_pinned(points, &params, &held, seed, restart)?
        } else {
            kmeans::renumber(kmeans::fit_restart(points, &params, seed, restart)?)
        };
        Ok((FromWorker::Fitted { inertia: fit.inertia }, Array::of1(&array_u32(&fit.labels))))
    }

    fn get(&self, matrix: MatrixId) -> Result<&Matrix, ApiError> {
        self.matrices.get(&matrix).ok_or_else(unknown)
    }

    /// Keeps rows; the first ones begin the matrix anew.
    fn put(&mut self, id: MatrixId, rows: usize, columns: usize, first_row: usize, values: &[f32]) -> Answer {
        if first_row == 0 {
            self.matrices.insert(id, Matrix::zeros(rows, columns));
        }
        let matrix = self.matrices.get_mut(&id).ok_or_else(unknown)?;
        let start = first_row * columns;
        let target = matrix
            .values_mut()
            .get_mut(start..start + values.len())
            .ok_or_else(|| ApiError::new("bad-message", "rows were sent that the matrix does not have"))?;
        target.copy_from_slice(values);
        Ok((FromWorker::Done, Array::new()))
    }
}

fn prepared(prepared: Prepared, recipe: Recipe) -> Answer {
    let Prepared { points, evaluated, pca3, explained, variance_kept } = prepared;
    let columns = points.columns();
    let evaluated_columns = evaluated.as_ref().map(Matrix::columns);
    // The plain recipe's points are the features: whoever sent them has them.
    let points = if recipe == Recipe::Plain { Float32Array::new_with_length(0) } else { array_f32(&points) };
    let bulk = Array::of2(&points, &array_f32(&pca3));
    if let Some(evaluated) = evaluated {
        bulk.push(&array_f32(&evaluated));
    }
    Ok((FromWorker::Prepared { columns, evaluated_columns, explained, variance_kept }, bulk))
}

fn unknown() -> ApiError {
    ApiError::new("bad-message", "the worker does not hold this matrix")
}

fn no_layout() -> ApiError {
    ApiError::new("bad-message", "no layout was begun")
}

fn array_f32(matrix: &Matrix) -> Float32Array {
    Float32Array::from(matrix.values())
}

fn array_u32(values: &[u32]) -> Uint32Array {
    Uint32Array::from(values)
}
