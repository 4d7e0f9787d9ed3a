//! Named tensors and the safetensors files they lie in.

use std::collections::BTreeMap;

use half::{bf16, f16};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde_json::{Map, Value, json};

use crate::error::ModelError;

/// One tensor: its shape and its values, the last dimension varying fastest.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedTensor {
    /// The length of every dimension.
    pub shape: Vec<usize>,
    /// As many values as the shape's product.
    pub values: Vec<f32>,
}

/// A weights file's content. Both maps are sorted, so that the same content always makes the same bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WeightsFile {
    /// What the file says of itself.
    pub metadata: BTreeMap<String, String>,
    /// The tensors by name.
    pub tensors: BTreeMap<String, NamedTensor>,
}

impl WeightsFile {
    /// Reads a safetensors file of f16, bf16, f32 or f64 tensors. Counters of training steps are left out.
    ///
    /// # Errors
    /// [`ModelError::Format`] when the file is cut off, damaged, or holds another kind of number;
    /// [`ModelError::NotFinite`] when a value is NaN or infinite.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let unreadable = |error: safetensors::SafeTensorError| ModelError::Format(error.to_string());
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(unreadable)?;
        let metadata = header.metadata().clone().unwrap_or_default().into_iter().collect();
        let file = SafeTensors::deserialize(bytes).map_err(unreadable)?;
        let mut tensors = BTreeMap::new();
        for (name, view) in file.iter().filter(|(name, _)| !is_step_counter(name)) {
            let values = values(name, &view)?;
            if values.iter().any(|value| !value.is_finite()) {
                return Err(ModelError::NotFinite(name.to_owned()));
            }
            tensors.insert(name.to_owned(), NamedTensor { shape: view.shape().to_vec(), values });
        }
        Ok(Self { metadata, tensors })
    }

    /// Writes a safetensors file with every value rounded to f16.
    ///
    /// # Errors
    /// [`ModelError::NotFinite`] when a value is NaN, infinite or beyond f16's range.
    pub fn write_f16(&self) -> Result<Vec<u8>, ModelError> {
        // The safetensors crate writes metadata in a random order, which would change the checksum every time.
        let mut header = Map::new();
        header.insert("__metadata__".into(), json!(self.metadata));
        let mut body: Vec<u8> = Vec::new();
        for (name, tensor) in &self.tensors {
            let start = body.len();
            for &value in &tensor.values {
                let short = f16::from_f32(value);
                if !short.is_finite() {
                    return Err(ModelError::NotFinite(name.clone()));
                }
                body.extend(short.to_le_bytes());
            }
            let entry = json!({ "dtype": "F16", "shape": tensor.shape, "data_offsets": [start, body.len()] });
            header.insert(name.clone(), entry);
        }
        let mut header = Value::Object(header).to_string();
        // The format wants the body to begin at a multiple of 8.
        header.extend(std::iter::repeat_n(' ', header.len().next_multiple_of(8) - header.len()));
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend(header.into_bytes());
        bytes.extend(body);
        Ok(bytes)
    }
}

fn values(name: &str, view: &TensorView<'_>) -> Result<Vec<f32>, ModelError> {
    let data = view.data();
    match view.dtype() {
        Dtype::F16 => Ok(each(data, |bytes| f16::from_le_bytes(bytes).to_f32())),
        Dtype::BF16 => Ok(each(data, |bytes| bf16::from_le_bytes(bytes).to_f32())),
        Dtype::F32 => Ok(each(data, f32::from_le_bytes)),
        Dtype::F64 => Ok(each(data, |bytes| f64::from_le_bytes(bytes) as f32)),
        other => Err(ModelError::Format(format!("{name} is of type {other}, not of real numbers"))),
    }
}

/// Whether a tensor of this name counts training's steps, which is no weight.
pub(super) fn is_step_counter(name: &str) -> bool {
    name.ends_with("num_batches_tracked")
}

pub(super) fn each<const WIDTH: usize>(data: &[u8], read: impl Fn([u8; WIDTH]) -> f32) -> Vec<f32> {
    data.as_chunks().0.iter().map(|bytes| read(*bytes)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(values: Vec<f32>) -> WeightsFile {
        let tensor = NamedTensor { shape: vec![values.len()], values };
        WeightsFile {
            metadata: BTreeMap::from([("a".into(), "1".into()), ("b".into(), "2".into())]),
            tensors: BTreeMap::from([("x".into(), tensor)]),
        }
    }

    #[test]
    fn what_f16_can_hold_comes_back() {
        let written = file(vec![0.5, -3.25, 65504.0]);
        let bytes = written.write_f16().unwrap();
        assert_eq!(WeightsFile::read(&bytes).unwrap(), written);
        assert_eq!(written.write_f16().unwrap(), bytes);
    }

    #[test]
    fn what_f16_cannot_hold_is_refused() {
        for value in [1e6, f32::NAN, f32::NEG_INFINITY] {
            assert_eq!(file(vec![0.0, value]).write_f16(), Err(ModelError::NotFinite("x".into())));
        }
    }

    #[test]
    fn every_cut_is_refused() {
        let bytes = file(vec![1.0, 2.0]).write_f16().unwrap();
        for length in 0..bytes.len() {
            assert!(matches!(WeightsFile::read(&bytes[..length]), Err(ModelError::Format(_))), "cut to {length}");
        }
    }
}
