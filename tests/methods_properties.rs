//! What must hold for any points: held rows, mini-batches, Ward, HDBSCAN and the judging of edited groups, at their
//! limits.

use proptest::prelude::*;
use shoal::cluster::ClusterError;
use shoal::cluster::evaluate::evaluate;
use shoal::cluster::hdbscan::{default_min_cluster_size, hdbscan};
use shoal::cluster::join::nearest_clusters;
use shoal::cluster::kmeans::{KMeansParams, Method, fit_restart, fit_restart_held};
use shoal::cluster::metrics::ari;
use shoal::cluster::silhouette::{EXACT_ROWS, reference_rows, silhouette_rows};
use shoal::cluster::ward::{WARD_ROWS, ward};
use shoal::error::Coded;
use shoal::matrix::Matrix;

/// Points on a coarse lattice: ties, duplicates and collinear rows are frequent.
fn lattice() -> impl Strategy<Value = Matrix> {
    (2_usize..40, 1_usize..8).prop_flat_map(|(rows, columns)| {
        prop::collection::vec(-3_i8..4, rows * columns)
            .prop_map(move |values| Matrix::from_rows(values.into_iter().map(f32::from).collect(), columns).unwrap())
    })
}

/// Points of any size, in no order.
fn anywhere() -> impl Strategy<Value = Matrix> {
    let scale = prop::sample::select(vec![1e-30_f32, 1.0, 1e25]);
    (2_usize..40, 1_usize..20, scale).prop_flat_map(|(rows, columns, scale)| {
        prop::collection::vec(-1.0_f32..1.0, rows * columns).prop_map(move |values| {
            Matrix::from_rows(values.into_iter().map(|value| value * scale).collect(), columns).unwrap()
        })
    })
}

/// Enough points without structure that KMeans takes many iterations.
fn crowd() -> impl Strategy<Value = Matrix> {
    prop::collection::vec(-1.0_f32..1.0, 2 * 200).prop_map(|values| Matrix::from_rows(values, 2).unwrap())
}

/// Labels of 40 rows, of which any first few may be used; about half are in one of 6 clusters.
fn some_labels() -> impl Strategy<Value = Vec<Option<u32>>> {
    prop::collection::vec(prop::option::of(0_u32..6), 40)
}

/// `count` rows around each of `centres`, in turns.
fn blobs(centres: &[[f32; 2]], count: usize, spread: f32) -> Matrix {
    let mut state = 1_u32;
    let mut draw = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32 - 0.5
    };
    let rows = (0..count * centres.len()).flat_map(|row| centres[row % centres.len()].map(|at| at + spread * draw()));
    Matrix::from_rows(rows.collect(), 2).unwrap()
}

fn truth(rows: usize, clusters: usize) -> Vec<u32> {
    (0..rows).map(|row| (row % clusters) as u32).collect()
}

fn in_clusters(labels: &[u32]) -> Vec<Option<u32>> {
    labels.iter().copied().map(Some).collect()
}

fn matrix(rows: &[&[f32]]) -> Matrix {
    Matrix::from_rows(rows.concat(), rows[0].len()).unwrap()
}

fn size(labels: &[u32], cluster: u32) -> usize {
    labels.iter().filter(|&&label| label == cluster).count()
}

