//! Similar images: the neighbours of one, and duplicates.

use std::collections::HashSet;

use js_sys::Uint32Array;
use serde::{Deserialize, Serialize};
use shoal::collection::ImageId;
use shoal::collection::duplicates::{DuplicateKind, Traits, best, candidates, group};
use shoal_browser::api_error::ApiError;
use shoal_browser::yielding::Slices;
use shoal_protocol::Cosines;

use super::error::ClusteringError;
use super::refine::{NeighbourSearch, find_neighbours};
use super::transform::features_of;
use super::{Clusters, Context};
use crate::collection::{CollectionError, ImageCollection, Images};
use crate::compute::{EVALUATED, FEATURES};
use crate::events::Stage;
use crate::reports::Neighbour;

/// The cosine from which images count as near duplicates by default.
pub const DEFAULT_COSINE: f32 = 0.98;
/// How many nearest images of each image are compared. An image with more copies is linked to the others through these.
const NEAREST: usize = 8;
/// How many steps of progress the search for duplicates has.
const STEPS: usize = 25;

/// Images that are duplicates of each other.
#[derive(Clone, Debug, PartialEq, Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Duplicates {
    /// How similar they are.
    pub kind: DuplicateKind,
    /// Their paths, in path order.
    pub paths: Vec<String>,
    /// The path of the one to keep, as [`best()`] chooses it.
    pub best: String,
}

/// The options of a call of `duplicates`.
#[derive(Clone, Copy, Debug, Default, Deserialize, tsify::Tsify)]
#[tsify(rename = "DuplicatesOptions")]
#[serde(rename_all = "camelCase", default)]
pub struct DuplicatesCall {
    cosine: Option<f32>,
}

impl DuplicatesCall {
    /// A call with this cosine, from which images count as near duplicates.
    pub fn with_cosine(cosine: f32) -> Self {
        Self { cosine: Some(cosine) }
    }

    /// The cosine from which images count as near duplicates.
    ///
    /// # Errors
    /// `bad-option`.
    pub fn cosine(self) -> Result<f32, ClusteringError> {
        let cosine = self.cosine.unwrap_or(DEFAULT_COSINE);
        if (0.0..=1.0).contains(&cosine) {
            return Ok(cosine);
        }
        Err(ClusteringError::OutOfRange { name: "cosine", value: cosine.into(), allowed: "from 0 to 1" })
    }
}

/// The `count` images most similar to the one at `path`, the most similar first.
///
/// # Errors
/// [`CollectionError::UnknownImage`].
pub async fn neighbours(
    collection: &ImageCollection,
    path: &str,
    count: usize,
) -> Result<Vec<Neighbour>, CollectionError> {
    let (own, others) = {
        let images = collection.images();
        let known = images.collection.by_path(path).and_then(|(id, _)| Some((id, images.stored(id)?)));
        let (own_id, own) = known.ok_or_else(|| CollectionError::UnknownImage { path: path.into() })?;
        let others = images.collection.in_path_order().filter(|(id, _)| *id != own_id);
        let others = others.filter_map(|(id, image)| {
            let stored = images.stored(id).filter(|stored| stored.origin == own.origin)?;
            Some((image.path.clone(), stored.features.clone()))
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
    // A stable sort: images of equal cosine stay in path order.
    found.sort_by(|one, other| other.cosine.total_cmp(&one.cosine));
    found.truncate(count);
    Ok(found)
}

impl Clusters {
    /// Groups of duplicates: files with the same bytes, or images that are nearly the same.
    pub async fn duplicates(&self, context: Context<'_>, cosine: f32) -> Result<Vec<Duplicates>, ApiError> {
        let ids = context.collection.ids();
        let near = self.near_pairs(context, &ids).await;
        context.client.free_matrices();
        let near = near?;
        let images = context.collection.images();
        let traits = traits(&images, &ids);
        let paths: Vec<&str> =
            ids.iter().filter_map(|&id| images.collection.get(id)).map(|image| image.path.as_str()).collect();
        let path_of = |row: u32| paths.get(row as usize).copied().unwrap_or_default().to_owned();
        Ok(group(&traits, &near, cosine)
            .into_iter()
            .map(|found| Duplicates {
                kind: found.kind,
                best: best(&traits, &found.rows).map(path_of).unwrap_or_default(),
                paths: found.rows.into_iter().map(path_of).collect(),
            })
            .collect())
    }

    /// Pairs of similar images with the cosine of their features: each image with its nearest ones in the points for
    /// evaluation, and images whose difference hashes agree.
    async fn near_pairs(&self, context: Context<'_>, ids: &[ImageId]) -> Result<Vec<(u32, u32, f32)>, ApiError> {
        let Context { operation, collection, client, .. } = context;
        operation.progress(Stage::Matching, 0, STEPS);
        let transform = self.transform(context, ids, self.params().recipe).await?;
        transform.evaluated.put_everywhere(operation, client, EVALUATED).await?;
        let done = std::cell::Cell::new(0);
        let on_part = || {
            done.set(done.get() + 1);
            operation.progress(Stage::Matching, done.get().min(STEPS - 1), STEPS);
        };
        let rows = transform.evaluated.rows();
        let search =
            NeighbourSearch { matrix: EVALUATED, rows, count: NEAREST, cells: Uint32Array::new_with_length(0) };
        let found = find_neighbours(operation, client, search, on_part).await?;
        let mut pairs: HashSet<(u32, u32)> = HashSet::new();
        for (place, other) in found.rows.to_vec().into_iter().enumerate() {
            let row = (place / found.count.max(1)) as u32;
            pairs.insert((row.min(other), row.max(other)));
        }
        pairs.extend(candidates(&traits(&collection.images(), ids)));
        let mut pairs: Vec<(u32, u32)> = pairs.into_iter().collect();
        pairs.sort_unstable();
        features_of(collection, ids).put(operation, client, FEATURES, &[0]).await?;
        let flat: Vec<u32> = pairs.iter().flat_map(|&(one, other)| [one, other]).collect();
        let cosines =
            client.call_on(0, Cosines { matrix: FEATURES, pairs: Uint32Array::from(flat.as_slice()) }).await?;
        operation.check()?;
        Ok(pairs.into_iter().zip(cosines.values.to_vec()).map(|((one, other), cosine)| (one, other, cosine)).collect())
    }
}

/// The traits of these images that are compared, in their order.
fn traits<'a>(images: &'a Images, ids: &[ImageId]) -> Vec<Traits<'a>> {
    let known = ids.iter().filter_map(|&id| Some((images.collection.get(id)?, images.stored(id)?)));
    known
        .map(|(image, stored)| Traits {
            sha256: image.known_sha256(),
            dhash: stored.fingerprint.map(|fingerprint| fingerprint.dhash),
            pixels: u64::from(image.width_px) * u64::from(image.height_px),
            byte_size: image.byte_size,
            sharpness: stored.fingerprint.map(|fingerprint| fingerprint.sharpness),
        })
        .collect()
}

fn length(values: &[f32]) -> f64 {
    values.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt()
}
