//! What several tests share: figures of the reference implementations, comparison, and random points.
//!
//! Unit tests include this file too, so that it names no type of the crate.

use std::ops::Range;

use proptest::prelude::*;
use serde::de::DeserializeOwned;

/// The cases in `tests/oracle/{name}.json`.
pub fn read_oracle<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let path = format!("{}/tests/oracle/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let cases: Vec<T> = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    assert!(!cases.is_empty());
    cases
}

/// Asserts equality within `tolerance`, relative to `expected` or to 1 if that is larger.
#[track_caller]
pub fn assert_near(found: f64, expected: f64, tolerance: f64) {
    let allowed = tolerance * expected.abs().max(1.0);
    assert!((found - expected).abs() <= allowed, "{found} is not {expected}, within {allowed}");
}

/// [`assert_near`] for every expected value; `found` may have more.
#[track_caller]
pub fn assert_all_near(found: &[f32], expected: &[f64], tolerance: f64) {
    assert!(found.len() >= expected.len());
    for (&found, &expected) in found.iter().zip(expected) {
        assert_near(found.into(), expected, tolerance);
    }
}

/// The bits of each value.
pub fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

/// The number of rows in `cluster`.
pub fn size(labels: &[u32], cluster: u32) -> usize {
    labels.iter().filter(|&&label| label == cluster).count()
}

/// Values and the number of columns of points on a coarse lattice, where ties, duplicates and collinear rows are frequent.
pub fn lattice(rows: Range<usize>, columns: Range<usize>) -> impl Strategy<Value = (Vec<f32>, usize)> {
    (rows, columns).prop_flat_map(|(rows, columns)| {
        prop::collection::vec(-3_i8..4, rows * columns)
            .prop_map(move |values| (values.into_iter().map(f32::from).collect(), columns))
    })
}

/// Values and the number of columns of points without structure, multiplied by one of `scales`.
pub fn anywhere(
    rows: Range<usize>,
    columns: Range<usize>,
    scales: &'static [f32],
) -> impl Strategy<Value = (Vec<f32>, usize)> {
    (rows, columns, prop::sample::select(scales)).prop_flat_map(|(rows, columns, scale)| {
        prop::collection::vec(-1.0_f32..1.0, rows * columns)
            .prop_map(move |values| (values.into_iter().map(|value| value * scale).collect(), columns))
    })
}

/// Scales whose squares an `f32` can hold, and some whose squares overflow or underflow.
pub const SCALES: &[f32] = &[1e-30, 1e-22, 1e-3, 1.0, 1e8, 1e25];

/// Values of `rows` rows of two columns without structure: enough that KMeans takes many iterations.
pub fn crowd(rows: usize) -> impl Strategy<Value = (Vec<f32>, usize)> {
    prop::collection::vec(-1.0_f32..1.0, 2 * rows).prop_map(|values| (values, 2))
}
