//! The classifier over the network's pooled features: what the classes of its training are to a picture.

use super::checkpoint;
use super::sha256_hex;
use super::tensors::NamedTensor;
use crate::error::ModelError;
use shoal::matrix::Matrix;

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
        let sha256 = sha256_hex(bytes);
        if let Some(expected) = expected_sha256.filter(|expected| !expected.eq_ignore_ascii_case(&sha256)) {
            return Err(ModelError::Checksum { expected: expected.to_owned(), found: sha256 });
        }
        let mut tensors = checkpoint::read(bytes)?.tensors;
        let mut take =
            |name: &str| tensors.remove(name).ok_or_else(|| ModelError::Architecture(format!("{name} is missing")));
        let (weight, bias) = (take("classifier.weight")?, take("classifier.bias")?);
        let features = match weight.shape[..] {
            [classes, features] if classes > 0 && features > 0 && bias.shape == [classes] => features,
            _ => {
                let message = format!("the classifier has the shapes {:?} and {:?}", weight.shape, bias.shape);
                return Err(ModelError::Architecture(message));
            }
        };
        match tensors.into_keys().next() {
            Some(name) => Err(ModelError::Architecture(format!("{name} is one too many"))),
            None => Ok(Self { weight, bias: bias.values, features }),
        }
    }

    /// How many classes there are.
    pub fn classes(&self) -> usize {
        self.bias.len()
    }

    /// The classes' scores, each picture's adding up to 1 (softmax), as their mean over the pictures. `features` are
    /// pooled, as the network gave them, shape `[m, features]`; the scores have the shape `[classes]`, all 0 without
    /// pictures.
    ///
    /// # Errors
    /// [`ModelError::BadBatch`] when rows have another length than the classifier takes.
    pub fn mean_scores(&self, features: &Matrix) -> Result<Vec<f32>, ModelError> {
        if features.columns() != self.features {
            return Err(ModelError::BadBatch { expected: self.features, found: features.columns() });
        }
        let mut totals = vec![0.0_f64; self.classes()];
        for row in 0..features.rows() {
            let scores = softmax(&self.logits(features.row(row)));
            totals.iter_mut().zip(scores).for_each(|(total, score)| *total += score);
        }
        let pictures = features.rows().max(1) as f64;
        Ok(totals.into_iter().map(|total| (total / pictures) as f32).collect())
    }

    fn logits(&self, features: &[f32]) -> Vec<f64> {
        let weights = self.weight.values.chunks_exact(self.features);
        weights.zip(&self.bias).map(|(weights, bias)| f64::from(dot(weights, features)) + f64::from(*bias)).collect()
    }
}

/// The scalar product, summed in eight lanes, which the compiler makes vectors of.
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
    // Less the largest, no power is too large to be held.
    let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = logits.iter().map(|logit| (logit - largest).exp()).collect();
    let total: f64 = powers.iter().sum();
    powers.into_iter().map(|power| power / total).collect()
}
