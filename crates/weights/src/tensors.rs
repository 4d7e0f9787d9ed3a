//! Named tensors and safetensors files of them.

use std::collections::BTreeMap;

use half::{bf16, f16};
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use serde_json::{Map, Value, json};

pub use super::named_tensor::NamedTensor;
use super::storage::{LOW_SUFFIX, Quantized, SCALE_SUFFIX, Storage, dequantize};
use crate::error::ModelError;

/// A weights file's content. Both maps are sorted, so that the same content always makes the same bytes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WeightsFile {
    /// What the file says of itself.
    pub metadata: BTreeMap<String, String>,
    /// The tensors by name.
    pub tensors: BTreeMap<String, NamedTensor>,
}

impl WeightsFile {
    /// Reads a safetensors file of f16, bf16, f32, f64 or quantized tensors (see [`crate::storage`]). Counters of training
    /// steps are left out.
    ///
    /// # Errors
    /// [`ModelError::Format`] when the file is truncated, damaged, or holds another kind of number;
    /// [`ModelError::NotFinite`] when a value is NaN or infinite.
    pub fn read(bytes: &[u8]) -> Result<Self, ModelError> {
        let unreadable = |error: safetensors::SafeTensorError| ModelError::Format(error.to_string());
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(unreadable)?;
        let metadata = header.metadata().clone().unwrap_or_default().into_iter().collect();
        let file = SafeTensors::deserialize(bytes).map_err(unreadable)?;
        let mut tensors = BTreeMap::new();
        for (name, view) in file.iter() {
            if is_step_counter(name) || is_part_of_quantized(&file, name) {
                continue;
            }
            let values = match view.dtype() {
                Dtype::I8 => quantized_values(&file, name, &view)?,
                _ => real_values(name, &view)?,
            };
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
        self.write(|_, _| Storage::F16)
    }

    /// Writes a safetensors file with each tensor stored as `storage` says for its name and shape.
    ///
    /// # Errors
    /// [`ModelError::NotFinite`] when a value is NaN, infinite or beyond f16's range.
    pub fn write(&self, storage: impl Fn(&str, &[usize]) -> Storage) -> Result<Vec<u8>, ModelError> {
        let mut entries = Vec::new();
        for (name, tensor) in &self.tensors {
            let not_finite = || ModelError::NotFinite(name.clone());
            let shape = &tensor.shape;
            match storage(name, shape) {
                Storage::F16 => {
                    let bytes = f16_bytes(&tensor.values).ok_or_else(not_finite)?;
                    entries.push(Entry { name: name.clone(), dtype: "F16", align: 2, shape: shape.clone(), bytes });
                }
                Storage::Bits(bits) => {
                    let Quantized { high, low, scales } = Quantized::of(tensor, bits).ok_or_else(not_finite)?;
                    let (channels, planes) = (scales.len(), (bits as usize).saturating_sub(8));
                    let bytes = scales.iter().flat_map(|scale| scale.to_le_bytes()).collect();
                    let scale_name = format!("{name}{SCALE_SUFFIX}");
                    entries.push(Entry { name: scale_name, dtype: "BF16", align: 2, shape: vec![channels], bytes });
                    if planes > 0 {
                        let (name, shape) = (format!("{name}{LOW_SUFFIX}"), vec![planes, low.len() / planes]);
                        entries.push(Entry { name, dtype: "U8", align: 1, shape, bytes: low });
                    }
                    entries.push(Entry {
                        name: name.clone(),
                        dtype: "I8",
                        align: 1,
                        shape: shape.clone(),
                        bytes: high,
                    });
                }
            }
        }
        // The safetensors crate writes metadata in a random order, which would change the checksum every time. As there, the
        // types with the larger alignment come first.
        entries.sort_by(|a, b| b.align.cmp(&a.align).then_with(|| a.name.cmp(&b.name)));
        Ok(assemble(&self.metadata, entries))
    }
}

/// A tensor as it lies in a file.
struct Entry {
    name: String,
    dtype: &'static str,
    align: usize,
    shape: Vec<usize>,
    bytes: Vec<u8>,
}

fn assemble(metadata: &BTreeMap<String, String>, entries: Vec<Entry>) -> Vec<u8> {
    let mut header = Map::new();
    header.insert("__metadata__".into(), json!(metadata));
    let mut body: Vec<u8> = Vec::new();
    for Entry { name, dtype, shape, bytes, .. } in entries {
        let start = body.len();
        body.extend(bytes);
        header.insert(name, json!({ "dtype": dtype, "shape": shape, "data_offsets": [start, body.len()] }));
    }
    let mut header = Value::Object(header).to_string();
    // The format requires the body to begin at a multiple of 8.
    header.extend(std::iter::repeat_n(' ', header.len().next_multiple_of(8) - header.len()));
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.into_bytes());
    bytes.extend(body);
    bytes
}

