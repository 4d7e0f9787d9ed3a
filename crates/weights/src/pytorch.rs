//! PyTorch's own checkpoint files (`.pth`, `.pt`), of every layout that `torch.save` has written.
//!
//! Nothing in the file is run: `pytorch-reader` knows the few classes that tensors are made of and takes every other for an
//! opaque value. It checks every length against the file and bounds nesting and copies.

use std::collections::BTreeMap;
use std::io;

use half::{bf16, f16};
use pytorch_reader::{DType, PytorchReader, Tensor};

use super::names::Naming;
use super::tensors::{NamedTensor, WeightsFile, each, is_step_counter};
use crate::error::ModelError;

/// Reads the network that a checkpoint holds, at its top or in a dictionary of any name; its tensors come out with
/// torchvision's names. Such a file says nothing of itself, so that there is no metadata.
///
/// # Errors
/// [`ModelError::Format`] when the file is cut off, damaged, or holds another kind of number in the network, or more
/// numbers than it has bytes; [`ModelError::Architecture`] when there is no MobileNetV2 by torchvision's or timm's names;
/// [`ModelError::NotFinite`] when a value is NaN or infinite.
pub(super) fn read(bytes: &[u8]) -> Result<WeightsFile, ModelError> {
    let unreadable = |error: &dyn std::error::Error| ModelError::Format(error.to_string());
    let reader = PytorchReader::from_bytes(bytes.to_vec(), None).map_err(|error| unreadable(&error))?;
    let mut found = reader.into_tensors();
    let Some(naming) = Naming::of(found.keys().map(String::as_str)) else {
        return Err(ModelError::Architecture("its tensors go neither by torchvision's names nor by timm's".into()));
    };
    found.retain(|name, _| !is_step_counter(name));
    // In order of names, so that of several faults the same one is always reported.
    let network: BTreeMap<String, Tensor> =
        found.into_iter().filter_map(|(name, tensor)| Some((naming.torchvision(&name)?, tensor))).collect();
    // A view may repeat one number as often as it likes, so that a small file could claim any number of them.
    let claimed = network.values().fold(0_usize, |sum, tensor| sum.saturating_add(tensor.num_elements()));
    if claimed > bytes.len() {
        return Err(ModelError::Format(format!("{} bytes claim to hold {claimed} numbers", bytes.len())));
    }
    let mut file = WeightsFile::default();
    for (name, tensor) in network {
        let values = values(&name, &tensor, |error| unreadable(&error))?;
        if values.iter().any(|value| !value.is_finite()) {
            return Err(ModelError::NotFinite(name));
        }
        file.tensors.insert(name, NamedTensor { shape: tensor.shape().to_vec(), values });
    }
    Ok(file)
}

fn values(name: &str, tensor: &Tensor, failed: impl Fn(io::Error) -> ModelError) -> Result<Vec<f32>, ModelError> {
    let data = || tensor.read().map_err(failed);
    match tensor.dtype() {
        DType::F16 => Ok(each(&data()?, |bytes| f16::from_ne_bytes(bytes).to_f32())),
        DType::BF16 => Ok(each(&data()?, |bytes| bf16::from_ne_bytes(bytes).to_f32())),
        DType::F32 => Ok(each(&data()?, f32::from_ne_bytes)),
        DType::F64 => Ok(each(&data()?, |bytes| f64::from_ne_bytes(bytes) as f32)),
        other => Err(ModelError::Format(format!("{name} is of type {other:?}, not of real numbers"))),
    }
}
