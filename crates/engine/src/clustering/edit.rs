//! Edits of the clusters.

use shoal::cluster::check_k;
use shoal::collection::ImageId;
use shoal::collection::arrangement::{Edit, EditError};
use shoal::options::ClusterMethod;
use shoal_browser::api_error::ApiError;
use shoal_protocol::Fit;

use super::error::ClusteringError;
use super::fit::{best_fits, labels_of, nothing_pinned};
use super::{Clusters, Context};
use crate::compute::SEARCHED;

/// How often KMeans runs to split a cluster.
const SPLIT_RESTARTS: u32 = 10;

/// What to pin or unpin: images by path, clusters by id.
#[derive(Clone, Debug, Default)]
pub struct Lockable {
    /// Paths of images.
    pub paths: Vec<String>,
    /// Ids of clusters.
    pub clusters: Vec<u32>,
}

impl Clusters {
    /// Applies an edit.
    pub fn apply(&self, edit: Edit) -> Result<(), EditError> {
        self.arrangement.borrow_mut().apply(edit)
    }

    /// The edit that splits a cluster into `k` by KMeans on its images.
    ///
    /// # Errors
    /// `unknown-cluster`, `k-out-of-range`.
    pub async fn split(&self, context: Context<'_>, cluster: u32, k: usize) -> Result<Edit, ApiError> {
        let parts = self.parts(context, cluster, k).await;
        context.client.free_matrices();
        Ok(Edit::Split { id: cluster, parts: parts? })
    }

    async fn parts(&self, context: Context<'_>, cluster: u32, k: usize) -> Result<Vec<Vec<ImageId>>, ApiError> {
        let Context { operation, collection, client, .. } = context;
        let ids = collection.ids();
        let rows = self.members(&ids, cluster)?;
        check_k(k, rows.len()).map_err(ClusteringError::of_images)?;
        let params = self.params();
        let transform = self.transform(context, &ids, params.recipe).await?;
        transform.evaluated.select(&rows).put_everywhere(operation, client, SEARCHED).await?;
        let fit = Fit {
            matrix: SEARCHED,
            method: ClusterMethod::KMeans,
            counts: vec![k],
            seed: params.seed,
            restart: 0,
            min_cluster_size: None,
            pinned: nothing_pinned(),
        };
        let fits = best_fits(operation, client, &fit, rows.len(), SPLIT_RESTARTS, |_| ()).await?;
        let labels = fits.first().map(labels_of).unwrap_or_default();
        let mut parts = vec![Vec::new(); k];
        for (&row, label) in rows.iter().zip(labels) {
            if let Some(part) = label.and_then(|label| parts.get_mut(label as usize)) {
                part.push(ids[row]);
            }
        }
        Ok(parts)
    }

    /// The rows of a cluster among `ids`.
    fn members(&self, ids: &[ImageId], cluster: u32) -> Result<Vec<usize>, EditError> {
        let arrangement = self.arrangement();
        if arrangement.cluster(cluster).is_none() {
            return Err(EditError::UnknownCluster { cluster });
        }
        Ok((0..ids.len()).filter(|&row| arrangement.cluster_of(ids[row]) == Some(cluster)).collect())
    }

    /// Checks that a cluster can be split into `k`.
    ///
    /// # Errors
    /// `unknown-cluster`, `k-out-of-range`.
    pub fn check_split(&self, ids: &[ImageId], cluster: u32, k: usize) -> Result<(), ApiError> {
        let images = self.members(ids, cluster)?.len();
        check_k(k, images).map_err(ClusteringError::of_images)
    }
}