fn f16_bytes(values: &[f32]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(2 * values.len());
    for &value in values {
        let half = f16::from_f32(value);
        bytes.extend(half.is_finite().then_some(half)?.to_le_bytes());
    }
    Some(bytes)
}

fn real_values(name: &str, view: &TensorView<'_>) -> Result<Vec<f32>, ModelError> {
    let data = view.data();
    match view.dtype() {
        Dtype::F16 => Ok(each(data, |bytes| f16::from_le_bytes(bytes).to_f32())),
        Dtype::BF16 => Ok(each(data, |bytes| bf16::from_le_bytes(bytes).to_f32())),
        Dtype::F32 => Ok(each(data, f32::from_le_bytes)),
        Dtype::F64 => Ok(each(data, |bytes| f64::from_le_bytes(bytes) as f32)),
        other => Err(ModelError::Format(format!("{name} has the type {other}, which is not a real number"))),
    }
}

fn quantized_values(file: &SafeTensors<'_>, name: &str, view: &TensorView<'_>) -> Result<Vec<f32>, ModelError> {
    let damaged = || ModelError::Format(format!("{name} is quantized, but its scales or lower bits do not fit it"));
    let scale = file.tensor(&format!("{name}{SCALE_SUFFIX}")).map_err(|_| damaged())?;
    if scale.shape() != view.shape().get(..1).unwrap_or_default() {
        return Err(damaged());
    }
    let scales = real_values(name, &scale)?;
    let low = file.tensor(&format!("{name}{LOW_SUFFIX}")).ok();
    let (planes, low_bytes) = match &low {
        None => (0, &[][..]),
        Some(low) if low.dtype() == Dtype::U8 => (low.shape().first().copied().unwrap_or(0), low.data()),
        Some(_) => return Err(damaged()),
    };
    dequantize(view.data(), low_bytes, planes, &scales).ok_or_else(damaged)
}

/// Whether `name` holds the scales or the lower bits of a quantized tensor.
fn is_part_of_quantized(file: &SafeTensors<'_>, name: &str) -> bool {
    [SCALE_SUFFIX, LOW_SUFFIX]
        .iter()
        .filter_map(|suffix| name.strip_suffix(suffix))
        .any(|whole| file.tensor(whole).is_ok_and(|view| view.dtype() == Dtype::I8))
}

/// Whether a tensor of this name counts training steps, which is no weight.
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
    fn values_within_f16_are_read_back() {
        let written = file(vec![0.5, -3.25, 65504.0]);
        let bytes = written.write_f16().unwrap();
        assert_eq!(WeightsFile::read(&bytes).unwrap(), written);
        assert_eq!(written.write_f16().unwrap(), bytes);
    }

    #[test]
    fn values_beyond_f16_are_refused() {
        for value in [1e6, f32::NAN, f32::NEG_INFINITY] {
            assert_eq!(file(vec![0.0, value]).write_f16(), Err(ModelError::NotFinite("x".into())));
        }
    }

    #[test]
    fn truncated_files_are_refused() {
        let bytes = file(vec![1.0, 2.0]).write_f16().unwrap();
        for length in 0..bytes.len() {
            assert!(matches!(WeightsFile::read(&bytes[..length]), Err(ModelError::Format(_))), "cut to {length}");
        }
    }

    fn quantized() -> (WeightsFile, Vec<u8>) {
        let values: Vec<f32> = (0..24).map(|index| (index * 7 % 11) as f32 - 5.0).collect();
        let tensor = NamedTensor { shape: vec![4, 6, 1, 1], values };
        let file = WeightsFile { tensors: BTreeMap::from([("x".into(), tensor)]), ..file(vec![1.0]) };
        let bytes = file.write(|_, _| Storage::Bits(10)).unwrap();
        (file, bytes)
    }

    #[test]
    fn quantized_tensors_are_read_back_and_damaged_ones_refused() {
        let (file, bytes) = quantized();
        let found = WeightsFile::read(&bytes).unwrap();
        assert_eq!(found.tensors.len(), 1);
        let (found, wanted) = (&found.tensors["x"], &file.tensors["x"]);
        assert_eq!(found.shape, wanted.shape);
        assert!(found.values.iter().zip(&wanted.values).all(|(f, w)| (f - w).abs() < 0.01), "{found:?}");
        assert_eq!(file.write(|_, _| Storage::Bits(10)).unwrap(), bytes);
        for length in 0..bytes.len() {
            assert!(matches!(WeightsFile::read(&bytes[..length]), Err(ModelError::Format(_))), "cut to {length}");
        }
        let renamed = |from: &str, to: &str| {
            let text: Vec<u8> = bytes.clone();
            let at = text.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
            [&text[..at], to.as_bytes(), &text[at + from.len()..]].concat()
        };
        for damaged in [renamed("x.scale", "x.other"), renamed("[4]", "[2]"), renamed("\"U8\"", "\"I8\"")] {
            assert!(matches!(WeightsFile::read(&damaged), Err(ModelError::Format(_))));
        }
    }
}
