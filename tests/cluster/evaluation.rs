//! Evaluation of edited clusterings, and the nearest cluster of a row.

use proptest::prelude::*;
use shoal::cluster::ClusterError;
use shoal::cluster::evaluate::evaluate;
use shoal::cluster::join::{LeastCosines, nearest_clusters};
use shoal::cluster::silhouette::silhouette_rows;
use shoal::matrix::Matrix;

use crate::oracle::MethodCase;
use crate::points::{matrix, small_lattice, some_labels};
use crate::support::{assert_all_near, assert_near, read_oracle};

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn outliers_are_left_out(points in small_lattice(), labels in some_labels()) {
        let labels = &labels[..points.rows()];
        let kept: Vec<usize> = (0..points.rows()).filter(|&row| labels[row].is_some()).collect();
        let whole = evaluate(&points, labels, 6, 2).unwrap();
        let silhouettes = silhouette_rows(&points, labels, 0..points.rows(), None).unwrap();
        if kept.is_empty() {
            prop_assert!(whole.inertia == 0.0 && whole.distances.iter().all(|distance| distance.is_nan()));
            return Ok(());
        }
        let rows = kept.iter().flat_map(|&row| points.row(row).to_vec()).collect();
        let (rows, labels): (_, Vec<_>) =
            (Matrix::from_rows(rows, points.columns()).unwrap(), kept.iter().map(|&row| labels[row]).collect());
        let part = evaluate(&rows, &labels, 6, 2).unwrap();
        prop_assert_eq!(&whole.centres, &part.centres);
        prop_assert_eq!(
            (whole.inertia, whole.davies_bouldin, whole.calinski_harabasz),
            (part.inertia, part.davies_bouldin, part.calinski_harabasz)
        );
        let named: Vec<Vec<usize>> =
            part.representatives.iter().map(|rows| rows.iter().map(|&row| kept[row]).collect()).collect();
        prop_assert_eq!(&whole.representatives, &named);
        let alone = silhouette_rows(&rows, &labels, 0..rows.rows(), None).unwrap();
        for (place, &row) in kept.iter().enumerate() {
            prop_assert_eq!(silhouettes[row].value.to_bits(), alone[place].value.to_bits());
            prop_assert_eq!(silhouettes[row].nearest_other, alone[place].nearest_other);
        }
    }
}

#[test]
fn the_evaluation_is_scikit_learns_of_the_rows_in_clusters() {
    for case in read_oracle::<MethodCase>("methods") {
        let found = evaluate(&case.points(), &case.density_labels, case.density_clusters(), 3).unwrap();
        assert_all_near(found.centres.values(), &case.evaluated.centres, 2e-6);
        assert_all_near(&case.of_members(&found.distances), &case.evaluated.distances, 2e-6);
        assert_near(found.inertia, case.evaluated.inertia, 2e-6);
        assert_near(found.davies_bouldin.unwrap(), case.evaluated.davies_bouldin, 2e-6);
        assert_near(found.calinski_harabasz.unwrap(), case.evaluated.calinski_harabasz, 2e-6);
    }
}

#[test]
fn an_outlier_joins_the_nearest_centre() {
    for case in read_oracle::<MethodCase>("methods") {
        let (points, k) = (case.points(), case.density_clusters());
        let outliers: Vec<usize> = (0..points.rows()).filter(|&row| case.density_labels[row].is_none()).collect();
        let found = nearest_clusters(&points, &case.density_labels, k, &outliers).unwrap();
        assert_eq!(found.len(), outliers.len());
        for (row, found) in outliers.into_iter().zip(found) {
            let row: Vec<f64> = points.row(row).iter().map(|&value| value.into()).collect();
            let centres: Vec<&[f64]> = case.evaluated.centres.chunks(case.columns).collect();
            let gap = |centre: &[f64]| row.iter().zip(centre).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
            let nearest = (0..k).min_by(|&one, &other| gap(centres[one]).total_cmp(&gap(centres[other]))).unwrap();
            let (cluster, similarity) = found.unwrap();
            assert_eq!(cluster as usize, nearest);
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            let centre = centres[nearest];
            assert_near(similarity.into(), dot(&row, centre) / (dot(&row, &row) * dot(centre, centre)).sqrt(), 2e-6);
        }
    }
}

#[test]
fn clusters_may_be_empty_and_rows_unassigned() {
    let points = matrix(&[&[3.0], &[-1.0], &[1.0], &[100.0], &[21.0], &[19.0], &[1.0]]);
    let labels = [Some(0), Some(0), Some(0), None, Some(3), Some(3), Some(0)];
    let found = evaluate(&points, &labels, 4, 3).unwrap();
    assert_eq!(found.centres.values(), [1.0, 0.0, 0.0, 20.0]);
    assert_eq!(found.representatives, [vec![2, 6, 0], vec![], vec![], vec![4, 5]]);
    assert_eq!(found.inertia, 10.0);
    assert!(found.distances[3].is_nan());
    assert_eq!([found.distances[0], found.distances[4]], [2.0, 1.0]);
    assert_eq!(evaluate(&points, &labels, 3, 1).unwrap_err(), ClusterError::UnknownCluster { cluster: 3, k: 3 });
    assert_eq!(evaluate(&points, &labels[1..], 4, 1).unwrap_err(), ClusterError::LabelCount { labels: 6, rows: 7 });
    assert_eq!(evaluate(&matrix(&[&[f32::NAN]]), &[None], 0, 1).unwrap_err(), ClusterError::NotFinite { row: 0 });
}

#[test]
fn rows_join_the_nearest_centre_of_a_cluster_that_is_not_empty() {
    let points = matrix(&[&[2.0, 0.0], &[0.0, 2.0], &[-3.0, 0.0], &[1.0, 1.0], &[0.0, 0.0]]);
    let labels = [Some(2), Some(3), None, None, None];
    let found = nearest_clusters(&points, &labels, 4, &[2, 3, 0, 4]).unwrap();
    let half = 0.5_f32.sqrt();
    assert_eq!(found, [Some((3, 0.0)), Some((2, half)), Some((2, 1.0)), Some((2, 0.0))]);
    assert_eq!(nearest_clusters(&points, &[None; 5], 4, &[0, 1]).unwrap(), [None, None]);
    let outside = ClusterError::RowsOutOfRange { start: 5, end: 6, rows: 5 };
    assert_eq!(nearest_clusters(&points, &labels, 4, &[5]).unwrap_err(), outside);
}

#[test]
fn an_image_fits_a_cluster_unless_it_would_be_an_outlier_among_its_images() {
    // Quartiles 0.625 and 0.875: an outlier is more than 1.5 times their distance below.
    let large = (0..9_u8).map(|step| (7, 0.5 + 0.0625 * f32::from(step)));
    // A cluster of few images is judged by all of them: quartiles 0.671875 and 1.
    let small = [(3, 1.0); 3];
    let members: Vec<(u32, f32)> = large.chain(small).collect();
    let least = LeastCosines::new(&members, -1.0);
    assert_eq!(least.of(7), 0.25);
    assert_eq!(least.of(3), 0.1796875);
    assert_eq!(least.of(3), least.of(99));
    assert_eq!(LeastCosines::new(&[], 0.5).of(7), 0.5);
}
