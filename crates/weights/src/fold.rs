//! Batch norm folded into the convolution before it.

use std::collections::BTreeMap;

use super::layers::Layer;
use super::tensors::NamedTensor;
use crate::error::ModelError;

/// Tensors by name.
pub type Tensors = BTreeMap<String, NamedTensor>;

/// A network without norm layers.
#[derive(Clone, Debug, PartialEq)]
pub struct Folded {
    /// For every layer a `.weight` `[out, in, kernel, kernel]` and a `.bias` `[out]`.
    pub backbone: Tensors,
    /// `classifier.weight` `[classes, features]` and `classifier.bias` `[classes]`; empty when there were none.
    pub classifier: Tensors,
}

/// Whether `tensors` have norm layers.
pub fn has_norms(tensors: &Tensors) -> bool {
    tensors.keys().any(|name| name.contains(".norm."))
}

/// Folds norm layers: a norm's scale is multiplied into the weights before it, its shift becomes their bias.
/// `batch_norm_epsilon` is what the norm adds to its variances. Names are ours, as [`crate::checkpoint::read`] returns them.
///
/// # Errors
/// [`ModelError::Architecture`] when a tensor is missing, has another shape, or does not belong to the network;
/// [`ModelError::NotFinite`] when a folded value is not finite, as with a negative variance.
pub fn fold(mut tensors: Tensors, layers: &[Layer], batch_norm_epsilon: f64) -> Result<Folded, ModelError> {
    let mut backbone = Tensors::new();
    for Layer { name, .. } in layers {
        let (weight, bias) = fold_layer(&mut tensors, name, batch_norm_epsilon)?;
        backbone.insert(format!("{name}.weight"), weight);
        backbone.insert(format!("{name}.bias"), bias);
    }
    let mut classifier = Tensors::new();
    for name in ["classifier.weight", "classifier.bias"] {
        if let Some(tensor) = tensors.remove(name) {
            classifier.insert(name.to_owned(), tensor);
        }
    }
    match tensors.into_keys().next() {
        Some(name) => Err(ModelError::Architecture(format!("{name} does not belong to it"))),
        None => Ok(Folded { backbone, classifier }),
    }
}

fn fold_layer(tensors: &mut Tensors, layer: &str, epsilon: f64) -> Result<(NamedTensor, NamedTensor), ModelError> {
    let mut weight = take(tensors, format!("{layer}.weight"))?;
    let channels = weight.shape.first().copied().unwrap_or(0);
    if weight.shape.len() != 4 || weight.values.is_empty() {
        return Err(ModelError::Architecture(format!("{layer}.weight has the shape {:?}", weight.shape)));
    }
    let mut of_norm = |parameter: &str| {
        let name = format!("{layer}.norm.{parameter}");
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
            return Err(ModelError::NotFinite(format!("{layer}.norm, channel {channel}")));
        }
    }
    Ok((weight, NamedTensor { shape: vec![channels], values: bias }))
}

fn take(tensors: &mut Tensors, name: String) -> Result<NamedTensor, ModelError> {
    tensors.remove(&name).ok_or_else(|| ModelError::Architecture(format!("{name} is missing")))
}
