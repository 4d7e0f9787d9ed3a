//! Feature transforms by PCA: against scikit-learn, and at their limits.

use proptest::prelude::*;
use serde::Deserialize;
use shoal::matrix::Matrix;
use shoal::options::Recipe;
use shoal::reduce::prepare;

use crate::points::{anywhere, lattice, matrix};
use crate::support::{assert_all_near, read_oracle};

#[derive(Deserialize)]
struct SmallPca {
    columns: usize,
    features: Vec<f32>,
    scores: Vec<f64>,
    explained: Vec<f64>,
}

#[derive(Deserialize)]
struct LargePca {
    rows: usize,
    columns: usize,
    scores: Vec<f64>,
    explained: Vec<f64>,
    distances_to_first: Vec<f64>,
}

/// The features of the function of that name in `make_oracle.py`.
fn waves(rows: usize, columns: usize) -> Matrix {
    let mut state = 1_u64;
    let mut total = vec![0.0_f64; rows * columns];
    for component in 0..48 {
        let mut draw = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 40) as f64 / f64::from(1 << 24) - 0.5
        };
        let left: Vec<f64> = (0..rows).map(|_| draw()).collect();
        let right: Vec<f64> = (0..columns).map(|_| draw()).collect();
        let weight = 8.0 * 0.93_f64.powi(component);
        for (row, left) in left.iter().enumerate() {
            for (value, right) in total[row * columns..].iter_mut().zip(&right) {
                *value += weight * (left * right);
            }
        }
    }
    let rounded = total.into_iter().map(|value| ((value * 256.0).round_ties_even() / 256.0) as f32).collect();
    Matrix::from_rows(rounded, columns).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn prepared_points_are_finite_and_of_unit_length(points in prop_oneof![lattice(), anywhere()]) {
        let prepared = prepare(&points, Recipe::Spherical).unwrap();
        let columns = 32.min(points.columns()).min(points.rows() - 1).max(1);
        prop_assert_eq!((prepared.points.rows(), prepared.points.columns()), (points.rows(), columns));
        prop_assert_eq!((prepared.pca3.rows(), prepared.pca3.columns()), (points.rows(), 3));
        for row in 0..points.rows() {
            let length = prepared.points.row(row).iter().map(|value| value * value).sum::<f32>().sqrt();
            prop_assert!(length == 0.0 || (length - 1.0).abs() < 1e-5);
        }
        prop_assert!(prepared.pca3.values().iter().all(|value| value.is_finite()));
        let explained: f32 = prepared.explained.iter().flatten().sum();
        prop_assert!((0.0..=1.0001).contains(&explained));
        for (component, share) in prepared.explained.iter().enumerate() {
            let silent = (0..points.rows()).all(|row| prepared.pca3.row(row)[component] == 0.0);
            prop_assert_eq!(silent, share.is_none());
        }
        let plain = prepare(&points, Recipe::Plain).unwrap();
        prop_assert_eq!(plain.points, points);
        prop_assert!(plain.pca3.values().iter().all(|value| value.is_finite()));
    }
}

#[test]
fn pca_is_scikit_learns() {
    for case in read_oracle::<SmallPca>("pca") {
        let features = Matrix::from_rows(case.features, case.columns).unwrap();
        let prepared = prepare(&features, Recipe::Plain).unwrap();
        assert_all_near(prepared.pca3.values(), &case.scores, 1e-5);
        assert_all_near(&prepared.explained.map(Option::unwrap), &case.explained, 1e-6);
        assert_eq!(prepared.points, features);
    }
}

#[test]
fn pca_by_iteration_is_scikit_learns() {
    for case in read_oracle::<LargePca>("pca_large") {
        let features = waves(case.rows, case.columns);
        let prepared = prepare(&features, Recipe::Plain).unwrap();
        assert_all_near(prepared.pca3.values(), &case.scores, 1e-4);
        assert_all_near(&prepared.explained.map(Option::unwrap), &case.explained, 1e-5);

        let least = features.values().iter().copied().fold(f32::INFINITY, f32::min);
        let shifted = features.values().iter().map(|value| value - least).collect();
        let points = prepare(&Matrix::from_rows(shifted, case.columns).unwrap(), Recipe::Spherical).unwrap().points;
        assert_eq!(points.columns(), 32);
        let distances: Vec<f32> = (0..case.distances_to_first.len())
            .map(|row| points.row(0).iter().zip(points.row(row)).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt())
            .collect();
        assert_all_near(&distances, &case.distances_to_first, 1e-4);
    }
}

#[test]
fn the_root_is_taken_only_if_no_value_is_negative() {
    let apart = |features: &Matrix| {
        let places = prepare(features, Recipe::Spherical).unwrap().pca3;
        places.row(0).iter().zip(places.row(1)).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
    };
    // Directions (2, 1) and (1, 2) with the root; (4, 1) and (1, 4) without it.
    let rooted = apart(&matrix(&[&[4.0, 1.0], &[1.0, 4.0], &[0.0, 0.0]]));
    assert!((rooted - (2.0_f32 / 5.0).sqrt()).abs() < 1e-6);
    let plain = apart(&matrix(&[&[4.0, 1.0], &[1.0, 4.0], &[-1.0, -1.0]]));
    assert!((plain - (18.0_f32 / 17.0).sqrt()).abs() < 1e-6);
}

#[test]
fn a_single_row_is_at_the_origin() {
    for recipe in [Recipe::Spherical, Recipe::Plain] {
        let prepared = prepare(&matrix(&[&[1.0, 2.0]]), recipe).unwrap();
        assert_eq!((prepared.points.rows(), prepared.explained), (1, [None; 3]));
        assert_eq!(prepared.pca3.values(), [0.0; 3]);
    }
}
