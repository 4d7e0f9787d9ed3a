//! Folders as clusters, and joining: assigning images to clusters without changing those.

use std::collections::BTreeMap;

use js_sys::Uint32Array;
use serde::Deserialize;
use shoal::cluster::join::LeastCosines;
use shoal::collection::arrangement::{Adopted, Adoption, Edit};
use shoal::collection::{ImageId, folders};
use shoal_browser::api_error::ApiError;
use shoal_protocol::{FindNearestClusters, labels_from_wire, labels_to_wire};

use super::error::ClusteringError;
use super::{Clusters, Context};
use crate::collection::ImageCollection;
use crate::compute::EVALUATED;

/// The options of a call of `join`.
#[derive(Clone, Copy, Debug, Default, Deserialize, tsify::Tsify)]
#[tsify(rename = "JoinOptions")]
#[serde(rename_all = "camelCase", default)]
pub struct JoinCall {
    #[tsify(type = "number | 'auto'", optional)]
    similarity: Option<Similarity>,
}

/// How similar to a cluster an image must be to join it.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Similarity {
    /// The lowest cosine with the cluster's centre, -1 to 1.
    Cosine(f32),
    /// As similar as the cluster's own images are.
    Auto(Auto),
}

/// The word `auto`.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Auto {
    /// The only value.
    Auto,
}

impl JoinCall {
    /// A call with this similarity.
    pub fn with_similarity(similarity: f32) -> Self {
        Self { similarity: Some(Similarity::Cosine(similarity)) }
    }

    /// A call in which images join that are as similar to a cluster as its own images are.
    pub fn like_members() -> Self {
        Self { similarity: Some(Similarity::Auto(Auto::Auto)) }
    }

    /// How similar an image must be; by default every image joins.
    ///
    /// # Errors
    /// `bad-option`.
    pub fn similarity(self) -> Result<Similarity, ClusteringError> {
        match self.similarity.unwrap_or(Similarity::Cosine(-1.0)) {
            Similarity::Cosine(value) if !(-1.0..=1.0).contains(&value) => {
                Err(ClusteringError::OutOfRange { name: "similarity", value: value.into(), allowed: "from -1 to 1" })
            }
            similarity => Ok(similarity),
        }
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
    /// The edit that assigns unassigned images to their nearest cluster, except those excluded by hand. An image that is less
    /// similar to the centre than `similarity` demands stays unassigned.
    pub async fn join(&self, context: Context<'_>, similarity: Similarity) -> Result<Edit, ApiError> {
        let nearest = self.nearest_clusters(context).await;
        context.client.free_matrices();
        let nearest = nearest?;
        let least = match similarity {
            Similarity::Cosine(least) => LeastCosines::new(&[], least),
            Similarity::Auto(_) => {
                let arrangement = self.arrangement();
                let is_own = |(image, cluster, cosine): &(ImageId, u32, f32)| {
                    (arrangement.cluster_of(*image) == Some(*cluster)).then_some((*cluster, *cosine))
                };
                LeastCosines::new(&nearest.iter().filter_map(is_own).collect::<Vec<_>>(), -1.0)
            }
        };
        let mut clusters: BTreeMap<u32, Vec<ImageId>> = {
            let arrangement = self.arrangement();
            arrangement.clusters().map(|cluster| (cluster.id, arrangement.members(cluster.id).collect())).collect()
        };
        for (image, cluster, cosine) in nearest {
            if self.is_unassigned(image)
                && cosine >= least.of(cluster)
                && let Some(images) = clusters.get_mut(&cluster)
            {
                images.push(image);
            }
        }
        let adopted = clusters.into_iter().map(|(id, images)| Adopted { keep_id: Some(id), name: None, images });
        Ok(Edit::Adopt { clusters: adopted.collect(), from: Adoption::Join })
    }

    fn is_unassigned(&self, image: ImageId) -> bool {
        let arrangement = self.arrangement();
        arrangement.cluster_of(image).is_none() && !arrangement.is_pinned(image)
    }

    /// Each image's nearest cluster, and its cosine with the centre, for unassigned images and members of clusters.
    async fn nearest_clusters(&self, context: Context<'_>) -> Result<Vec<(ImageId, u32, f32)>, ApiError> {
        let Context { operation, collection, client, .. } = context;
        let ids = collection.ids();
        let transform = self.transform(context, &ids, self.params().recipe).await?;
        let labels = self.labels(&ids);
        let (clusters, rows): (Vec<u32>, Vec<u32>) = {
            let arrangement = self.arrangement();
            let takes_part = |id: ImageId| arrangement.cluster_of(id).is_some() || !arrangement.is_pinned(id);
            let clusters = arrangement.clusters().map(|cluster| cluster.id).collect();
            (clusters, (0_u32..).zip(&ids).filter(|&(_, &id)| takes_part(id)).map(|(row, _)| row).collect())
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
