//! `cluster`: the recipe in one lane, restarts and silhouettes in all of them.

use std::collections::BTreeMap;
use std::rc::Rc;

use futures_util::future::try_join_all;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use js_sys::{Array, Float32Array, Uint32Array};
use serde::Deserialize;

use crate::cluster::{auto_k, check_k, metrics, silhouette};
use crate::error::ClusterError;
use crate::library::{Confusion, CurvePoint, Outcome, OutcomeParts, PictureId, Scores, assemble, classes};
use crate::matrix::Matrix;
use crate::options::{ClusterOptions, GroupCount, Recipe};
use crate::protocol::{FromLane, MatrixId, ToLane};
use crate::web::engine::add::unexpected;
use crate::web::engine::embedding::Processor;
use crate::web::engine::pool::{Pool, Reply};
use crate::web::engine::{Chosen, Engine, Event, Stage, Turn};
use crate::web::failure::Failure;
use crate::web::wire::bulk_f32;

/// The features as the network gave them, in one lane.
const FEATURES: MatrixId = 0;
/// The points to cluster, in every lane.
const POINTS: MatrixId = 1;
/// Rows go to a lane in messages of about this many values, so that copying one does not hold up the page.
const VALUES_A_MESSAGE: usize = 1 << 20;
/// A silhouette job covers about this many distances' coordinates: a few tens of milliseconds.
const COORDINATES_A_TILE: usize = 20_000_000;
/// How many pictures show a cluster.
const REPRESENTATIVES: usize = 12;

/// What a call to `cluster` may say. What it does not say, the attributes do.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Call {
    k: Option<Count>,
    seed: Option<u32>,
    restarts: Option<u32>,
    recipe: Option<String>,
    method: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Count {
    Number(f64),
    Word(String),
}

impl Call {
    fn over(self, mut options: ClusterOptions) -> Result<ClusterOptions, Failure> {
        match self.k {
            Some(Count::Number(k)) if k.fract() == 0.0 && k >= 0.0 => options.k = GroupCount::Fixed(k as usize),
            Some(Count::Number(k)) => {
                return Err(Failure::new("k-out-of-range", format!("k is {k}, but must be a whole number of groups")));
            }
            Some(Count::Word(word)) => options.k = word.parse()?,
            None => {}
        }
        options.seed = self.seed.unwrap_or(options.seed);
        if let Some(recipe) = self.recipe {
            options.recipe = match recipe.as_str() {
                "umap" => return Err(Failure::new("not-available", "the recipe umap is not available yet")),
                name => name.parse::<Recipe>()?,
            };
        }
        match self.restarts {
            Some(0) => return Err(Failure::new("bad-option", "restarts is 0, but must be at least 1")),
            restarts => options.restarts = restarts.unwrap_or(options.restarts),
        }
        match self.method.as_deref() {
            None | Some("kmeans") => Ok(options),
            Some(method @ ("hdbscan" | "ward")) => {
                Err(Failure::new("not-available", format!("the method {method} is not available yet")))
            }
            Some(method) => Err(Failure::new("bad-option", format!("method is \"{method}\", but must be kmeans"))),
        }
    }
}

/// The points in the lanes, and what the recipe told of them.
struct Prepared {
    rows: usize,
    columns: usize,
    pca3: Matrix,
    explained: [Option<f32>; 3],
}

/// The best start of KMeans for one k.
struct Best {
    labels: Uint32Array,
    centres: Float32Array,
    inertia: f64,
}

impl Engine {
    /// Groups the pictures. Nothing changes when it fails or is cancelled.
    pub async fn cluster(&self, call: Call) -> Result<Rc<Outcome>, Failure> {
        let turn = self.begin().await?;
        let options = call.over(self.0.settings.borrow().clustering()?)?;
        let embedding = self.0.settings.borrow().embedding()?;
        let ids: Vec<PictureId> = self.0.store.borrow().collection.in_path_order().map(|(id, _)| id).collect();
        let counts = counts_to_try(options.k, ids.len())?;
        let Chosen { embedder, .. } = self.embedder().await?;
        self.refresh(&embedder, embedding).await?;
        turn.check()?;

        let pool = embedder.pool();
        let found = self.search(&turn, pool, &ids, &options, &counts).await;
        // Sent whatever came of it; the lanes do it when they come to it.
        for lane in 0..pool.lanes() {
            let pool = pool.clone();
            wasm_bindgen_futures::spawn_local(async move {
                for matrix in [FEATURES, POINTS] {
                    // A lane that is gone holds nothing either.
                    let _ = pool.run_on(lane, ToLane::DropMatrix { matrix }, Array::new()).await;
                }
            });
        }
        let outcome = Rc::new(found?);
        self.0.outcome.replace(Some(outcome.clone()));
        self.tell(Event::Result(Some(outcome.clone())));
        Ok(outcome)
    }

