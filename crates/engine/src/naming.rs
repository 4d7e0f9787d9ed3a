//! First names for groups, from what the network sees in their pictures.

use js_sys::{Array, Float32Array};

use crate::Engine;
use crate::add::unexpected;
use crate::pool::Pool;
use crate::weights::{self, WeightsSource};
use shoal::collection::ImageId;
use shoal::collection::arrangement::NameOrigin;
use shoal::options::FeatureKind;
use shoal_browser::api_error::ApiError;
use shoal_protocol::{FromWorker, ToWorker};

/// So many pictures of a group, evenly spread, say what it shows.
const PICTURES_A_GROUP: usize = 32;

impl Engine {
    /// Puts names to the groups that have none. A group keeps its number where the network is not sure; so do all where the
    /// classifier cannot be had, which is no reason to fail: the groups are there.
    pub(super) async fn name_groups(&self) {
        let Ok(operation) = self.begin_quietly().await else { return };
        if self.find_names().await.unwrap_or(false) && !operation.is_cancelled() {
            self.show_edited();
        }
    }

    /// Whether any name was found.
    async fn find_names(&self) -> Result<bool, ApiError> {
        let unnamed: Vec<u32> = {
            let arrangement = self.0.arrangement.borrow();
            let unnamed = arrangement.clusters().filter(|cluster| cluster.name_origin == NameOrigin::Default);
            unnamed.map(|cluster| cluster.id).collect()
        };
        let weights = self.0.settings.borrow().origin().weights;
        if unnamed.is_empty() || self.is_own() || weights != WeightsSource::Shipped {
            return Ok(false);
        }
        let (clusters, features, rows) = self.sample_of_groups();
        if features.is_empty() {
            return Ok(false);
        }
        let (pool, _) = self.pool().await?;
        self.load_classifier(&pool).await?;
        let columns = features[0].length();
        let values = Float32Array::new_with_length(columns * features.len() as u32);
        for (row, one) in (0_u32..).zip(&features) {
            values.set(one, row * columns);
        }
        let reply = pool.run_on(0, ToWorker::SuggestNames { rows }, Array::of1(&values)).await?;
        let (FromWorker::Named { names }, _) = reply else { return Err(unexpected()) };
        let suggested = clusters.into_iter().zip(names).filter(|(id, _)| unnamed.contains(id));
        let suggested: Vec<(u32, String)> = suggested.filter_map(|(id, name)| Some((id, name?))).collect();
        let before = self.0.arrangement.borrow().revision();
        let evaluated = self.is_evaluated();
        self.0.arrangement.borrow_mut().suggest_names(suggested);
        let after = self.0.arrangement.borrow().revision();
        if evaluated {
            self.0.evaluated_revision.set(Some(after));
        }
        Ok(after != before)
    }

    /// The groups, pooled features of some pictures of each, and how many these are.
    fn sample_of_groups(&self) -> (Vec<u32>, Vec<Float32Array>, Vec<usize>) {
        let ids = self.ids();
        let (store, arrangement) = (self.0.store.borrow(), self.0.arrangement.borrow());
        let mut found = (Vec::new(), Vec::new(), Vec::new());
        for cluster in arrangement.clusters() {
            let is_member = |id: &ImageId| arrangement.cluster_of(*id) == Some(cluster.id);
            let members: Vec<ImageId> = ids.iter().copied().filter(is_member).collect();
            let step = members.len().div_ceil(PICTURES_A_GROUP).max(1);
            let stored = members.iter().step_by(step).filter_map(|&id| store.stored(id));
            let pooled =
                stored.filter(|stored| stored.made.made().is_some_and(|made| made.features == FeatureKind::Pooled));
            let features: Vec<Float32Array> = pooled.map(|stored| stored.features.clone()).collect();
            if !features.is_empty() {
                found.0.push(cluster.id);
                found.2.push(features.len());
                found.1.extend(features);
            }
        }
        found
    }

    /// Has the first worker hold the classifier, unless it does.
    async fn load_classifier(&self, pool: &Pool) -> Result<(), ApiError> {
        let known = self.0.classifier.borrow().clone();
        let own = weights::shipped()?.classifier;
        let bytes = match known {
            Some(bytes) => bytes,
            None => {
                let url = own.url(&self.0.settings.borrow().origin());
                let bytes = weights::fetch(&url, |_, _| {}).await?;
                self.0.classifier.replace(Some(bytes.clone()));
                bytes
            }
        };
        // Sent each time: a worker may have been started anew, and knows what it has by its checksum.
        let message = ToWorker::LoadClassifier { expected_sha256: own.sha256 };
        pool.run_on(0, message, Array::of1(&bytes)).await.map(drop)
    }
}
