//! The linear classifier over a network's pooled features.

use shoal::matrix::Matrix;
use shoal_weights::error::ModelError;
use shoal_weights::tensors::NamedTensor;
use shoal_weights::{checked_sha256, checkpoint};

/// A linear classifier.
#[derive(Clone, Debug)]
pub struct Classifier {
    /// Shape `[classes, features]`.
    weight: NamedTensor,
    /// Shape `[classes]`.
    bias: Vec<f32>,
    features: usize,
}

impl Classifier {
    /// Loads a classifier from a weights file with `classifier.weight` `[classes, features]` and `classifier.bias`
    /// `[classes]`; `expected_sha256` is in hexadecimal.
    ///
    /// # Errors
    /// [`ModelError::Checksum`] when the file's SHA-256 is not `expected_sha256`, [`ModelError::Format`] when it cannot be
    /// read, [`ModelError::Architecture`] when it holds anything else, [`ModelError::NotFinite`] when a weight is NaN or
    /// infinite.
    pub fn from_bytes(bytes: &[u8], expected_sha256: Option<&str>) -> Result<Self, ModelError> {
        checked_sha256(bytes, expected_sha256)?;
        let mut tensors = checkpoint::read(bytes)?.tensors;
        let mut take =
            |name: &str| tensors.remove(name).ok_or_else(|| ModelError::Architecture(format!("{name} is missing")));
        let (weight, bias) = (take("classifier.weight")?, take("classifier.bias")?);
        match tensors.into_keys().next() {
            Some(name) => Err(ModelError::Architecture(format!("{name} does not belong to it"))),
            None => Self::new(weight, bias),
        }
    }

    /// A classifier of `weight`, shape `[classes, features]`, and `bias`, shape `[classes]`.
    ///
    /// # Errors
    /// [`ModelError::Architecture`] for other shapes.
    pub fn new(weight: NamedTensor, bias: NamedTensor) -> Result<Self, ModelError> {
        match weight.shape[..] {
            [classes, features] if classes > 0 && features > 0 && bias.shape == [classes] => {
                Ok(Self { weight, bias: bias.values, features })
            }
            _ => {
                let message = format!("the classifier has the shapes {:?} and {:?}", weight.shape, bias.shape);
                Err(ModelError::Architecture(message))
            }
        }
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.bias.len()
    }

    /// The mean over images of each class's score, where an image's scores add up to 1 (softmax). `features` are pooled, as
    /// the network computed them, shape `[m, features]`; the result has the shape `[classes]`, all 0 without images.
    ///
    /// # Errors
    /// [`ModelError::BadBatch`] when the rows have another length than the classifier's.
    pub fn mean_scores(&self, features: &Matrix) -> Result<Vec<f32>, ModelError> {
        if features.columns() != self.features {
            return Err(ModelError::BadBatch { expected: self.features, found: features.columns() });
        }
        let mut totals = vec![0.0_f64; self.classes()];
        for row in 0..features.rows() {
            let scores = softmax(&self.logits(features.row(row)));
            totals.iter_mut().zip(scores).for_each(|(total, score)| *total += score);
        }
        let images = features.rows().max(1) as f64;
        Ok(totals.into_iter().map(|total| (total / images) as f32).collect())
    }

    /// The scores of one image before the softmax, shape `[classes]`; `features` has as many values as the classifier takes.
    pub fn logits(&self, features: &[f32]) -> Vec<f64> {
        let weights = self.weight.values.chunks_exact(self.features);
        weights.zip(&self.bias).map(|(weights, bias)| f64::from(dot(weights, features)) + f64::from(*bias)).collect()
    }
}

/// The dot product, summed in eight lanes so that the compiler can use SIMD.
fn dot(one: &[f32], other: &[f32]) -> f32 {
    const LANES: usize = 8;
    let ((one, one_rest), (other, other_rest)) = (one.as_chunks::<LANES>(), other.as_chunks::<LANES>());
    let mut sums = [0.0; LANES];
    for (one, other) in one.iter().zip(other) {
        for ((sum, one), other) in sums.iter_mut().zip(one).zip(other) {
            *sum += one * other;
        }
    }
    let rest = one_rest.iter().zip(other_rest).map(|(one, other)| one * other);
    sums.into_iter().chain(rest).sum()
}

fn softmax(logits: &[f64]) -> Vec<f64> {
    // With the largest subtracted, no exponential overflows.
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = logits.iter().map(|logit| (logit - largest).exp()).collect();
    let total: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / total).collect()
}