    async fn search(
        &self,
        turn: &Turn<'_>,
        pool: &Rc<Pool>,
        ids: &[PictureId],
        options: &ClusterOptions,
        counts: &[usize],
    ) -> Result<Outcome, Failure> {
        let restarts = options.restarts as usize;
        let total = 2 + counts.len() * (restarts + 1);
        let steps = std::cell::Cell::new(0);
        let step = || {
            steps.set(steps.get() + 1);
            self.progress(Stage::Clustering, steps.get(), total);
        };
        self.progress(Stage::Clustering, 0, total);
        let prepared = self.prepare(turn, pool, ids, options.recipe).await?;
        step();

        let starts = counts.iter().flat_map(|&k| (0..options.restarts).map(move |restart| (k, restart)));
        let mut best: BTreeMap<usize, Best> = BTreeMap::new();
        // In order, so that of two equal starts the first is kept, whatever lane was quicker.
        let mut fits = stream::iter(starts)
            .map(|(k, restart)| async move {
                let message = ToLane::FitKMeans { matrix: POINTS, k, seed: options.seed, restart };
                (k, pool.run(message, None, Array::new()).await)
            })
            .buffered(pool.lanes() * 8);
        while let Some((k, reply)) = fits.next().await {
            turn.check()?;
            let fit = best_of_reply(reply?)?;
            if best.get(&k).is_none_or(|known| fit.inertia < known.inertia) {
                best.insert(k, fit);
            }
            step();
        }
        drop(fits);

        let mut curve = Vec::new();
        let mut silhouettes = BTreeMap::new();
        for (&k, fit) in &best {
            let rows = row_silhouettes(pool, &prepared, &fit.labels).await?;
            turn.check()?;
            curve.push((k, silhouette::mean(&rows, k, prepared.rows)));
            silhouettes.insert(k, rows);
            step();
        }
        let k = auto_k::best(&curve).or(counts.first().copied()).ok_or(ClusterError::NoPictures)?;
        let (Some(fit), Some(rows)) = (best.remove(&k), silhouettes.remove(&k)) else { return Err(unexpected()) };

        let message = ToLane::Judge { matrix: POINTS, k, representatives: REPRESENTATIVES };
        let judged = pool.run(message, None, Array::of2(&fit.labels, &fit.centres)).await?;
        turn.check()?;
        step();
        let curve = (options.k == GroupCount::Auto)
            .then(|| curve.into_iter().map(|(k, silhouette)| CurvePoint { k, silhouette }).collect());
        self.put_together(ids, options, k, fit, rows, judged, prepared, curve)
    }

    /// Sends the features to a lane, has the recipe applied, and gives every lane the points.
    async fn prepare(
        &self,
        turn: &Turn<'_>,
        pool: &Rc<Pool>,
        ids: &[PictureId],
        recipe: Recipe,
    ) -> Result<Prepared, Failure> {
        let features: Vec<Float32Array> = {
            let store = self.0.store.borrow();
            ids.iter().filter_map(|&id| store.holding(id)).map(|holding| holding.features.clone()).collect()
        };
        let (rows, columns) = (features.len(), features.first().map_or(0, |first| first.length() as usize));
        let rows_a_message = (VALUES_A_MESSAGE / columns.max(1)).max(1);
        for (index, chunk) in features.chunks(rows_a_message).enumerate() {
            let values = Float32Array::new_with_length((chunk.len() * columns) as u32);
            for (row, feature) in chunk.iter().enumerate() {
                values.set(feature, (row * columns) as u32);
            }
            let message = ToLane::PutRows { matrix: FEATURES, rows, columns, first_row: index * rows_a_message };
            pool.run_on(0, message, Array::of1(&values)).await?;
            turn.check()?;
        }
        let reply = pool.run_on(0, ToLane::Prepare { matrix: FEATURES, recipe }, Array::new()).await?;
        turn.check()?;
        let (FromLane::Prepared { columns, explained }, bulk) = reply else { return Err(unexpected()) };
        let points = Float32Array::from(bulk.get(0));
        let pca3 = Matrix::from_rows(bulk_f32(&bulk, 1)?, 3).map_err(ClusterError::from)?;
        let rows_a_message = (VALUES_A_MESSAGE / columns.max(1)).max(1);
        for first_row in (0..rows).step_by(rows_a_message) {
            let end_row = (first_row + rows_a_message).min(rows);
            let values = points.subarray((first_row * columns) as u32, (end_row * columns) as u32).slice(0, u32::MAX);
            try_join_all((0..pool.lanes()).map(|lane| {
                let message = ToLane::PutRows { matrix: POINTS, rows, columns, first_row };
                pool.run_on(lane, message, Array::of1(&values))
            }))
            .await?;
            turn.check()?;
        }
        Ok(Prepared { rows, columns, pca3, explained })
    }

