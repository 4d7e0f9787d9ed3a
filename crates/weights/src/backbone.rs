//! A weights file's bytes into a backbone's tensors, folded and checked.

use super::fold::{Tensors, fold, has_norms};
use super::info::{Settings, WeightsInfo};
use super::layers::layers;
use super::{checked_sha256, checkpoint};
use crate::error::ModelError;

/// The tensors of a backbone; every layer of it has a `.weight` and a `.bias` of the right shape, and nothing else is there.
#[derive(Clone, Debug)]
pub struct BackboneWeights {
    /// What the file says of itself.
    pub info: WeightsInfo,
    /// The width multiplier, before it is rounded to [`WeightsInfo::width`].
    pub width: f64,
    /// The tensors by the names of [`crate::layers`].
    pub tensors: Tensors,
}

/// Reads a backbone from any file that [`checkpoint::read`] reads, one with batch norm folded already or not;
/// `expected_sha256` is in hexadecimal.
///
/// # Errors
/// [`ModelError::Checksum`] when the file's SHA-256 is not `expected_sha256`, [`ModelError::Format`] when it cannot be
/// read, [`ModelError::Architecture`] when it holds another network, [`ModelError::NotFinite`] when a weight is NaN or
/// infinite.
pub fn read(bytes: &[u8], expected_sha256: Option<&str>) -> Result<BackboneWeights, ModelError> {
    let sha256 = checked_sha256(bytes, expected_sha256)?;
    let file = checkpoint::read(bytes)?;
    let Settings { info, width, batch_norm_epsilon } = Settings::read(&file.metadata, sha256)?;
    let layers = layers(info.backbone.descriptor(), width);
    let tensors =
        if has_norms(&file.tensors) { fold(file.tensors, &layers, batch_norm_epsilon)?.backbone } else { file.tensors };
    let mut expected = 0;
    for layer in layers {
        for (parameter, shape) in [("weight", &layer.shape[..]), ("bias", &layer.shape[..1])] {
            let name = format!("{}.{parameter}", layer.name);
            match tensors.get(&name) {
                None => return Err(ModelError::Architecture(format!("{name} is missing"))),
                Some(tensor) if tensor.shape != shape => {
                    let message = format!("{name} has the shape {:?}, not {shape:?}", tensor.shape);
                    return Err(ModelError::Architecture(message));
                }
                Some(_) => expected += 1,
            }
        }
    }
    if tensors.len() > expected {
        let message = format!("{} tensors do not belong to it", tensors.len() - expected);
        return Err(ModelError::Architecture(message));
    }
    Ok(BackboneWeights { info, width, tensors })
}
