//! Four floats at a time: load, store, multiply-add and ReLU6.

use bytemuck::cast;
pub use wide::f32x4;

/// Floats in a vector.
pub const LANES: usize = 4;

/// `a * b + c`, rounded once in builds with relaxed SIMD, twice in others.
#[inline(always)]
pub fn mul_add(a: f32x4, b: f32x4, c: f32x4) -> f32x4 {
    #[cfg(all(target_arch = "wasm32", target_feature = "relaxed-simd"))]
    return cast(core::arch::wasm32::f32x4_relaxed_madd(cast(a), cast(b), cast(c)));
    #[cfg(not(all(target_arch = "wasm32", target_feature = "relaxed-simd")))]
    a.mul_add(b, c)
}

/// The four values from `index` on.
#[inline(always)]
pub fn load(values: &[f32], index: usize) -> f32x4 {
    let mut four = [0.0; LANES];
    four.copy_from_slice(&values[index..index + LANES]);
    cast(four)
}

/// Writes four values from `index` on.
#[inline(always)]
pub fn store(values: &mut [f32], index: usize, vector: f32x4) {
    values[index..index + LANES].copy_from_slice(&vector.to_array());
}

/// Clamps every value to 0..=6. NaN becomes 0.
#[inline(always)]
pub fn relu6(x: f32x4) -> f32x4 {
    x.fast_max(f32x4::splat(0.0)).fast_min(f32x4::splat(6.0))
}
