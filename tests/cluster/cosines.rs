//! Cosine similarities of pairs of rows, against those computed in `f64`.

use proptest::prelude::*;
use shoal::cluster::neighbours::cosines;
use shoal::error::Coded;
use shoal::matrix::Matrix;

fn matrix(values: &[f32], columns: usize) -> Matrix {
    Matrix::from_rows(values.to_vec(), columns).unwrap()
}

/// The dot product of the normalised rows, where the implementation divides by the lengths.
fn expected(one: &[f32], other: &[f32]) -> f64 {
    let direction = |row: &[f32]| {
        let length = row.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt();
        row.iter().map(|&value| f64::from(value) / length).collect::<Vec<f64>>()
    };
    direction(one).into_iter().zip(direction(other)).map(|(one, other)| one * other).sum()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn cosines_are_dot_products_of_unit_vectors(
        values in prop::collection::vec(-100.0_f32..100.0, 6 * 5),
        pairs in prop::collection::vec([0_u32..6, 0_u32..6], 1..12),
    ) {
        let rows = matrix(&values, 5);
        let found = cosines(&rows, &pairs).unwrap();
        let turned: Vec<[u32; 2]> = pairs.iter().map(|&[one, other]| [other, one]).collect();
        prop_assert_eq!(&found, &cosines(&rows, &turned).unwrap());
        prop_assert_eq!(found.len(), pairs.len());
        for (cosine, [one, other]) in found.into_iter().zip(pairs) {
            prop_assert!((-1.0..=1.0).contains(&cosine));
            let expected = expected(rows.row(one as usize), rows.row(other as usize));
            prop_assert!((f64::from(cosine) - expected).abs() < 1e-6, "{} is not {}", cosine, expected);
        }
    }
}

#[test]
fn directions_count_and_lengths_do_not() {
    let rows = matrix(&[3.0, 4.0, 0.5, 0.0, -6.0, -8.0, -4.0, 3.0, 1e-20, 0.0, 1e20, 1e20], 2);
    let pairs = [[0, 0], [0, 1], [1, 0], [0, 2], [0, 3], [1, 4], [4, 5]];
    let half = 0.5_f32.sqrt();
    assert_eq!(cosines(&rows, &pairs).unwrap(), [1.0, 0.6, 0.6, -1.0, 0.0, 1.0, half]);
    assert!(cosines(&rows, &[]).unwrap().is_empty());
}

#[test]
fn the_cosine_with_a_zero_row_is_zero() {
    let rows = matrix(&[0.0, 0.0, 1.0, 2.0], 2);
    assert_eq!(cosines(&rows, &[[0, 0], [0, 1], [1, 0], [1, 1]]).unwrap(), [0.0, 0.0, 0.0, 1.0]);
}

#[test]
fn rows_out_of_range_and_values_that_are_not_finite_are_rejected() {
    let rows = matrix(&[1.0, 2.0, 3.0, 4.0], 2);
    for pair in [[0, 2], [2, 0], [u32::MAX, 1]] {
        assert_eq!(cosines(&rows, &[[0, 1], pair]).unwrap_err().code(), "bad-shape");
    }
    let rows = matrix(&[1.0, f32::NAN, 3.0, 4.0], 2);
    assert_eq!(cosines(&rows, &[[1, 1]]).unwrap_err().code(), "features-not-finite");
}