/// Three heaps, of which two overlap.
fn heaps(count: usize) -> Matrix {
    blobs(&[[0.0, 0.0], [4.0, 0.0], [20.0, 20.0]], count, 5.0)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(100) })]

    #[test]
    fn held_rows_stay_and_hamerly_equals_lloyd(
        points in prop_oneof![lattice(), anywhere(), crowd()],
        (places, seed) in (prop::collection::vec(prop::option::weighted(0.3, 0_u32..6), 200), any::<u32>()),
    ) {
        let (k, held) = (6.min(points.rows()), &places[..points.rows()]);
        let params = KMeansParams::new(k).with_tolerance(0.0);
        let fit = match fit_restart_held(&points, &params, held, seed, 0) {
            Ok(fit) => fit,
            Err(error) => {
                let codes = ["unknown-cluster", "too-few-pictures"];
                prop_assert!(codes.contains(&error.code()));
                return Ok(());
            }
        };
        prop_assert!(held.iter().zip(&fit.labels).all(|(held, &label)| held.is_none_or(|held| held == label)));
        prop_assert!((0..k as u32).all(|cluster| size(&fit.labels, cluster) > 0));
        let lloyd = fit_restart_held(&points, &params.with_method(Method::Lloyd), held, seed, 0).unwrap();
        prop_assert_eq!(fit, lloyd);
    }

    #[test]
    fn without_held_rows_nothing_is_different(
        points in prop_oneof![lattice(), crowd()],
        (seed, restart) in (any::<u32>(), 0_u32..3),
    ) {
        let params = KMeansParams::new(points.rows().min(5));
        let held = vec![None; points.rows()];
        let fit = fit_restart_held(&points, &params, &held, seed, restart).unwrap();
        prop_assert_eq!(fit, fit_restart(&points, &params, seed, restart).unwrap());
    }

    #[test]
    fn mini_batches_leave_no_cluster_empty(points in prop_oneof![lattice(), anywhere()], k in 1_usize..8, seed: u32) {
        let k = k.min(points.rows());
        let params = KMeansParams::new(k).with_mini_batch_rows(1);
        let fit = fit_restart(&points, &params, seed, 0).unwrap();
        prop_assert!((0..k as u32).all(|cluster| size(&fit.labels, cluster) > 0));
        prop_assert_eq!(&fit, &fit_restart(&points, &params, seed, 0).unwrap());
    }

    #[test]
    fn ward_gives_as_many_clusters_as_asked(points in prop_oneof![lattice(), anywhere()], share in 0.0_f64..=1.0) {
        let k = (1 + (share * (points.rows() - 1) as f64) as usize).min(points.rows());
        let labels = ward(&points, k, 0).unwrap();
        let sizes: Vec<usize> = (0..k as u32).map(|cluster| size(&labels, cluster)).collect();
        prop_assert!(sizes.is_sorted_by(|one, next| one >= next));
        prop_assert!(sizes.iter().all(|&size| size > 0));
        prop_assert_eq!(sizes.iter().sum::<usize>(), points.rows());
    }

    #[test]
    fn hdbscans_clusters_are_as_large_as_asked(points in prop_oneof![lattice(), anywhere()], least in 2_usize..6) {
        let least = least.min(points.rows());
        let labels = hdbscan(&points, least).unwrap();
        let members: Vec<u32> = labels.iter().copied().flatten().collect();
        let sizes: Vec<usize> =
            (0..members.iter().max().map_or(0, |most| most + 1)).map(|cluster| size(&members, cluster)).collect();
        prop_assert!(sizes.iter().all(|&size| size >= least));
        prop_assert!(sizes.is_sorted_by(|one, next| one >= next));
        prop_assert!(sizes.first() != Some(&points.rows()), "everything is never one cluster");
    }

    #[test]
    fn outliers_count_nowhere(points in lattice(), labels in some_labels()) {
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

    #[test]
    fn every_row_as_a_reference_changes_nothing(points in lattice(), labels in some_labels()) {
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
fn held_rows_seed_their_clusters() {
    let points = blobs(&[[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]], 30, 1.0);
    let mut held = vec![None; 90];
    // Rows 2 and 1 name the clusters of their blobs; row 3, of the first blob, is held among strangers.
    (held[2], held[1], held[3]) = (Some(0), Some(2), Some(2));
    let fit = fit_restart_held(&points, &KMeansParams::new(3), &held, 5, 0).unwrap();
    let mut expected: Vec<u32> = (0..90).map(|row| [1, 2, 0][row % 3]).collect();
    expected[3] = 2;
    assert_eq!(fit.labels, expected);
    let third: Vec<f32> = (0..90).filter(|&row| expected[row] == 2).map(|row| points.row(row)[0]).collect();
    let mean = third.iter().map(|&value| f64::from(value)).sum::<f64>() / third.len() as f64;
    assert_eq!(fit.centres.row(2)[0], mean as f32, "a centre is the mean of all its rows, held or not");
}

#[test]
fn a_held_row_never_mends_an_empty_cluster() {
    // The free rows lie at the mean of the held ones, which lie furthest from it.
    let points = matrix(&[&[-100.0], &[100.0], &[0.0], &[0.0], &[0.0]]);
    let held = [Some(0), Some(0), None, None, None];
    for mini_batch_rows in [1, 100] {
        let params = KMeansParams::new(2).with_mini_batch_rows(mini_batch_rows);
        let fit = fit_restart_held(&points, &params, &held, 0, 0).unwrap();
        assert_eq!(fit.labels, [0, 0, 1, 0, 0]);
    }
}

#[test]
fn held_rows_that_leave_too_little_are_refused() {
    let points = matrix(&[&[0.0], &[1.0], &[2.0], &[3.0]]);
    let refused =
        |k: usize, held: &[Option<u32>]| fit_restart_held(&points, &KMeansParams::new(k), held, 0, 0).unwrap_err();
    assert_eq!(refused(2, &[Some(0), None, Some(2), None]), ClusterError::UnknownCluster { cluster: 2, k: 2 });
    assert_eq!(refused(2, &[Some(0); 4]), ClusterError::TooFewPictures { found: 4, needed: 5 });
    assert_eq!(refused(2, &[Some(0); 3]), ClusterError::LabelCount { labels: 3, rows: 4 });
    let all = [Some(1), Some(0), Some(1), Some(0)];
    let fit = fit_restart_held(&points, &KMeansParams::new(2), &all, 0, 0).unwrap();
    assert_eq!((in_clusters(&fit.labels), fit.centres.values()), (all.to_vec(), [2.0, 1.0].as_slice()));
}

#[test]
fn mini_batches_end_near_where_all_rows_end() {
    let points = heaps(1_000);
    for k in [3, 8] {
        let best = |params: KMeansParams| {
            let inertia = |restart| fit_restart(&points, &params, 1, restart).unwrap().inertia;
            (0..3).map(inertia).fold(f64::INFINITY, f64::min)
        };
        let (full, batches) = (best(KMeansParams::new(k)), best(KMeansParams::new(k).with_mini_batch_rows(2_999)));
        assert!(batches != full && batches < 1.03 * full, "{batches} is far above {full}");
    }
    let mut held = vec![None; points.rows()];
    held[0] = Some(2);
    let params = KMeansParams::new(3).with_mini_batch_rows(100);
    assert_eq!(fit_restart_held(&points, &params, &held, 1, 0).unwrap().labels[0], 2);
}

#[test]
fn ward_joins_small_clusters_of_many_rows() {
    let centres = [[0.0, 0.0], [10.0, 0.0], [0.0, 10.0], [10.0, 10.0]];
    let points = blobs(&centres, WARD_ROWS / 4 + 100, 6.0);
    let labels = ward(&points, 4, 0).unwrap();
    assert_eq!(ari(&truth(points.rows(), 4), &labels).unwrap(), 1.0);
    assert_eq!((0..4).map(|cluster| size(&labels, cluster)).collect::<Vec<_>>(), [WARD_ROWS / 4 + 100; 4]);
    assert_eq!(labels, ward(&points, 4, 0).unwrap());
}

#[test]
fn ward_at_its_limits() {
    let points = matrix(&[&[0.0], &[9.0], &[1.0], &[10.0], &[11.0]]);
    assert_eq!(ward(&points, 1, 0).unwrap(), [0; 5]);
    assert_eq!(ward(&points, 2, 0).unwrap(), [1, 0, 1, 0, 0]);
    assert_eq!(ward(&points, 5, 0).unwrap(), [0, 1, 2, 3, 4]);
    for k in [0, 6] {
        assert_eq!(ward(&points, k, 0).unwrap_err(), ClusterError::KOutOfRange { k, pictures: 5 });
    }
    assert_eq!(ward(&Matrix::zeros(0, 1), 1, 0).unwrap_err(), ClusterError::NoPictures);
    assert_eq!(ward(&matrix(&[&[0.0], &[f32::NAN]]), 1, 0).unwrap_err(), ClusterError::NotFinite { row: 1 });
}

#[test]
fn hdbscan_finds_pictures_that_are_there_many_times() {
    // Two pictures ten times each, one of them with its zero's sign turned, in a sparse crowd.
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
        assert_eq!(error, ClusterError::MinClusterSizeOutOfRange { size, pictures: 20 });
    }
    assert_eq!(hdbscan(&Matrix::zeros(0, 1), 5).unwrap_err(), ClusterError::NoPictures);
    assert_eq!(hdbscan(&Matrix::zeros(1, 1), 5).unwrap_err(), ClusterError::TooFewPictures { found: 1, needed: 2 });
    assert_eq!(hdbscan(&matrix(&[&[f32::NAN], &[0.0]]), 2).unwrap_err(), ClusterError::NotFinite { row: 0 });
    assert_eq!([0, 143, 144, 1_000, 10_000].map(default_min_cluster_size), [5, 5, 6, 15, 50]);
}

#[test]
fn a_judgement_of_edited_clusters() {
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
fn rows_join_the_nearest_centre_of_a_cluster_that_has_rows() {
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
    assert_eq!(undefined, [true, false, true, false], "the only reference of a cluster has nothing to be near to");
    assert_eq!([rows[1].value, rows[3].value], [(8.0 - 2.0) / 8.0, (14.0_f64 - 4.0) as f32 / 14.0]);
    assert_eq!([0, 1, 2, 3].map(|row| rows[row].nearest_other), [Some(8), Some(8), Some(4), Some(4)]);
    let outside = silhouette_rows(&points, &labels, 0..4, Some(&[4])).unwrap_err();
    assert_eq!(outside, ClusterError::RowsOutOfRange { start: 4, end: 5, rows: 4 });
}
