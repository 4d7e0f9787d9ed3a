//! Suggested names of clusters, from what the network recognises in their images.

use shoal::collection::label_suggestion;
use shoal::matrix::{Matrix, ShapeError};
use shoal::options::FeatureKind;
use shoal_kernels::Classifier;

use crate::NativeError;
use crate::features_file::Features;
use crate::network::Network;

/// The classifier for these features, without which no names are suggested: there is one for the pooled features of the
/// networks that the page ships.
pub fn classifier(features: &Features) -> Option<Classifier> {
    let spec = features.spec.as_ref().filter(|spec| spec.features == FeatureKind::Pooled)?;
    let weights = Network::of_features(spec)?.classifier()?;
    Classifier::from_bytes(&weights, None).ok()
}

/// A name for each of `k` clusters, or `None` if no word is certain. `labels`, shape `[n]`, are below `k`; `features`, shape
/// `[n, d]`, are as the network computed them.
///
/// # Errors
/// [`NativeError::Model`] if the classifier is not that of the features.
pub fn suggest(
    classifier: &Classifier,
    features: &Matrix,
    labels: &[Option<u32>],
    k: usize,
) -> Result<Vec<Option<String>>, NativeError> {
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
