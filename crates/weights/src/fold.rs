//! Batch norm folded into the convolution before it, and torchvision's names turned into ours.

use std::collections::BTreeMap;

use super::mobilenet::BLOCK_COUNT;
use super::tensors::NamedTensor;
use crate::error::ModelError;

/// Tensors by name.
pub type Tensors = BTreeMap<String, NamedTensor>;

/// A network without norm layers.
#[derive(Clone, Debug, PartialEq)]
pub struct Folded {
    /// `stem`, `blocks.0` to `blocks.16` with `expand`, `depthwise` and `project`, and `head`; each has a `.weight`
    /// `[out, in, kernel, kernel]` and a `.bias` `[out]`.
    pub backbone: Tensors,
    /// `classifier.weight` `[classes, features]` and `classifier.bias` `[classes]`; empty when there were none.
    pub classifier: Tensors,
}

/// Whether `tensors` go by torchvision's names, batch norm apart.
pub fn is_torchvision(tensors: &Tensors) -> bool {
    tensors.contains_key("features.0.0.weight")
}

/// Folds a MobileNetV2 with torchvision's names: a norm's scale goes into the weights before it, its shift becomes their
/// bias. `batch_norm_epsilon` is what the norm adds to its variances.
///
/// # Errors
/// [`ModelError::Architecture`] when a tensor is missing, of another shape, or one too many;
/// [`ModelError::NotFinite`] when a folded value is not finite, as with a negative variance.
pub fn fold(mut tensors: Tensors, batch_norm_epsilon: f64) -> Result<Folded, ModelError> {
    let mut backbone = Tensors::new();
    for Part { convolution, norm, name } in parts() {
        let (weight, bias) = fold_part(&mut tensors, &convolution, &norm, batch_norm_epsilon)?;
        backbone.insert(format!("{name}.weight"), weight);
        backbone.insert(format!("{name}.bias"), bias);
    }
    let mut classifier = Tensors::new();
    for part in ["weight", "bias"] {
        if let Some(tensor) = tensors.remove(&format!("classifier.1.{part}")) {
            classifier.insert(format!("classifier.{part}"), tensor);
        }
    }
    match tensors.into_keys().next() {
        Some(name) => Err(ModelError::Architecture(format!("{name} is one too many"))),
        None => Ok(Folded { backbone, classifier }),
    }
}

/// A convolution with its norm.
pub(super) struct Part {
    /// Torchvision's name of the convolution.
    pub convolution: String,
    /// Torchvision's name of the norm.
    pub norm: String,
    /// Our name for both.
    pub name: String,
}

impl Part {
    /// Whether this is the stem, the last part of a block, or the head.
    pub fn ends_block(&self) -> bool {
        !self.name.ends_with("expand") && !self.name.ends_with("depthwise")
    }
}

/// All parts, from the stem to the head.
pub(super) fn parts() -> Vec<Part> {
    let part = |convolution: String, norm: String, name: String| Part { convolution, norm, name };
    let mut parts = vec![part("features.0.0".into(), "features.0.1".into(), "stem".into())];
    for block in 0..BLOCK_COUNT {
        let theirs = format!("features.{}.conv", block + 1);
        // The first block does not widen, so its parts lie one place further to the front.
        let inner: &[&str] = if block == 0 { &["depthwise"] } else { &["expand", "depthwise"] };
        for (index, name) in inner.iter().enumerate() {
            let (convolution, norm) = (format!("{theirs}.{index}.0"), format!("{theirs}.{index}.1"));
            parts.push(part(convolution, norm, format!("blocks.{block}.{name}")));
        }
        let (convolution, norm) = (format!("{theirs}.{}", inner.len()), format!("{theirs}.{}", inner.len() + 1));
        parts.push(part(convolution, norm, format!("blocks.{block}.project")));
    }
    let last = BLOCK_COUNT + 1;
    parts.push(part(format!("features.{last}.0"), format!("features.{last}.1"), "head".into()));
    parts
}

fn fold_part(
    tensors: &mut Tensors,
    convolution: &str,
    norm: &str,
    epsilon: f64,
) -> Result<(NamedTensor, NamedTensor), ModelError> {
    let mut weight = take(tensors, format!("{convolution}.weight"))?;
    let channels = weight.shape.first().copied().unwrap_or(0);
    if weight.shape.len() != 4 || weight.values.is_empty() {
        return Err(ModelError::Architecture(format!("{convolution}.weight has the shape {:?}", weight.shape)));
    }
    let mut of_norm = |part: &str| {
        let name = format!("{norm}.{part}");
        let tensor = take(tensors, name.clone())?;
        if tensor.shape != [channels] {
            return Err(ModelError::Architecture(format!("{name} has the shape {:?}", tensor.shape)));
        }
        Ok(tensor.values)
    };
    let (gain, shift) = (of_norm("weight")?, of_norm("bias")?);
    let (mean, variance) = (of_norm("running_mean")?, of_norm("running_var")?);
    let per_channel = weight.values.len() / channels;
    let mut bias = vec![0.0; channels];
    for (channel, values) in weight.values.chunks_exact_mut(per_channel).enumerate() {
        let scale = f64::from(gain[channel]) / (f64::from(variance[channel]) + epsilon).sqrt();
        for value in values.iter_mut() {
            *value = (f64::from(*value) * scale) as f32;
        }
        bias[channel] = (f64::from(shift[channel]) - f64::from(mean[channel]) * scale) as f32;
        if !bias[channel].is_finite() || values.iter().any(|value| !value.is_finite()) {
            return Err(ModelError::NotFinite(format!("{norm}, channel {channel}")));
        }
    }
    Ok((weight, NamedTensor { shape: vec![channels], values: bias }))
}

fn take(tensors: &mut Tensors, name: String) -> Result<NamedTensor, ModelError> {
    tensors.remove(&name).ok_or_else(|| ModelError::Architecture(format!("{name} is missing")))
}
