//! The public result: the arrangement with scores and facts.

use std::rc::Rc;

use shoal::collection::arrangement::NameOrigin;
use shoal::collection::{
    ClusterFacts, Clustering, ClusteringParts, ImageId, RowFacts, Scores, assemble, rearrange, scores_against_folders,
};
use shoal_browser::api_error::ApiError;
use shoal_protocol::ClusterEvaluation;

use super::evaluation::AllSilhouettes;
use super::transform::Transform;
use super::{Clusters, SearchParams};
use crate::collection::ImageCollection;

impl Clusters {
    /// Each image's label: the position of its cluster among the clusters in id order.
    pub fn labels(&self, ids: &[ImageId]) -> Vec<Option<u32>> {
        let arrangement = self.arrangement();
        let clusters: Vec<u32> = arrangement.clusters().map(|cluster| cluster.id).collect();
        let place = |cluster: u32| clusters.binary_search(&cluster).ok().and_then(|place| u32::try_from(place).ok());
        ids.iter().map(|&id| arrangement.cluster_of(id).and_then(place)).collect()
    }

    /// Assembles the result from what was evaluated, and stores it.
    pub(super) fn set_result(
        &self,
        collection: &ImageCollection,
        transform: &Transform,
        silhouettes: AllSilhouettes,
        evaluation: ClusterEvaluation,
    ) -> Result<(), ApiError> {
        let labels = self.labels(&transform.ids);
        let rows = self.row_facts(collection, transform, &labels, &silhouettes, &evaluation.distances.to_vec());
        let paths: Vec<&str> = rows.iter().map(|row| row.path.as_str()).collect();
        let scores = Scores {
            davies_bouldin: evaluation.davies_bouldin,
            calinski_harabasz: evaluation.calinski_harabasz,
            sampled: silhouettes.is_sampled,
            ..scores_against_folders(&paths, &labels, self.arrangement().clusters().count())?
        };
        let SearchParams { seed, recipe, method, curve, proposals } = self.params();
        let result = assemble(ClusteringParts {
            clusters: self.cluster_facts(),
            seed,
            recipe,
            method,
            backend: transform.processor.name().into(),
            rows,
            representatives: evaluation.representatives,
            pca3: &transform.pca3,
            inertia: evaluation.inertia,
            explained: transform.explained,
            variance_kept: transform.variance_kept,
            scores,
            curve,
            proposals,
        })?;
        self.evaluated_revision.set(Some(self.arrangement().revision()));
        self.result.replace(Some(Rc::new(result)));
        Ok(())
    }

    /// Brings the result up to date with the arrangement, and keeps what still holds of the last evaluation.
    pub fn update_result(&self, collection: &ImageCollection) -> Option<Rc<Clustering>> {
        let before = self.result()?;
        let result = {
            let (images, arrangement) = (collection.images(), self.arrangement());
            Rc::new(rearrange(&before, self.cluster_facts(), |path| {
                let id = images.collection.by_path(path).map(|(id, _)| id);
                (id.and_then(|id| arrangement.cluster_of(id)), id.is_some_and(|id| arrangement.is_pinned(id)))
            }))
        };
        self.result.replace(Some(result.clone()));
        Some(result)
    }

    fn cluster_facts(&self) -> Vec<ClusterFacts> {
        self.arrangement()
            .clusters()
            .map(|cluster| ClusterFacts {
                id: cluster.id,
                name: cluster.name.clone(),
                suggested: cluster.name_origin == NameOrigin::Suggested,
                locked: cluster.locked,
            })
            .collect()
    }

    fn row_facts(
        &self,
        collection: &ImageCollection,
        transform: &Transform,
        labels: &[Option<u32>],
        silhouettes: &AllSilhouettes,
        distances: &[f32],
    ) -> Vec<RowFacts> {
        let (images, arrangement) = (collection.images(), self.arrangement());
        let image = |row: usize| images.collection.get(transform.ids[row]);
        (0..transform.ids.len())
            .map(|row| RowFacts {
                path: image(row).map(|image| image.path.clone()).unwrap_or_default(),
                label: labels[row],
                locked: arrangement.is_pinned(transform.ids[row]),
                silhouette: silhouettes.values.get(row).copied().unwrap_or(f32::NAN),
                next_label: silhouettes.nearest_others.get(row).copied().flatten(),
                distance: distances.get(row).copied().unwrap_or(f32::NAN),
                capture: image(row).and_then(|image| image.capture.clone()),
            })
            .collect()
    }
}
