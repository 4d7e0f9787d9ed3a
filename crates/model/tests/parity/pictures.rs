//! Common parts of the native and the browser parity tests: the network, the images' number and size, and the comparison.

use shoal::matrix::Matrix;

/// The shipped network.
pub const SHIPPED: &[u8] = include_bytes!("../../../../weights/mobilenet_v2_backbone.safetensors");
/// How many images there are.
pub const COUNT: usize = 32;
/// Their side in pixels.
pub const SIZE_PX: u32 = 64;
/// The least cosine between features of the same image.
pub const LEAST_COSINE: f64 = 0.9999;

/// The cosine of the angle between two rows of features.
pub fn cosine(one: &[f32], other: &[f32]) -> f64 {
    assert_eq!(one.len(), other.len());
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
    dot(one, other) / (dot(one, one) * dot(other, other)).sqrt()
}

/// The least cosine between corresponding rows of two matrices.
pub fn least_cosine(one: &Matrix, other: &Matrix) -> f64 {
    assert_eq!((one.rows(), one.columns()), (other.rows(), other.columns()));
    (0..one.rows()).map(|row| cosine(one.row(row), other.row(row))).fold(1.0, f64::min)
}
