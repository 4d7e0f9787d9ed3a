//! How a tensor's values are stored: as f16, or as integers of a few bits with a scale per output channel.
//!
//! A quantized tensor `NAME` lies in a safetensors file as
//!
//! | entry | type and shape | what |
//! | --- | --- | --- |
//! | `NAME` | I8, the tensor's shape | each integer's upper 8 bits |
//! | `NAME.scale` | BF16 `[out]` | what an output channel's integers are multiplied by |
//! | `NAME.low` | U8 `[bits - 8, values / 8]`, rounded up | each integer's lower bits, one plane per bit, the lowest first; left out at 8 bits |
//!
//! so that a value is `(upper << (bits - 8) | lower) * scale`. The upper bits are separate since gzip can shorten them, while
//! the lower ones are noise. Integers of fewer than 8 bits are stored in 8, and gzip removes most of the rest.

use half::bf16;

use super::named_tensor::NamedTensor;

/// The suffix of a quantized tensor's scales.
pub(crate) const SCALE_SUFFIX: &str = ".scale";
/// The suffix of a quantized tensor's lower bits.
pub(crate) const LOW_SUFFIX: &str = ".low";
/// The most bits of an integer.
pub(crate) const BITS_MAX: u32 = 16;

/// How a tensor is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// Half precision.
    F16,
    /// Integers of so many bits, 4 to 16, with a scale per output channel.
    Bits(u32),
}

/// A tensor's values as integers.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Quantized {
    /// Each integer's upper 8 bits.
    pub high: Vec<u8>,
    /// A plane per lower bit, the lowest first.
    pub low: Vec<u8>,
    /// The scale of every output channel.
    pub scales: Vec<bf16>,
}

impl Quantized {
    /// Rounds a tensor `[out, ..]` to integers of `bits` bits, 4 to 16. `None` when a value is not finite or the tensor is empty.
    pub fn of(tensor: &NamedTensor, bits: u32) -> Option<Self> {
        let channels = *tensor.shape.first()?;
        if channels == 0 || tensor.values.is_empty() || tensor.values.iter().any(|value| !value.is_finite()) {
            return None;
        }
        let mut scales = Vec::with_capacity(channels);
        let mut integers = Vec::with_capacity(tensor.values.len());
        for values in tensor.values.chunks_exact(tensor.values.len() / channels) {
            let scale = scale(values, bits);
            scales.push(scale);
            integers.extend(values.iter().map(|value| quantize(*value, scale.to_f32(), bits)));
        }
        let extra = bits.saturating_sub(8);
        let high = integers.iter().map(|integer| (integer >> extra) as u8).collect();
        let plane = |bit: u32| {
            integers.chunks(8).map(move |eight| {
                eight.iter().enumerate().fold(0_u8, |byte, (at, integer)| byte | (((integer >> bit) & 1) as u8) << at)
            })
        };
        Some(Self { high, low: (0..extra).flat_map(plane).collect(), scales })
    }
}

/// The values of a quantized tensor with `scales.len()` output channels and `planes` bits beyond 8; `None` when the lengths
/// do not fit together.
pub(crate) fn dequantize(high: &[u8], low: &[u8], planes: usize, scales: &[f32]) -> Option<Vec<f32>> {
    let plane_bytes = high.len().div_ceil(8);
    let lengths_fit =
        !scales.is_empty() && high.len().is_multiple_of(scales.len()) && low.len() == planes * plane_bytes;
    if !lengths_fit || planes > (BITS_MAX - 8) as usize {
        return None;
    }
    let per_channel = high.len() / scales.len();
    let values = high.iter().enumerate().map(|(index, &high)| {
        let lower = (0..planes).fold(0_i32, |lower, plane| {
            let bit = low[plane * plane_bytes + index / 8] >> (index % 8) & 1;
            lower | i32::from(bit) << plane
        });
        let integer = i32::from(high as i8) << planes | lower;
        integer as f32 * scales[index / per_channel]
    });
    Some(values.collect())
}

fn quantize(value: f32, scale: f32, bits: u32) -> i32 {
    let largest = ((1_i32 << (bits - 1)) - 1) as f32;
    (value / scale).round().clamp(-largest, largest) as i32
}

/// The smallest scale with which the largest value fits. Cutting large values off would lessen the squared error, but costs
/// features more than it gains.
fn scale(values: &[f32], bits: u32) -> bf16 {
    let largest = values.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
    let exact = largest / ((1_i32 << (bits - 1)) - 1) as f32;
    // A channel of zeros, or of values too small for a scale, is stored as zeros.
    if exact < 2.0 * f32::MIN_POSITIVE {
        return bf16::ONE;
    }
    let near = bf16::from_f32(exact);
    if near.to_f32() < exact { bf16::from_bits(near.to_bits() + 1) } else { near }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tensor(channels: usize, per_channel: usize) -> NamedTensor {
        let value =
            |index: usize| ((index * index * 7919 % 4001) as f32 / 2000.0 - 1.0) * (index / per_channel + 1) as f32;
        NamedTensor { shape: vec![channels, per_channel], values: (0..channels * per_channel).map(value).collect() }
    }

    fn round_trip(tensor: &NamedTensor, bits: u32) -> Vec<f32> {
        let Quantized { high, low, scales } = Quantized::of(tensor, bits).unwrap();
        let scales: Vec<f32> = scales.iter().map(|scale| scale.to_f32()).collect();
        dequantize(&high, &low, (bits as usize).saturating_sub(8), &scales).unwrap()
    }

    #[test]
    fn every_bit_halves_the_error() {
        let tensor = tensor(3, 37);
        let mut before = f32::INFINITY;
        for bits in 6..=12 {
            let found = round_trip(&tensor, bits);
            let errors = found.iter().zip(&tensor.values).map(|(found, wanted)| (found - wanted).abs());
            let worst = errors.fold(0.0, f32::max);
            let step = 3.0 / (1 << (bits - 1)) as f32;
            assert!(worst <= step * 0.53, "{bits} bits: {worst} of {step}");
            assert!(worst < before * 0.6);
            before = worst;
        }
    }

    #[test]
    fn zeros_stay_zeros_and_what_is_not_finite_is_refused() {
        let zeros = NamedTensor { shape: vec![2, 3], values: vec![0.0; 6] };
        assert_eq!(round_trip(&zeros, 8), vec![0.0; 6]);
        let tiny = NamedTensor { shape: vec![1, 2], values: vec![1e-44, 0.0] };
        assert_eq!(round_trip(&tiny, 8), [0.0, 0.0]);
        for value in [f32::NAN, f32::INFINITY] {
            assert_eq!(Quantized::of(&NamedTensor { shape: vec![1, 2], values: vec![0.0, value] }, 8), None);
        }
        assert_eq!(Quantized::of(&NamedTensor { shape: vec![0, 2], values: vec![] }, 8), None);
    }

    #[test]
    fn lengths_that_do_not_fit_are_refused() {
        assert!(dequantize(&[1; 8], &[], 0, &[1.0; 2]).is_some());
        for (high, low, planes, scales) in [(8, 0, 0, 3), (8, 0, 0, 0), (8, 1, 2, 2), (9, 1, 1, 3), (8, 9, 9, 2)] {
            assert_eq!(dequantize(&vec![1; high], &vec![0; low], planes, &vec![1.0; scales]), None);
        }
    }
}
