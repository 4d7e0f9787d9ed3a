//! Ward's method: against scikit-learn, at its limits, and for many rows.

use proptest::prelude::*;
use shoal::cluster::ClusterError;
use shoal::cluster::metrics::ari;
use shoal::cluster::ward::{WARD_ROWS, ward, ward_for_counts};
use shoal::matrix::Matrix;

use crate::oracle::{MethodCase, assert_by_size};
use crate::points::{blobs, matrix, small_anywhere, small_lattice, truth};
use crate::support::{read_oracle, size};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn ward_finds_the_requested_number_of_clusters(points in prop_oneof![small_lattice(), small_anywhere()], share in 0.0_f64..=1.0) {
        let k = (1 + (share * (points.rows() - 1) as f64) as usize).min(points.rows());
        let labels = ward(&points, k, 0).unwrap();
        let sizes: Vec<usize> = (0..k as u32).map(|cluster| size(&labels, cluster)).collect();
        prop_assert!(sizes.is_sorted_by(|one, next| one >= next));
        prop_assert!(sizes.iter().all(|&size| size > 0));
        prop_assert_eq!(sizes.iter().sum::<usize>(), points.rows());
    }
}

#[test]
fn wards_clusters_are_scikit_learns() {
    for case in read_oracle::<MethodCase>("methods") {
        let labels = ward(&case.points(), case.k, 0).unwrap();
        assert_eq!(ari(&case.ward_labels, &labels).unwrap(), 1.0);
        assert_by_size(labels.iter().copied());
    }
}

#[test]
fn ward_merges_small_clusters_of_many_rows() {
    let centres = [[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0]];
    let points = blobs(&centres, WARD_ROWS / 4 + 100, 6.0);
    let labels = ward(&points, 4, 0).unwrap();
    assert_eq!(ari(&truth(points.rows(), 4), &labels).unwrap(), 1.0);
    assert_eq!((0..4).map(|cluster| size(&labels, cluster)).collect::<Vec<_>>(), [WARD_ROWS / 4 + 100; 4]);
    assert_eq!(labels, ward(&points, 4, 0).unwrap());
}

#[test]
fn one_tree_gives_the_clusters_of_every_count() {
    let centres = [[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0]];
    for (per_cluster, counts) in [(20, [1, 7, 80, 3]), (WARD_ROWS / 4 + 1, [2, 30, 100, 5])] {
        let points = blobs(&centres, per_cluster, 6.0);
        let together = ward_for_counts(&points, &counts, 3).unwrap();
        for (&k, labels) in counts.iter().zip(together) {
            assert_eq!(labels, ward(&points, k, 3).unwrap(), "{k} clusters");
        }
    }
}

#[test]
fn ward_at_its_limits() {
    let points = matrix(&[&[0.0], &[9.0], &[1.0], &[10.0], &[11.0]]);
    assert_eq!(ward(&points, 1, 0).unwrap(), [0; 5]);
    assert_eq!(ward(&points, 2, 0).unwrap(), [1, 0, 1, 0, 0]);
    assert_eq!(ward(&points, 5, 0).unwrap(), [0, 1, 2, 3, 4]);
    for k in [0, 6] {
        assert_eq!(ward(&points, k, 0).unwrap_err(), ClusterError::KOutOfRange { k, rows: 5 });
    }
    assert_eq!(ward(&Matrix::zeros(0, 1), 1, 0).unwrap_err(), ClusterError::NoRows);
    assert_eq!(ward(&matrix(&[&[0.0], &[f32::NAN]]), 1, 0).unwrap_err(), ClusterError::NotFinite { row: 1 });
}
