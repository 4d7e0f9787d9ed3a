//! Folders as clusters, and joining: assigning images to clusters without changing those.

use std::collections::BTreeMap;

use js_sys::Uint32Array;
use serde::Deserialize;
use shoal::collection::arrangement::{Adopted, Adoption, Edit};
use shoal::collection::{ImageId, folders};
use shoal_browser::api_error::ApiError;
use shoal_protocol::{FindNearestClusters, labels_from_wire, labels_to_wire};

use super::error::ClusteringError;
use super::{Clusters, Context};
use crate::collection::ImageCollection;
use crate::compute::{EVALUATED, free_matrices};

/// The options of a call of `join`.
#[derive(Clone, Copy, Debug, Default, Deserialize, tsify::Tsify)]
#[tsify(rename = "JoinOptions")]
#[serde(rename_all = "camelCase", default)]
pub struct JoinCall {
    similarity: Option<f32>,
}

impl JoinCall {
    /// A call with this similarity.
    pub fn with_similarity(similarity: f32) -> Self {
        Self { similarity: Some(similarity) }
    }

    /// The lowest cosine with a cluster's centre at which an image joins it, -1 to 1; -1 by default.
    ///
    /// # Errors
    /// `bad-option`.
    pub fn similarity(self) -> Result<f32, ClusteringError> {
        let similarity = self.similarity.unwrap_or(-1.0);
        if (-1.0..=1.0).contains(&similarity) {
            return Ok(similarity);
        }
        Err(ClusteringError::OutOfRange { name: "similarity", value: similarity.into(), allowed: "from -1 to 1" })
    }
}

/// The folders of the images as clusters. Images outside these folders are in no cluster.
///
/// # Errors
/// [`ClusteringError::NoFolders`].
pub fn adopted_folders(collection: &ImageCollection) -> Result<Vec<Adopted>, ClusteringError> {
    let images = collection.images();
    let paths: Vec<(ImageId, &str)> =
        images.collection.in_path_order().map(|(id, image)| (id, image.path.as_str())).collect();
    let named = folders(&paths.iter().map(|(_, path)| *path).collect::<Vec<_>>());
    let adopted = named.into_iter().map(|folder| Adopted {
        keep_id: None,
        name: Some(folder.name),
        images: folder.rows.iter().map(|&row| paths[row].0).collect(),
    });
    let clusters: Vec<Adopted> = adopted.collect();
    if clusters.is_empty() { Err(ClusteringError::NoFolders) } else { Ok(clusters) }
}

impl Clusters {
    /// The edit that assigns unassigned images to their nearest cluster, except those excluded by hand. An image whose cosine
    /// with the centre is below `similarity` stays unassigned.
    pub async fn join(&self, context: Context<'_>, similarity: f32) -> Result<Edit, ApiError> {
        let nearest = self.nearest_clusters(context).await;
        free_matrices(context.client);
        let mut clusters: BTreeMap<u32, Vec<ImageId>> = {
            let arrangement = self.arrangement();
            arrangement.clusters().map(|cluster| (cluster.id, arrangement.members(cluster.id).collect())).collect()
        };
        for (image, cluster, cosine) in nearest? {
            if cosine >= similarity
                && let Some(images) = clusters.get_mut(&cluster)
            {
                images.push(image);
            }
        }
        let adopted = clusters.into_iter().map(|(id, images)| Adopted { keep_id: Some(id), name: None, images });
        Ok(Edit::Adopt { clusters: adopted.collect(), from: Adoption::Join })
    }

    /// Each unassigned image's nearest cluster, and its cosine with the centre.
    async fn nearest_clusters(&self, context: Context<'_>) -> Result<Vec<(ImageId, u32, f32)>, ApiError> {
        let Context { operation, collection, client, .. } = context;
        let ids = collection.ids();
        let transform = self.transform(context, &ids, self.params().recipe).await?;
        let labels = self.labels(&ids);
        let (clusters, rows): (Vec<u32>, Vec<u32>) = {
            let arrangement = self.arrangement();
            let is_unassigned = |id: ImageId| arrangement.cluster_of(id).is_none() && !arrangement.is_pinned(id);
            let clusters = arrangement.clusters().map(|cluster| cluster.id).collect();
            (clusters, (0_u32..).zip(&ids).filter(|&(_, &id)| is_unassigned(id)).map(|(row, _)| row).collect())
        };
        transform.evaluated.put(operation, client, EVALUATED, &[0]).await?;
        let request = FindNearestClusters {
            matrix: EVALUATED,
            k: clusters.len(),
            labels: Uint32Array::from(labels_to_wire(&labels).as_slice()),
            rows: Uint32Array::from(rows.as_slice()),
        };
        let found = client.call_on(0, request).await?;
        operation.check()?;
        let (nearest, cosines) = (labels_from_wire(found.clusters.to_vec()), found.cosines.to_vec());
        let each = rows.iter().zip(nearest).zip(cosines);
        Ok(each
            .filter_map(|((&row, label), cosine)| {
                Some((*ids.get(row as usize)?, *clusters.get(label? as usize)?, cosine))
            })
            .collect())
    }
}
