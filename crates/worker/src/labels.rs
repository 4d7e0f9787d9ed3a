//! Handlers that suggest names of clusters.

use shoal::collection::label_suggestion;
use shoal::matrix::Matrix;
use shoal_browser::api_error::ApiError;
use shoal_browser::worker_scope::Handle;
use shoal_kernels::Classifier;
use shoal_protocol::{LoadClassifier, SuggestLabels, SuggestedLabels};

use crate::WorkerState;
use crate::error::WorkerError;

/// A classifier, and the SHA-256 of the file that it was read from.
pub struct LoadedClassifier {
    classifier: Classifier,
    sha256: String,
}

impl Handle<LoadClassifier> for WorkerState {
    async fn handle(&self, LoadClassifier { bytes, expected_sha256 }: LoadClassifier) -> Result<(), ApiError> {
        if self.classifier.borrow().as_ref().is_none_or(|loaded| loaded.sha256 != expected_sha256) {
            let classifier = Classifier::from_bytes(&bytes.to_vec(), Some(&expected_sha256))?;
            self.classifier.replace(Some(LoadedClassifier { classifier, sha256: expected_sha256 }));
        }
        Ok(())
    }
}

impl Handle<SuggestLabels> for WorkerState {
    async fn handle(&self, SuggestLabels { features, rows }: SuggestLabels) -> Result<SuggestedLabels, ApiError> {
        let loaded = self.classifier.borrow();
        let LoadedClassifier { classifier, .. } = loaded.as_ref().ok_or(WorkerError::NoClassifier)?;
        let values = features.to_vec();
        let columns = values.len().checked_div(rows.iter().sum()).unwrap_or(0);
        let mut rest = values.as_slice();
        let mut scores = Vec::with_capacity(rows.len());
        for count in rows {
            let (own, others) = rest.split_at_checked(count * columns).ok_or(WorkerError::MissingFeatures)?;
            rest = others;
            scores.push(classifier.mean_scores(&Matrix::from_rows(own.to_vec(), columns)?)?);
        }
        Ok(SuggestedLabels { names: label_suggestion::suggest(&scores) })
    }
}
