//! PyTorch's own checkpoint files (`.pth`, `.pt`), in every layout that `torch.save` has written.
//!
//! No code in the file is run: `pytorch-reader` knows the few classes that tensors are made of and takes every other object
//! for an opaque value. It checks every length against the file and bounds nesting and copies.

use std::collections::BTreeMap;
use std::io;

use half::{bf16, f16};
use pytorch_reader::{DType, PytorchReader, Tensor};

use super::naming::{Naming, known_conventions};
use super::tensors::{NamedTensor, WeightsFile, each, is_step_counter};
use crate::error::ModelError;

/// Reads the network that a checkpoint holds, at its top or in a dictionary of any name, with our names. Such a file has no
/// metadata.
///
/// # Errors
/// [`ModelError::Format`] when the file is truncated, damaged, or holds another kind of number in the network, or more
/// numbers than it has bytes; [`ModelError::Architecture`] when its names follow no known convention;
/// [`ModelError::NotFinite`] when a value is NaN or infinite.
pub(super) fn read(bytes: &[u8]) -> Result<(WeightsFile, Naming), ModelError> {
    let unreadable = |error: &dyn std::error::Error| ModelError::Format(error.to_string());
    let reader = PytorchReader::from_bytes(bytes.to_vec(), None).map_err(|error| unreadable(&error))?;
    let mut found = reader.into_tensors();
    let Some(naming) = Naming::of(found.keys().map(String::as_str)) else {
        return Err(ModelError::Architecture(format!("its names are not those of {}", known_conventions())));
    };
    found.retain(|name, _| !is_step_counter(name));
    // Sorted by name, so that of several faults the same one is always reported.
    let network: BTreeMap<String, Tensor> =
        found.into_iter().filter_map(|(name, tensor)| Some((naming.ours(&name)?, tensor))).collect();
    // A view may repeat one number any number of times, so that a small file could claim a huge tensor.
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
    Ok((file, naming))
}

fn values(name: &str, tensor: &Tensor, failed: impl Fn(io::Error) -> ModelError) -> Result<Vec<f32>, ModelError> {
    let data = || tensor.read().map_err(failed);
    match tensor.dtype() {
        DType::F16 => Ok(each(&data()?, |bytes| f16::from_ne_bytes(bytes).to_f32())),
        DType::BF16 => Ok(each(&data()?, |bytes| bf16::from_ne_bytes(bytes).to_f32())),
        DType::F32 => Ok(each(&data()?, f32::from_ne_bytes)),
        DType::F64 => Ok(each(&data()?, |bytes| f64::from_ne_bytes(bytes) as f32)),
        other => Err(ModelError::Format(format!("{name} has the type {other:?}, which is not a real number"))),
    }
}
