//! Suggested names of clusters, from what the network sees in their images.

use js_sys::{Float32Array, Uint8Array};
use shoal::archive::npz::FeatureSpec;
use shoal::collection::arrangement::NameOrigin;
use shoal::collection::{ImageId, label_suggestion};
use shoal::options::FeatureKind;
use shoal_browser::api_error::ApiError;
use shoal_protocol::{LoadClassifier, SuggestLabels};

use super::Clusters;
use crate::collection::ImageCollection;
use crate::compute::Client;
use crate::compute::weights::ManifestFile;

/// Features of some images of each cluster.
struct Sample {
    clusters: Vec<u32>,
    /// All images of each cluster.
    members: Vec<Vec<ImageId>>,
    /// How many rows of features each cluster has.
    rows: Vec<usize>,
    features: Vec<Float32Array>,
}

impl Clusters {
    /// The clusters without a name.
    fn unnamed(&self) -> Vec<u32> {
        let arrangement = self.arrangement();
        let unnamed = arrangement.clusters().filter(|cluster| cluster.name_origin == NameOrigin::Default);
        unnamed.map(|cluster| cluster.id).collect()
    }

    /// Whether there are unnamed clusters, and features of the network with these weights from which its classifier can name them.
    pub fn lacks_names(&self, collection: &ImageCollection, weights_sha256: &str) -> bool {
        !self.unnamed().is_empty() && !self.sample(collection, weights_sha256).features.is_empty()
    }

    /// Names unnamed clusters for which this classifier, whose file has these bytes, is sure. Returns whether any was named.
    pub async fn suggest_names(
        &self,
        collection: &ImageCollection,
        client: &Client,
        classifier: &ManifestFile,
        bytes: Uint8Array,
    ) -> Result<bool, ApiError> {
        let unnamed = self.unnamed();
        let Sample { clusters, members, rows, features } = self.sample(collection, &client.network().model.sha256);
        let Some(columns) = features.first().map(Float32Array::length) else { return Ok(false) };
        // Sent each time. A worker that has the file identifies it by its checksum.
        client.call_on(0, LoadClassifier { bytes, expected_sha256: classifier.sha256.clone() }).await?;
        let values = Float32Array::new_with_length(columns * features.len() as u32);
        for (row, one) in (0_u32..).zip(&features) {
            values.set(one, row * columns);
        }
        let suggested = client.call_on(0, SuggestLabels { features: values, rows }).await?;
        // A name belongs to the images that it was computed for.
        let is_same = |id: u32, images: &Vec<ImageId>| {
            unnamed.contains(&id) && self.arrangement().members(id).eq(images.iter().copied())
        };
        let named = clusters.into_iter().zip(members).zip(suggested.names);
        let named: Vec<(u32, String)> =
            named.filter_map(|((id, images), name)| Some((id, name.filter(|_| is_same(id, &images))?))).collect();
        let (before, was_evaluated) = (self.arrangement().revision(), self.is_evaluated());
        self.arrangement_mut().suggest_names(named);
        let after = self.arrangement().revision();
        if was_evaluated {
            self.evaluated_revision.set(Some(after));
        }
        Ok(after != before)
    }

    /// `weights_sha256` is that of the network that the classifier belongs to.
    fn sample(&self, collection: &ImageCollection, weights_sha256: &str) -> Sample {
        let ids = collection.ids();
        let (images, arrangement) = (collection.images(), self.arrangement());
        let mut sample = Sample { clusters: Vec::new(), members: Vec::new(), rows: Vec::new(), features: Vec::new() };
        for cluster in arrangement.clusters() {
            let is_member = |id: &ImageId| arrangement.cluster_of(*id) == Some(cluster.id);
            let members: Vec<ImageId> = ids.iter().copied().filter(is_member).collect();
            let stored = label_suggestion::sampled(&members).filter_map(|&id| images.stored(id));
            let is_fit =
                |spec: &FeatureSpec| spec.features == FeatureKind::Pooled && spec.weights_sha256 == weights_sha256;
            let fit = stored.filter(|stored| stored.origin.spec().is_some_and(is_fit));
            let features: Vec<Float32Array> = fit.map(|stored| stored.features.clone()).collect();
            if !features.is_empty() {
                sample.clusters.push(cluster.id);
                sample.members.push(arrangement.members(cluster.id).collect());
                sample.rows.push(features.len());
                sample.features.extend(features);
            }
        }
        sample
    }
}
