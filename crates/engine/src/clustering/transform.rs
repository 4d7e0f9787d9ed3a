//! The feature transform: a recipe, applied in a worker to the features of some images.

use std::rc::Rc;

use shoal::cluster::ClusterError;
use shoal::collection::ImageId;
use shoal::matrix::Matrix;
use shoal::options::Recipe;
use shoal_browser::api_error::ApiError;
use shoal_protocol::{ApplyRecipe, Transformed};

use super::{Clusters, Context};
use crate::collection::{FeatureOrigin, ImageCollection, Processor};
use crate::compute::{FEATURES, Points};

/// The features of some images, transformed by a recipe.
pub struct Transform {
    /// The images in path order: the order of rows.
    pub ids: Vec<ImageId>,
    /// The recipe.
    pub recipe: Recipe,
    /// How the features were computed.
    pub origin: Rc<FeatureOrigin>,
    /// How many of them are of another origin, if a comparable one.
    outdated: usize,
    /// What computed most of the features.
    pub processor: Processor,
    /// The points used to evaluate clusters.
    pub evaluated: Points,
    /// The points to cluster, before the recipe's last step.
    pub searched: Points,
    /// The first three principal components, shape `[n, 3]`.
    pub pca3: Matrix,
    /// The share of variance that each of them explains.
    pub explained: [Option<f32>; 3],
    /// The share of variance that the recipe keeps, if it reduces dimensions.
    pub variance_kept: Option<f32>,
}

impl Clusters {
    /// The transform of these images: the latest one if it still applies, otherwise a new one.
    pub async fn transform(
        &self,
        context: Context<'_>,
        ids: &[ImageId],
        recipe: Recipe,
    ) -> Result<Rc<Transform>, ApiError> {
        let latest = self.transform.borrow().clone();
        if let Some(latest) = latest
            && latest.ids == ids
            && latest.recipe == recipe
            && latest.origin == *context.origin
            && latest.outdated == outdated(context, ids)
        {
            return Ok(latest);
        }
        let transform = Rc::new(compute(context, ids, recipe).await?);
        self.transform.replace(Some(transform.clone()));
        Ok(transform)
    }
}

/// The features of these images, one row each.
pub fn features_of(collection: &ImageCollection, ids: &[ImageId]) -> Points {
    let images = collection.images();
    let stored = ids.iter().filter_map(|&id| images.stored(id));
    Points::separate(stored.map(|stored| stored.features.clone()).collect())
}

async fn compute(context: Context<'_>, ids: &[ImageId], recipe: Recipe) -> Result<Transform, ApiError> {
    let Context { operation, collection, client, origin } = context;
    let features = features_of(collection, ids);
    let processor = most_common_processor(collection, ids);
    features.put(operation, client, FEATURES, &[0]).await?;
    let transformed = client.call_on(0, ApplyRecipe { matrix: FEATURES, recipe }).await?;
    client.consumed(0, FEATURES);
    operation.check()?;
    let Transformed { points, columns, evaluated, evaluated_columns, pca3, explained, variance_kept } = transformed;
    // The plain recipe's points are the features, which the page has.
    let searched = if recipe == Recipe::Plain { features } else { Points::joined(points, columns) };
    let evaluated = match evaluated_columns {
        Some(columns) => Points::joined(evaluated, columns),
        None => searched.clone(),
    };
    let pca3 = Matrix::from_rows(pca3.to_vec(), 3).map_err(ClusterError::from)?;
    let (ids, origin, outdated) = (ids.to_vec(), origin.clone(), outdated(context, ids));
    Ok(Transform { ids, recipe, origin, outdated, processor, evaluated, searched, pca3, explained, variance_kept })
}

/// How many of these images have features of another origin than the context's: those whose source files are missing since another
/// version of this program computed them.
fn outdated(context: Context<'_>, ids: &[ImageId]) -> usize {
    let images = context.collection.images();
    ids.iter().filter_map(|&id| images.stored(id)).filter(|stored| stored.origin != *context.origin).count()
}

fn most_common_processor(collection: &ImageCollection, ids: &[ImageId]) -> Processor {
    let images = collection.images();
    let processors = ids.iter().filter_map(|&id| images.stored(id)).map(|stored| stored.processor);
    let balance: i64 = processors.map(|processor| if processor == Processor::WebGpu { 1 } else { -1 }).sum();
    if balance > 0 { Processor::WebGpu } else { Processor::Cpu }
}