    #[expect(clippy::too_many_arguments, reason = "the one place where everything that was found comes together")]
    fn put_together(
        &self,
        ids: &[PictureId],
        options: &ClusterOptions,
        k: usize,
        fit: Best,
        silhouettes: Vec<f32>,
        (judged, bulk): Reply,
        prepared: Prepared,
        curve: Option<Vec<CurvePoint>>,
    ) -> Result<Outcome, Failure> {
        let FromLane::Judged { davies_bouldin, calinski_harabasz, representatives } = judged else {
            return Err(unexpected());
        };
        let store = self.0.store.borrow();
        let paths: Vec<String> =
            ids.iter().filter_map(|&id| store.collection.get(id)).map(|picture| picture.path.clone()).collect();
        let processors = ids.iter().filter_map(|&id| store.holding(id)).map(|holding| holding.processor);
        let labels = fit.labels.to_vec();
        let mut scores = Scores { davies_bouldin, calinski_harabasz, ..Scores::default() };
        if let Some((names, truth)) = classes(&paths) {
            let (accuracy, counts) = metrics::accuracy(&truth, &labels)?;
            scores.nmi = Some(metrics::nmi(&truth, &labels)?);
            scores.ari = Some(metrics::ari(&truth, &labels)?);
            scores.accuracy = Some(accuracy);
            scores.confusion = Some(Confusion { classes: names, counts });
        }
        let outcome = assemble(OutcomeParts {
            k,
            seed: options.seed,
            recipe: options.recipe,
            backend: most_common_processor(processors).name().into(),
            paths,
            labels,
            silhouettes,
            distances: bulk_f32(&bulk, 0)?,
            pca3: &prepared.pca3,
            explained: prepared.explained,
            inertia: fit.inertia,
            representatives,
            scores,
            curve,
        })?;
        Ok(outcome)
    }
}

/// What computed most of the features.
fn most_common_processor(processors: impl Iterator<Item = Processor>) -> Processor {
    let balance: i64 = processors.map(|processor| if processor == Processor::WebGpu { 1 } else { -1 }).sum();
    if balance > 0 { Processor::WebGpu } else { Processor::Cpu }
}

fn counts_to_try(count: GroupCount, pictures: usize) -> Result<Vec<usize>, Failure> {
    if pictures == 0 {
        return Err(ClusterError::NoPictures.into());
    }
    match count {
        GroupCount::Fixed(k) => {
            check_k(k, pictures)?;
            Ok(vec![k])
        }
        GroupCount::Auto => match auto_k::candidates(pictures) {
            Some(candidates) => Ok(candidates.collect()),
            None => Err(ClusterError::TooFewPictures { found: pictures, needed: 3 }.into()),
        },
    }
}

fn best_of_reply((message, bulk): Reply) -> Result<Best, Failure> {
    let FromLane::Fitted { inertia } = message else { return Err(unexpected()) };
    Ok(Best { labels: Uint32Array::from(bulk.get(0)), centres: Float32Array::from(bulk.get(1)), inertia })
}

/// Every row's silhouette, in tiles over the lanes.
async fn row_silhouettes(pool: &Pool, prepared: &Prepared, labels: &Uint32Array) -> Result<Vec<f32>, Failure> {
    let tile_rows = (COORDINATES_A_TILE / (prepared.rows * prepared.columns).max(1)).clamp(16, prepared.rows.max(16));
    stream::iter((0..prepared.rows).step_by(tile_rows))
        .map(|first_row| async move {
            let end_row = (first_row + tile_rows).min(prepared.rows);
            let message = ToLane::Silhouettes { matrix: POINTS, first_row, end_row };
            let (_, bulk) = pool.run(message, None, Array::of1(labels)).await?;
            bulk_f32(&bulk, 0)
        })
        .buffered(pool.lanes() * 4)
        .try_fold(Vec::with_capacity(prepared.rows), async |mut rows, tile| {
            rows.extend(tile);
            Ok(rows)
        })
        .await
}
