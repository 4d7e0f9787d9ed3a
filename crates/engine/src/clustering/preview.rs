//! Previews: preliminary clusters of the images read so far.

use shoal::options::{ClusterCount, ClusterMethod, ClusterOptions, Recipe};
use shoal_browser::api_error::ApiError;
use shoal_protocol::Fit;

use super::evaluation::evaluate;
use super::fit::{best_fits, labels_of, nothing_pinned};
use super::{Clusters, Context};
use crate::compute::EVALUATED;
use crate::events::Event;
use crate::reports::PreviewCluster;

/// The number of images of the first preview.
const IMAGES_MIN: usize = 64;
/// Each preview has this many times as many images as the one before.
const GROWTH: usize = 4;
/// How many images a cluster has on average, with automatic k.
const IMAGES_PER_CLUSTER: usize = 12;
/// The most clusters, with automatic k.
const CLUSTERS_MAX: usize = 12;

/// When previews are due.
pub struct PreviewSchedule {
    next: usize,
}

impl PreviewSchedule {
    /// No preview has been shown.
    pub fn new() -> Self {
        Self { next: IMAGES_MIN }
    }

    /// Whether a preview is due, with `images` read and `left` files to read. Near the end none is due, since it would only
    /// delay the result.
    pub fn is_due(&mut self, images: usize, left: usize) -> bool {
        if images < self.next || left < images / 2 {
            return false;
        }
        self.next = images * GROWTH;
        true
    }
}

impl Clusters {
    /// Emits preliminary clusters, unless there are clusters already. Errors are ignored, since clustering at the end reports
    /// them.
    pub async fn preview(&self, context: Context<'_>, options: &ClusterOptions) {
        if self.result().is_some() || self.has_pinned() {
            return;
        }
        let clusters = self.preview_clusters(context, options).await;
        context.client.free_matrices();
        if let Ok(clusters) = clusters {
            context.operation.emit(Event::PreviewClusters(clusters));
        }
    }

    async fn preview_clusters(
        &self,
        context: Context<'_>,
        options: &ClusterOptions,
    ) -> Result<Vec<PreviewCluster>, ApiError> {
        let Context { operation, collection, client, .. } = context;
        // The points for evaluation are clustered, which a recipe's last step does not change.
        let recipe = if options.recipe() == Recipe::Plain { Recipe::Plain } else { Recipe::Spherical };
        let ids = collection.ids();
        let k = match options.k {
            ClusterCount::Fixed(k) => k.min(ids.len()),
            ClusterCount::Auto => (ids.len() / IMAGES_PER_CLUSTER).clamp(2, CLUSTERS_MAX),
        };
        let transform = self.transform(context, &ids, recipe).await?;
        transform.evaluated.put_everywhere(operation, client, EVALUATED).await?;
        let fit = Fit {
            matrix: EVALUATED,
            method: ClusterMethod::KMeans,
            counts: vec![k],
            seed: options.seed,
            restart: 0,
            min_cluster_size: None,
            pinned: nothing_pinned(),
        };
        let fits = best_fits(operation, client, &fit, ids.len(), 1, |_| ()).await?;
        let labels = fits.first().map(labels_of).unwrap_or_default();
        let evaluation = evaluate(client, &labels, k).await?;
        operation.check()?;
        let images = collection.images();
        let path = |&row: &usize| images.collection.get(ids[row]).map(|image| image.path.clone());
        let clusters = evaluation.representatives.iter().zip(0..).map(|(rows, cluster)| PreviewCluster {
            size: labels.iter().filter(|label| **label == Some(cluster)).count(),
            representatives: rows.iter().filter_map(path).collect(),
        });
        Ok(clusters.filter(|cluster| cluster.size > 0).collect())
    }
}
