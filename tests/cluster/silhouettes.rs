//! Silhouettes: against scikit-learn, in tiles, without outliers, and from reference rows.

use proptest::prelude::*;
use shoal::cluster::ClusterError;
use shoal::cluster::silhouette::{
    self, EXACT_ROWS, Silhouette, reference_rows, silhouette_rows, silhouettes_of_labelings,
};
use shoal::matrix::Matrix;

use crate::oracle::{Clustering, MethodCase};
use crate::points::{anywhere, heaps, in_clusters, lattice, matrix, silhouettes, small_lattice, some_labels, truth};
use crate::support::{assert_all_near, assert_near, bits, read_oracle};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn silhouettes_do_not_depend_on_tiles(
        points in prop_oneof![lattice(), anywhere()],
        labels in prop::collection::vec(0_u32..5, 60),
        cuts in prop::collection::vec(0.0_f64..1.0, 0..6),
    ) {
        let (n, labels) = (points.rows(), &labels[..points.rows()]);
        let whole = silhouettes(&points, labels, 0..n).unwrap();
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| (cut * n as f64) as usize).chain([0, n]).collect();
        cuts.sort_unstable();
        let tiles: Vec<f32> = cuts
            .windows(2)
            .flat_map(|pair| silhouettes(&points, labels, pair[0]..pair[1]).unwrap())
            .collect();
        prop_assert_eq!(bits(&tiles), bits(&whole));
    }

    #[test]
    fn silhouettes_stay_in_range_and_leave_singletons_at_zero(
        points in lattice(),
        labels in prop::collection::vec(0_u32..5, 60),
    ) {
        let labels = &labels[..points.rows()];
        let rows = silhouettes(&points, labels, 0..points.rows()).unwrap();
        let distinct = labels.iter().collect::<std::collections::BTreeSet<_>>().len();
        for (row, value) in rows.iter().enumerate() {
            if distinct < 2 {
                prop_assert!(value.is_nan());
            } else if labels.iter().filter(|&&label| label == labels[row]).count() == 1 {
                prop_assert_eq!(*value, 0.0);
            } else {
                prop_assert!((-1.0..=1.0).contains(value));
            }
        }
    }

    #[test]
    fn labelings_have_the_silhouettes_that_each_has_alone(
        points in prop_oneof![lattice(), anywhere()],
        labels in prop::collection::vec(prop::option::weighted(0.8, 0_u32..6), 3 * 60),
        references in prop::option::of(prop::collection::vec(0_u32..60, 1..20)),
        cut in 0.0_f64..=1.0,
    ) {
        let n = points.rows();
        let labelings: Vec<&[Option<u32>]> = labels.chunks(60).map(|labels| &labels[..n]).collect();
        let references = references.map(|rows| rows.into_iter().map(|row| row % n as u32).collect::<Vec<_>>());
        let rows = (cut * n as f64) as usize..n;
        let bits = |rows: &[Silhouette]| -> Vec<_> {
            rows.iter().map(|row| (row.value.to_bits(), row.nearest_other)).collect()
        };
        let together = silhouettes_of_labelings(&points, &labelings, rows.clone(), references.as_deref()).unwrap();
        prop_assert_eq!(together.len(), labelings.len());
        for (labels, found) in labelings.iter().zip(&together) {
            let alone = silhouette_rows(&points, labels, rows.clone(), references.as_deref()).unwrap();
            prop_assert_eq!(bits(found), bits(&alone));
        }
    }

    #[test]
    fn with_every_row_as_a_reference_silhouettes_are_exact(points in small_lattice(), labels in some_labels()) {
        let (n, labels) = (points.rows(), &labels[..points.rows()]);
        let everything: Vec<u32> = (0..n as u32).rev().chain([0]).collect();
        let bits = |references| -> Vec<_> {
            let rows = silhouette_rows(&points, labels, 0..n, references).unwrap();
            rows.iter().map(|row| (row.value.to_bits(), row.nearest_other)).collect()
        };
        prop_assert_eq!(bits(Some(&everything)), bits(None));
    }
}

