//! HDBSCAN: against scikit-learn, and at its limits.

use proptest::prelude::*;
use shoal::cluster::ClusterError;
use shoal::cluster::hdbscan::{default_min_cluster_size, hdbscan};
use shoal::cluster::metrics::ari;
use shoal::matrix::Matrix;

use crate::oracle::{MethodCase, assert_by_size};
use crate::points::{matrix, small_anywhere, small_lattice};
use crate::support::{read_oracle, size};

/// The labels with the outliers as a cluster of their own, so that the comparison includes them.
fn with_outliers(labels: &[Option<u32>]) -> Vec<u32> {
    labels.iter().map(|label| label.map_or(0, |label| label + 1)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn hdbscans_clusters_have_the_minimum_size(points in prop_oneof![small_lattice(), small_anywhere()], least in 2_usize..6) {
        let least = least.min(points.rows());
        let labels = hdbscan(&points, least).unwrap();
        let members: Vec<u32> = labels.iter().copied().flatten().collect();
        let sizes: Vec<usize> =
            (0..members.iter().max().map_or(0, |most| most + 1)).map(|cluster| size(&members, cluster)).collect();
        prop_assert!(sizes.iter().all(|&size| size >= least));
        prop_assert!(sizes.is_sorted_by(|one, next| one >= next));
        prop_assert!(sizes.first() != Some(&points.rows()), "everything is never one cluster");
    }
}

#[test]
fn hdbscans_clusters_and_outliers_are_scikit_learns() {
    for case in read_oracle::<MethodCase>("methods") {
        let labels = hdbscan(&case.points(), case.min_cluster_size).unwrap();
        let (found, expected) = (with_outliers(&labels), with_outliers(&case.density_labels));
        assert_eq!(ari(&expected, &found).unwrap(), 1.0);
        assert!(labels.iter().zip(&case.density_labels).all(|(found, expected)| found.is_none() == expected.is_none()));
        assert_by_size(labels.iter().copied().flatten());
    }
}

#[test]
fn hdbscan_finds_rows_that_occur_many_times() {
    // Two rows ten times each, one of them with a negative zero, among sparse rows.
    let mut rows: Vec<Vec<f32>> = (0..20).map(|row| vec![if row % 2 == 0 { 0.0 } else { 4.0 }, 0.0]).collect();
    rows[4][1] = -0.0;
    rows.extend((0..12_u8).map(|row| vec![f32::from(row * row), 20.0 + 3.0 * f32::from(row % 5)]));
    let points = Matrix::from_rows(rows.concat(), 2).unwrap();
    let labels = hdbscan(&points, 5).unwrap();
    let expected: Vec<Option<u32>> = (0..20).map(|row| Some(row % 2)).collect();
    assert_eq!(labels[..20], expected);
}

#[test]
fn hdbscan_at_its_limits() {
    assert_eq!(hdbscan(&Matrix::from_rows(vec![3.0; 40], 2).unwrap(), 5).unwrap(), [None; 20]);
    let line = Matrix::from_rows((0..20_u8).map(|row| f32::from(row + 80 * (row / 10))).collect(), 1).unwrap();
    let halves: Vec<Option<u32>> = (0..20).map(|row| Some(row / 10)).collect();
    assert_eq!(hdbscan(&line, 5).unwrap(), halves);
    for size in [0, 1, 21] {
        let error = hdbscan(&line, size).unwrap_err();
        assert_eq!(error, ClusterError::MinClusterSizeOutOfRange { size, rows: 20 });
    }
    assert_eq!(hdbscan(&Matrix::zeros(0, 1), 5).unwrap_err(), ClusterError::NoRows);
    assert_eq!(hdbscan(&Matrix::zeros(1, 1), 5).unwrap_err(), ClusterError::TooFewRows { found: 1, needed: 2 });
    assert_eq!(hdbscan(&matrix(&[&[f32::NAN], &[0.0]]), 2).unwrap_err(), ClusterError::NotFinite { row: 0 });
    assert_eq!([0, 143, 144, 1_000, 10_000].map(default_min_cluster_size), [5, 5, 6, 15, 50]);
}
