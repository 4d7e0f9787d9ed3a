//! The pictures of the parity tests, as decoded RGB bytes, and the reference to compare with.

use sha2::{Digest, Sha256};
use shoal::matrix::Matrix;
use shoal::options::FeatureKind;
use shoal::preprocess::{Framing, decode, fit};
use shoal::samples;

/// The network that is shipped.
pub const SHIPPED: &[u8] = include_bytes!("../../weights/mobilenet_v2_backbone.safetensors");
/// How many pictures there are.
pub const COUNT: usize = 32;
/// Their side.
pub const SIZE_PX: u32 = 64;
/// How well features must agree, as a cosine.
pub const LEAST_COSINE: f64 = 0.9999;

/// The first of the sample pictures, back to back: `[COUNT, SIZE_PX, SIZE_PX, 3]`.
pub fn rgb_hwc_u8() -> Vec<u8> {
    let framing = Framing::for_kind(FeatureKind::Pooled);
    let pixels = |index| {
        let rgba = decode(&samples::draw(index).bytes).unwrap();
        fit(&rgba.pixels_rgba_u8, rgba.width, rgba.height, SIZE_PX, framing).unwrap()
    };
    (0..COUNT).flat_map(pixels).collect()
}

/// The bytes' SHA-256 in hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The cosine of the angle between two rows of features.
pub fn cosine(one: &[f32], other: &[f32]) -> f64 {
    assert_eq!(one.len(), other.len());
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    dot(one, other) / (dot(one, one) * dot(other, other)).sqrt()
}

/// The worst cosine of the rows of two matrices.
pub fn least_cosine(one: &Matrix, other: &Matrix) -> f64 {
    assert_eq!((one.rows(), one.columns()), (other.rows(), other.columns()));
    (0..one.rows()).map(|row| cosine(one.row(row), other.row(row))).fold(1.0, f64::min)
}