#[test]
fn silhouettes_are_scikit_learns() {
    for case in read_oracle::<Clustering>("clusterings") {
        let points = Matrix::from_rows(case.points, case.columns).unwrap();
        let labels: Vec<Option<u32>> = case.labels.iter().copied().map(Some).collect();
        let rows = silhouette::silhouette_rows(&points, &labels, 0..points.rows(), None).unwrap();
        let rows: Vec<f32> = rows.iter().map(|silhouette| silhouette.value).collect();
        assert_eq!(rows.len(), case.silhouettes.len());
        assert_all_near(&rows, &case.silhouettes, 1e-6);
        let mean = silhouette::mean(&rows, case.starts.len(), points.rows()).unwrap();
        assert_near(mean.into(), case.silhouette, 1e-6);
    }
}

#[test]
fn silhouettes_leave_outliers_out() {
    for case in read_oracle::<MethodCase>("methods") {
        let points = case.points();
        let found = silhouette_rows(&points, &case.density_labels, 0..points.rows(), None).unwrap();
        let values: Vec<f32> = found.iter().map(|silhouette| silhouette.value).collect();
        assert_all_near(&case.of_members(&values), &case.evaluated.silhouettes, 2e-6);
        let others: Vec<u32> = found.iter().filter_map(|silhouette| silhouette.nearest_other).collect();
        assert_eq!(others, case.evaluated.nearest_others);
    }
}

#[test]
fn estimated_silhouettes_are_near_the_exact_ones() {
    let points = heaps(EXACT_ROWS / 3 + 200);
    let n = points.rows();
    let mut labels = in_clusters(&truth(n, 3));
    // A small cluster keeps all its rows, a lone row its silhouette of 0.
    labels[..60].iter_mut().step_by(3).for_each(|label| *label = Some(7));
    (labels[100], labels[101]) = (Some(9), None);
    let references = reference_rows(&labels, 3).unwrap();
    assert_eq!(reference_rows(&labels, 3).unwrap(), references);
    assert_ne!(reference_rows(&labels, 4).unwrap(), references);
    assert!((3_900..4_100).contains(&references.len()) && references.is_sorted_by(|one, next| one < next));
    assert_eq!(references.iter().filter(|&&row| labels[row as usize] == Some(7)).count(), 20);
    assert!(references.contains(&100) && !references.contains(&101));

    let exact = silhouette_rows(&points, &labels, 0..300, None).unwrap();
    let estimated = silhouette_rows(&points, &labels, 0..300, Some(&references)).unwrap();
    assert_eq!((exact[100].value, estimated[100].value), (0.0, 0.0));
    assert!(exact[101].value.is_nan() && estimated[101].value.is_nan());
    let errors: Vec<f32> = exact
        .iter()
        .zip(&estimated)
        .filter(|(exact, _)| !exact.value.is_nan())
        .map(|(exact, estimated)| (exact.value - estimated.value).abs())
        .collect();
    assert_eq!(errors.len(), 299);
    let mean = errors.iter().sum::<f32>() / errors.len() as f32;
    let most = errors.iter().copied().fold(0.0, f32::max);
    assert!(mean < 0.01 && most < 0.05, "off by {mean} in the mean, by {most} at most");
    assert!(mean > 0.0, "these are estimates");
}

#[test]
fn up_to_a_limit_every_row_is_a_reference() {
    let mut labels = vec![Some(0); EXACT_ROWS];
    labels.extend([None; 5]);
    assert_eq!(reference_rows(&labels, 0), None);
    labels.push(Some(1));
    assert!(reference_rows(&labels, 0).is_some_and(|rows| rows.last() == Some(&(EXACT_ROWS as u32 + 5))));
}

#[test]
fn a_reference_does_not_count_itself() {
    let points = matrix(&[&[0.0], &[2.0], &[10.0], &[14.0]]);
    let labels = [Some(4), Some(4), Some(8), Some(8)];
    let rows = silhouette_rows(&points, &labels, 0..4, Some(&[0, 2])).unwrap();
    let undefined: Vec<bool> = rows.iter().map(|row| row.value.is_nan()).collect();
    assert_eq!(
        undefined,
        [true, false, true, false],
        "the only reference of a cluster has no other row to compare with"
    );
    assert_eq!([rows[1].value, rows[3].value], [(8.0 - 2.0) / 8.0, (14.0_f64 - 4.0) as f32 / 14.0]);
    assert_eq!([0, 1, 2, 3].map(|row| rows[row].nearest_other), [Some(8), Some(8), Some(4), Some(4)]);
    let outside = silhouette_rows(&points, &labels, 0..4, Some(&[4])).unwrap_err();
    assert_eq!(outside, ClusterError::RowsOutOfRange { start: 4, end: 5, rows: 4 });
}
