//! A weights file's bytes into a burn module on a device.

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Tensor, TensorData};
use shoal_weights::WeightsInfo;
use shoal_weights::backbone::{self, BackboneWeights};
use shoal_weights::error::ModelError;
use shoal_weights::fold::Tensors;

use super::network::{MobileNet, MobileNetConfig};

/// Loads a network from any file that [`shoal_weights::checkpoint::read`] reads: one of ours, or one that follows another
/// library's names, whose batch norm is folded here. Parameters are f32, as f16 parameters need a shader feature that many
/// GPUs lack. `expected_sha256` is in hexadecimal.
///
/// # Errors
/// Those of [`backbone::read`].
pub fn load(
    bytes: &[u8],
    expected_sha256: Option<&str>,
    device: &Device,
) -> Result<(MobileNet, WeightsInfo), ModelError> {
    let BackboneWeights { info, width, tensors } = backbone::read(bytes, expected_sha256)?;
    let mut filler = Filler { path: Vec::new(), tensors, device, failure: None };
    let net = MobileNetConfig::new(info.backbone, width, info.padding).init(device).map(&mut filler);
    match filler.failure {
        Some(failure) => Err(failure),
        None => Ok((net, info)),
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
