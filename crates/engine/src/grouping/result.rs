//! The public answer: the arrangement with everything that is known of it.

use std::rc::Rc;

use crate::grouping::evaluation::{Evaluation, Silhouettes};
use crate::grouping::{Grouping, Space};
use crate::{Engine, Event};
use shoal::cluster::metrics;
use shoal::collection::arrangement::NameOrigin;
use shoal::collection::{
    ClusterFacts, Clustering, ClusteringParts, Confusion, ImageId, RowFacts, Scores, assemble, classes, rearrange,
};
use shoal_browser::api_error::ApiError;

impl Engine {
    /// The place of each picture's cluster among the clusters in id order.
    pub(crate) fn labels(&self, ids: &[ImageId]) -> Vec<Option<u32>> {
        let arrangement = self.0.arrangement.borrow();
        let clusters: Vec<u32> = arrangement.clusters().map(|cluster| cluster.id).collect();
        let place = |cluster: u32| clusters.binary_search(&cluster).ok().and_then(|place| u32::try_from(place).ok());
        ids.iter().map(|&id| arrangement.cluster_of(id).and_then(place)).collect()
    }

    fn cluster_facts(&self) -> Vec<ClusterFacts> {
        let arrangement = self.0.arrangement.borrow();
        arrangement
            .clusters()
            .map(|cluster| ClusterFacts {
                id: cluster.id,
                name: cluster.name.clone(),
                suggested: cluster.name_origin == NameOrigin::Suggested,
                locked: cluster.locked,
            })
            .collect()
    }

    /// Puts the answer together from what was judged, and keeps it.
    pub(super) fn take_evaluated(
        &self,
        space: &Space,
        silhouettes: Silhouettes,
        evaluation: Evaluation,
    ) -> Result<Rc<Clustering>, ApiError> {
        let labels = self.labels(&space.ids);
        let rows = self.row_facts(space, &labels, &silhouettes, &evaluation);
        let scores = Scores {
            davies_bouldin: evaluation.davies_bouldin,
            calinski_harabasz: evaluation.calinski_harabasz,
            sampled: silhouettes.sampled,
            ..self.scores_against_folders(&rows, &labels)?
        };
        let Grouping { seed, recipe, method, curve, proposals } = self.0.grouping.borrow().clone();
        let clustering = Rc::new(assemble(ClusteringParts {
            clusters: self.cluster_facts(),
            seed,
            recipe,
            method,
            backend: space.processor.name().into(),
            rows,
            representatives: evaluation.representatives,
            pca3: &space.pca3,
            inertia: evaluation.inertia,
            explained: space.explained,
            variance_kept: space.variance_kept,
            scores,
            curve,
            proposals,
        })?);
        self.0.evaluated_revision.set(Some(self.0.arrangement.borrow().revision()));
        self.0.clustering.replace(Some(clustering.clone()));
        Ok(clustering)
    }

    fn row_facts(
        &self,
        space: &Space,
        labels: &[Option<u32>],
        silhouettes: &Silhouettes,
        evaluation: &Evaluation,
    ) -> Vec<RowFacts> {
        let (store, arrangement) = (self.0.store.borrow(), self.0.arrangement.borrow());
        let known = |row: usize| store.collection.get(space.ids[row]);
        (0..space.ids.len())
            .map(|row| RowFacts {
                path: known(row).map(|picture| picture.path.clone()).unwrap_or_default(),
                label: labels[row],
                locked: arrangement.is_pinned(space.ids[row]),
                silhouette: silhouettes.values.get(row).copied().unwrap_or(f32::NAN),
                next_label: silhouettes.next.get(row).copied().flatten(),
                distance: evaluation.distances.get(row).copied().unwrap_or(f32::NAN),
            })
            .collect()
    }

    /// How well the groups agree with the folders that pictures came in. What is in no group counts as a group of its own.
    fn scores_against_folders(&self, rows: &[RowFacts], labels: &[Option<u32>]) -> Result<Scores, ApiError> {
        let paths: Vec<&str> = rows.iter().map(|row| row.path.as_str()).collect();
        let Some((names, truth)) = classes(&paths) else { return Ok(Scores::default()) };
        let clusters = self.0.arrangement.borrow().clusters().count();
        let found: Vec<u32> = labels.iter().map(|label| label.unwrap_or(clusters as u32)).collect();
        let (accuracy, _) = metrics::accuracy(&truth, &found)?;
        let mut counts = vec![vec![0; clusters]; names.len()];
        let mut unassigned = vec![0; names.len()];
        for (&class, label) in truth.iter().zip(labels) {
            match label {
                Some(label) => counts[class as usize][*label as usize] += 1,
                None => unassigned[class as usize] += 1,
            }
        }
        Ok(Scores {
            nmi: Some(metrics::nmi(&truth, &found)?),
            ari: Some(metrics::ari(&truth, &found)?),
            accuracy: Some(accuracy),
            confusion: Some(Confusion { classes: names, counts, unassigned }),
            ..Scores::default()
        })
    }

    /// Shows the arrangement as it stands at once, with what is still known of the last evaluation.
    pub(crate) fn show_edited(&self) -> Option<Rc<Clustering>> {
        let before = self.clustering()?;
        let clustering = {
            let (store, arrangement) = (self.0.store.borrow(), self.0.arrangement.borrow());
            Rc::new(rearrange(&before, self.cluster_facts(), |path| {
                let id = store.collection.by_path(path).map(|(id, _)| id);
                (id.and_then(|id| arrangement.cluster_of(id)), id.is_some_and(|id| arrangement.is_pinned(id)))
            }))
        };
        self.0.clustering.replace(Some(clustering.clone()));
        self.tell(Event::Edited(clustering.clone()));
        Some(clustering)
    }

    /// Whether the latest answer was judged as the groups stand.
    pub(crate) fn is_evaluated(&self) -> bool {
        self.0.evaluated_revision.get() == Some(self.0.arrangement.borrow().revision())
    }
}
