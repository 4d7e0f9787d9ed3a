//! From a weights file's bytes to a network that runs.

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Tensor, TensorData};

use super::checkpoint;
use super::fold::{Tensors, fold, is_torchvision};
use super::info::{Settings, WeightsInfo};
use super::mobilenet::MobileNetV2;
use super::sha256_hex;
use crate::error::ModelError;

/// Loads a network from any file that [`checkpoint::read`] reads: one of ours (batch norm folded), or one with torchvision's
/// or timm's names (folded here). f16 values become f32: f16 parameters need what many GPUs lack.
///
/// # Errors
/// [`ModelError::Checksum`] when the file's SHA-256 is not `expected_sha256`, [`ModelError::Format`] when it cannot be
/// read, [`ModelError::Architecture`] when it holds another network, [`ModelError::NotFinite`] when a weight is NaN or
/// infinite.
pub fn load(
    bytes: &[u8],
    expected_sha256: Option<&str>,
    device: &Device,
) -> Result<(MobileNetV2, WeightsInfo), ModelError> {
    let sha256 = sha256_hex(bytes);
    if let Some(expected) = expected_sha256.filter(|expected| !expected.eq_ignore_ascii_case(&sha256)) {
        return Err(ModelError::Checksum { expected: expected.to_owned(), found: sha256 });
    }
    let file = checkpoint::read(bytes)?;
    let Settings { info, config, batch_norm_epsilon } = Settings::read(&file.metadata, sha256)?;
    let tensors =
        if is_torchvision(&file.tensors) { fold(file.tensors, batch_norm_epsilon)?.backbone } else { file.tensors };
    let mut filler = Filler { path: Vec::new(), tensors, device, failure: None };
    let net = config.init(device).map(&mut filler);
    match (filler.failure, filler.tensors.into_keys().next()) {
        (Some(failure), _) => Err(failure),
        (None, Some(name)) => Err(ModelError::Architecture(format!("{name} is one too many"))),
        (None, None) => Ok((net, info)),
    }
}

/// Gives every parameter of a module the tensor that has its path for a name.
struct Filler<'a> {
    path: Vec<String>,
    tensors: Tensors,
    device: &'a Device,
    failure: Option<ModelError>,
}

impl Filler<'_> {
    fn take(&mut self, wanted: &[usize]) -> Result<TensorData, ModelError> {
        let name = self.path.join(".");
        let Some(tensor) = self.tensors.remove(&name) else {
            return Err(ModelError::Architecture(format!("{name} is missing")));
        };
        if tensor.shape != wanted {
            let message = format!("{name} has the shape {:?}, not {wanted:?}", tensor.shape);
            return Err(ModelError::Architecture(message));
        }
        Ok(TensorData::new(tensor.values, tensor.shape))
    }
}

impl ModuleMapper for Filler<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if self.failure.is_some() {
            return param;
        }
        let shape: Vec<usize> = param.lazy_shape().to_vec();
        match self.take(&shape) {
            Ok(data) => Param::initialized(param.id, Tensor::from_data(data, self.device)),
            Err(failure) => {
                self.failure = Some(failure);
                param
            }
        }
    }
}
