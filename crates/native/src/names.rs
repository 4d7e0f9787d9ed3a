//! Suggested names of clusters, from what the network recognises in their images.

use shoal::collection::label_suggestion;
use shoal::matrix::{Matrix, ShapeError};
use shoal::options::FeatureKind;
use shoal_kernels::Classifier;

use crate::NativeError;
use crate::features_file::Features;
use crate::network::Network;

const CLASSIFIER: &[u8] = include_bytes!("../../../weights/mobilenet_v2_classifier.safetensors");

/// Whether names can be suggested for clusters of these features: there is a classifier only for the pooled ones of the shipped
/// weights.
pub fn has_classifier(features: &Features) -> bool {
    let is_shipped = |sha256: &str| Network::shipped().is_ok_and(|network| network.info().sha256 == sha256);
    let spec = features.spec.as_ref();
    spec.is_some_and(|spec| spec.features == FeatureKind::Pooled && is_shipped(&spec.weights_sha256))
}

/// A name for each of `k` clusters, or `None` if no word is certain. `labels`, shape `[n]`, are below `k`; `features`, shape
/// `[n, d]`, are as the network computed them.
///
/// # Errors
/// [`NativeError::Model`] if there is no classifier for the features.
pub fn suggest(features: &Matrix, labels: &[Option<u32>], k: usize) -> Result<Vec<Option<String>>, NativeError> {
    let classifier = Classifier::from_bytes(CLASSIFIER, None)?;
    let mut members = vec![Vec::new(); k];
    for (row, label) in labels.iter().enumerate() {
        if let Some(members) = label.and_then(|label| members.get_mut(label as usize)) {
            members.push(row);
        }
    }
    let scores = members.iter().map(|members| {
        let rows = label_suggestion::sampled(members);
        let values = rows.flat_map(|&row| features.row(row).iter().copied()).collect();
        let sample = Matrix::from_rows(values, features.columns());
        let sample = sample.map_err(|error: ShapeError| NativeError::Cluster(error.into()))?;
        Ok(classifier.mean_scores(&sample)?)
    });
    Ok(label_suggestion::suggest(&scores.collect::<Result<Vec<_>, NativeError>>()?))
}
