//! Which pictures are like which: the most similar to one, and those that are there more than once.

use std::collections::HashSet;
use std::rc::Rc;

use futures_util::stream::{self, StreamExt};
use js_sys::{Array, Uint32Array};
use serde::{Deserialize, Serialize};

use crate::add::unexpected;
use crate::grouping::{EVALUATED, FEATURES, Points, free};
use crate::pool::Pool;
use crate::store::Store;
use crate::{Engine, Operation, Stage};
use shoal::collection::arrangement::Edit;
use shoal::collection::duplicates::{DuplicateKind, Traits, best, candidates, group};
use shoal::collection::{Clustering, ImageId};
use shoal_browser::api_error::ApiError;
use shoal_browser::pause::Slices;
use shoal_browser::wire::{bulk_as, bulk_f32};
use shoal_protocol::{FromWorker, ToWorker};

/// From this cosine on pictures count as near duplicates when nothing else is said.
pub const DEFAULT_COSINE: f32 = 0.98;
/// So many of the nearest pictures of each are looked at: a picture that has more copies than that is tied to the rest
/// through these.
const NEAREST: usize = 8;
/// Parts that the search for near pictures is divided into.
const PARTS: usize = 24;

/// A picture and how like it another one is.
#[derive(Clone, Debug, PartialEq, Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Neighbour {
    /// The picture's path.
    pub path: String,
    /// The cosine of the two pictures' features, as the network gave them.
    pub cosine: f32,
}

/// Pictures that are duplicates of each other.
#[derive(Clone, Debug, PartialEq, Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Duplicates {
    /// How alike they are.
    pub kind: DuplicateKind,
    /// Their paths, in path order.
    pub paths: Vec<String>,
    /// The path of the one to keep, as [`best()`] chooses it.
    pub best: String,
}

/// What a call to `duplicates` may say.
#[derive(Clone, Debug, Default, Deserialize, tsify::Tsify)]
#[tsify(rename = "DuplicatesOptions")]
#[serde(rename_all = "camelCase", default)]
pub struct DuplicatesCall {
    cosine: Option<f32>,
}

impl DuplicatesCall {
    /// Pictures whose cosine is this or more count as near duplicates.
    pub fn with_cosine(cosine: f32) -> Self {
        Self { cosine: Some(cosine) }
    }
}

impl Engine {
    /// The `count` pictures most like the one under `path`, the most like first.
    pub async fn neighbours(&self, path: &str, count: usize) -> Result<Vec<Neighbour>, ApiError> {
        let (own, others) = {
            let store = self.0.store.borrow();
            let known = store.collection.by_path(path).and_then(|(id, _)| Some((id, store.stored(id)?)));
            let Some((own_id, own)) = known else {
                return Err(ApiError::new("unknown-picture", format!("there is no picture {path}")));
            };
            let others = store.collection.in_path_order().filter(|(id, _)| *id != own_id);
            let others = others.filter_map(|(id, picture)| {
                let stored = store.stored(id).filter(|stored| stored.made == own.made)?;
                Some((picture.path.clone(), stored.features.clone()))
            });
            (own.features.to_vec(), others.collect::<Vec<_>>())
        };
        let own_length = length(&own);
        let mut values = vec![0.0; own.len()];
        let mut found = Vec::with_capacity(others.len());
        let mut slices = Slices::start();
        for (path, features) in others {
            if features.length() as usize == values.len() {
                features.copy_to(&mut values);
                let dot: f64 = own.iter().zip(&values).map(|(&one, &other)| f64::from(one) * f64::from(other)).sum();
                let lengths = own_length * length(&values);
                let cosine = if lengths > 0.0 { (dot / lengths) as f32 } else { 0.0 };
                found.push(Neighbour { path, cosine });
            }
            slices.pause_when_due().await;
        }
        // Stable: paths are in order where cosines are equal.
        found.sort_by(|one, other| other.cosine.total_cmp(&one.cosine));
        found.truncate(count);
        Ok(found)
    }

    /// The pictures that are there more than once: the same bytes, or nearly the same picture.
    pub async fn duplicates(&self, call: DuplicatesCall) -> Result<Vec<Duplicates>, ApiError> {
        let threshold = call.cosine.unwrap_or(DEFAULT_COSINE);
        if !(0.0..=1.0).contains(&threshold) {
            return Err(ApiError::new("bad-option", format!("cosine is {threshold}, but must be from 0 to 1")));
        }
        let operation = self.begin().await?;
        let ids = self.ids();
        if ids.len() < 2 {
            return Ok(Vec::new());
        }
        let embedder = self.fresh(&operation).await?;
        let pool = embedder.pool();
        let near = self.near_pairs(&operation, pool, &ids).await;
        free(pool);
        let near = near?;
        let store = self.0.store.borrow();
        let traits = traits(&store, &ids);
        let paths: Vec<&str> =
            ids.iter().filter_map(|&id| store.collection.get(id)).map(|picture| picture.path.as_str()).collect();
        let path_of = |row: u32| paths.get(row as usize).copied().unwrap_or_default().to_owned();
        Ok(group(&traits, &near, threshold)
            .into_iter()
            .map(|found| Duplicates {
                kind: found.kind,
                best: best(&traits, &found.rows).map(path_of).unwrap_or_default(),
                paths: found.rows.into_iter().map(path_of).collect(),
            })
            .collect())
    }

