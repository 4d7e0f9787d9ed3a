//! Names for groups, by the classifier, which is here once it is wanted.

use js_sys::{Array, Uint8Array};

use crate::Answer;
use shoal::collection::label_suggestion;
use shoal::matrix::Matrix;
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::{bulk_as, bulk_f32};
use shoal_model::Classifier;
use shoal_protocol::FromWorker;

/// The classifier, and the checksum of the file that it was read from.
#[derive(Default)]
pub struct Names(Option<(String, Classifier)>);

impl Names {
    /// Reads the classifier, unless it is here.
    pub fn load(&mut self, bulk: &Array, expected_sha256: String) -> Answer {
        if self.0.as_ref().is_none_or(|(known, _)| *known != expected_sha256) {
            let bytes = bulk_as::<Uint8Array>(bulk, 0)?.to_vec();
            let classifier = Classifier::from_bytes(&bytes, Some(&expected_sha256))?;
            self.0 = Some((expected_sha256, classifier));
        }
        Ok((FromWorker::Done, Array::new()))
    }

    /// Names clusters of which there are this many rows of features each.
    pub fn suggest(&self, bulk: &Array, rows: &[usize]) -> Answer {
        let (_, classifier) =
            self.0.as_ref().ok_or_else(|| ApiError::new("not-started", "the classifier is not loaded"))?;
        let values = bulk_f32(bulk, 0)?;
        let columns = values.len().checked_div(rows.iter().sum()).unwrap_or(0);
        let mut rest = values.as_slice();
        let mut scores = Vec::with_capacity(rows.len());
        for &count in rows {
            let (own, others) = rest
                .split_at_checked(count * columns)
                .ok_or_else(|| ApiError::new("bad-message", "there are fewer features than were announced"))?;
            rest = others;
            scores.push(classifier.mean_scores(&Matrix::from_rows(own.to_vec(), columns)?)?);
        }
        Ok((FromWorker::Named { names: label_suggestion::suggest(&scores) }, Array::new()))
    }
}