    /// Keeps the best of each of these groups of pictures and sets the others aside.
    pub async fn keep_best(&self, groups: &[Duplicates]) -> Result<Rc<Clustering>, ApiError> {
        let others: Vec<String> =
            groups.iter().flat_map(|group| group.paths.iter().filter(|path| **path != group.best)).cloned().collect();
        self.edit(|engine| Ok(Edit::Move { images: engine.known(&others)?, to: None })).await
    }

    /// Pairs of near pictures with the cosine of their features: each picture's nearest in the space of the groups.
    async fn near_pairs(
        &self,
        operation: &Operation<'_>,
        pool: &Rc<Pool>,
        ids: &[ImageId],
    ) -> Result<Vec<(u32, u32, f32)>, ApiError> {
        let recipe = self.0.grouping.borrow().recipe;
        self.progress(Stage::Matching, 0, PARTS + 1);
        let space = self.space(operation, pool, ids, recipe).await?;
        space.evaluated.put_everywhere(operation, pool, EVALUATED).await?;
        let mut pairs = self.nearest_pairs(operation, pool, space.evaluated.rows()).await?;
        pairs.extend(candidates(&traits(&self.0.store.borrow(), ids)));
        let mut pairs: Vec<(u32, u32)> = pairs.into_iter().collect();
        pairs.sort_unstable();
        let features = {
            let store = self.0.store.borrow();
            let stored = ids.iter().filter_map(|&id| store.stored(id));
            Points::apart(stored.map(|stored| stored.features.clone()).collect())
        };
        features.put(operation, pool, FEATURES, &[0]).await?;
        let flat: Vec<u32> = pairs.iter().flat_map(|&(one, other)| [one, other]).collect();
        let message = ToWorker::Cosines { matrix: FEATURES };
        let reply = pool.run_on(0, message, Array::of1(&Uint32Array::from(flat.as_slice()))).await?;
        operation.check()?;
        let (FromWorker::Cosines, bulk) = reply else { return Err(unexpected()) };
        let cosines = bulk_f32(&bulk, 0)?;
        Ok(pairs.into_iter().zip(cosines).map(|((one, other), cosine)| (one, other, cosine)).collect())
    }

    async fn nearest_pairs(
        &self,
        operation: &Operation<'_>,
        pool: &Pool,
        rows: usize,
    ) -> Result<HashSet<(u32, u32)>, ApiError> {
        let part_rows = rows.div_ceil(PARTS).max(1);
        let mut parts = stream::iter((0..rows).step_by(part_rows))
            .map(|first_row| async move {
                let end_row = (first_row + part_rows).min(rows);
                let message = ToWorker::Neighbours { matrix: EVALUATED, first_row, end_row, count: NEAREST };
                (first_row, pool.run(message, None, Array::new()).await)
            })
            .buffered(pool.workers() * 2)
            .enumerate();
        let mut pairs = HashSet::new();
        while let Some((index, (first_row, reply))) = parts.next().await {
            operation.check()?;
            let (FromWorker::Neighbours { count }, bulk) = reply? else { return Err(unexpected()) };
            let neighbours = bulk_as::<Uint32Array>(&bulk, 0)?.to_vec();
            for (place, &other) in neighbours.iter().enumerate() {
                let row = (first_row + place / count.max(1)) as u32;
                pairs.insert((row.min(other), row.max(other)));
            }
            self.progress(Stage::Matching, index + 1, PARTS + 1);
        }
        Ok(pairs)
    }
}

/// What is compared of these pictures, in their order.
fn traits<'a>(store: &'a Store, ids: &[ImageId]) -> Vec<Traits<'a>> {
    let known = ids.iter().filter_map(|&id| Some((store.collection.get(id)?, store.stored(id)?)));
    known
        .map(|(picture, stored)| Traits {
            sha256: picture.known_sha256(),
            dhash: stored.dhash,
            pixels: u64::from(picture.width_px) * u64::from(picture.height_px),
            byte_size: picture.byte_size,
            sharpness: stored.sharpness,
        })
        .collect()
}

fn length(values: &[f32]) -> f64 {
    values.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt()
}
