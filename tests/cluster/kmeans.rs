//! KMeans: its limits, numbering, restarts, pinned rows and mini-batches.

use proptest::prelude::*;
use shoal::cluster::kmeans::{KMeansFit, KMeansParams, fit_restart, fit_restart_pinned, kmeans, renumber};
use shoal::cluster::{ClusterError, best_of, check_k, metrics};
use shoal::matrix::Matrix;
use shoal::options::Recipe;
use shoal::reduce::prepare;

use crate::points::{anywhere, blobs, crowd, heaps, in_clusters, lattice, matrix, silhouettes};
use crate::support::size;

fn sizes(fit: &KMeansFit) -> Vec<usize> {
    (0..fit.centres.rows()).map(|id| fit.labels.iter().filter(|&&label| label as usize == id).count()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn every_row_is_with_its_nearest_centre(points in lattice(), seed: u32) {
        let fit = fit_restart(&points, &KMeansParams::new(points.rows().min(4)), seed, 0).unwrap();
        for row in 0..points.rows() {
            let squared = |centre: usize| -> f32 {
                points.row(row).iter().zip(fit.centres.row(centre)).map(|(a, b)| (a - b).powi(2)).sum()
            };
            let nearest = (0..fit.centres.rows()).map(squared).fold(f32::INFINITY, f32::min);
            prop_assert!(squared(fit.labels[row] as usize) <= nearest + 1e-4);
        }
    }

    #[test]
    fn restarts_may_run_anywhere(points in lattice(), seed: u32, restarts in 1_u32..6) {
        let params = KMeansParams::new(points.rows().min(3));
        let together = kmeans(&points, &params, seed, restarts).unwrap();
        let mut apart: Vec<KMeansFit> =
            (0..restarts).rev().map(|restart| fit_restart(&points, &params, seed, restart).unwrap()).collect();
        apart.reverse();
        let (_, best) = best_of(apart.into_iter().map(|fit| (fit.inertia, fit))).unwrap();
        prop_assert_eq!(renumber(best), together);
    }

    #[test]
    fn without_pinned_rows_pinning_changes_nothing(
        points in prop_oneof![lattice(), crowd()],
        (seed, restart) in (any::<u32>(), 0_u32..3),
    ) {
        let params = KMeansParams::new(points.rows().min(5));
        let pinned = vec![None; points.rows()];
        let fit = fit_restart_pinned(&points, &params, &pinned, seed, restart).unwrap();
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
}

#[test]
fn one_cluster_is_the_mean() {
    let points = matrix(&[&[0.0, 1.0], &[2.0, 3.0], &[4.0, 8.0]]);
    let fit = kmeans(&points, &KMeansParams::new(1), 0, 1).unwrap();
    assert_eq!((fit.labels, fit.centres.values()), (vec![0, 0, 0], [2.0, 4.0].as_slice()));
    assert_eq!(fit.inertia, 8.0 + 26.0);
}

#[test]
fn as_many_clusters_as_rows_leave_no_inertia() {
    let points = matrix(&[&[0.0], &[5.0], &[6.0], &[100.0]]);
    let fit = kmeans(&points, &KMeansParams::new(4), 7, 3).unwrap();
    assert_eq!((fit.labels, fit.inertia), (vec![0, 1, 2, 3], 0.0));
}

#[test]
fn identical_rows_are_separated_on_request() {
    let points = Matrix::from_rows(vec![2.0; 14], 2).unwrap();
    let fit = kmeans(&points, &KMeansParams::new(3), 0, 2).unwrap();
    assert_eq!((sizes(&fit), fit.inertia), (vec![5, 1, 1], 0.0));
    let rows = silhouettes(&points, &fit.labels, 0..7).unwrap();
    assert_eq!(rows, [0.0; 7]);
    assert_eq!(metrics::davies_bouldin(&points, &fit.labels, 3).unwrap(), Some(0.0));
    assert_eq!(metrics::calinski_harabasz(&points, &fit.labels, 3).unwrap(), Some(1.0));

    let prepared = prepare(&points, Recipe::Spherical).unwrap();
    assert_eq!((prepared.explained, prepared.pca3), ([None; 3], Matrix::zeros(7, 3)));
    assert!(prepared.points.values().iter().all(|&value| value == 0.0));
}

#[test]
fn rows_on_a_line_are_divided_at_the_gap_and_have_one_component() {
    let points = matrix(&[&[0.0, 0.0], &[1.0, 2.0], &[2.0, 4.0], &[50.0, 100.0], &[51.0, 102.0]]);
    let fit = kmeans(&points, &KMeansParams::new(2), 0, 4).unwrap();
    assert_eq!(fit.labels, [0, 0, 0, 1, 1]);
    let prepared = prepare(&points, Recipe::Plain).unwrap();
    assert_eq!(prepared.explained.map(|share| share.map(|share| share.round())), [Some(1.0), None, None]);
    assert!((0..5).all(|row| prepared.pca3.row(row)[1..] == [0.0, 0.0]));
    assert!(prepared.pca3.row(0)[0] < 0.0 && prepared.pca3.row(4)[0] > 0.0);
}

#[test]
fn clusters_are_numbered_by_size_then_by_first_row() {
    let labels = vec![4, 2, 2, 1, 1, 0, 3, 3, 3];
    let centres = Matrix::from_rows(vec![0.0, 1.0, 2.0, 3.0, 4.0], 1).unwrap();
    let fit = renumber(KMeansFit { labels, centres, inertia: 0.5, iterations: 2 });
    assert_eq!(fit.labels, [3, 1, 1, 2, 2, 4, 0, 0, 0]);
    assert_eq!(fit.centres.values(), [3.0, 2.0, 1.0, 4.0, 0.0]);
}

#[test]
fn invalid_input_is_rejected() {
    let points = matrix(&[&[0.0], &[1.0], &[f32::NAN]]);
    let not_finite = ClusterError::NotFinite { row: 2 };
    assert_eq!(fit_restart(&points, &KMeansParams::new(2), 0, 0).unwrap_err(), not_finite);
    assert_eq!(silhouettes(&points, &[0, 1, 1], 0..1).unwrap_err(), not_finite);
    assert_eq!(prepare(&points, Recipe::Plain).unwrap_err(), not_finite);
    assert_eq!(metrics::davies_bouldin(&points, &[0, 1, 1], 2).unwrap_err(), not_finite);

    let points = matrix(&[&[0.0], &[1.0]]);
    for k in [0, 3] {
        let error = fit_restart(&points, &KMeansParams::new(k), 0, 0).unwrap_err();
        assert_eq!(error, ClusterError::KOutOfRange { k, rows: 2 });
    }
    let none = Matrix::zeros(0, 4);
    assert_eq!(fit_restart(&none, &KMeansParams::new(1), 0, 0).unwrap_err(), ClusterError::NoRows);
    assert_eq!(prepare(&none, Recipe::Spherical).unwrap_err(), ClusterError::NoRows);

    assert_eq!(check_k(1, 5), Err(ClusterError::KOutOfRange { k: 1, rows: 5 }));
    assert_eq!((check_k(2, 2), check_k(2, 0)), (Ok(()), Err(ClusterError::NoRows)));
    let labels = silhouettes(&points, &[0], 0..1).unwrap_err();
    assert_eq!(labels, ClusterError::LabelCount { labels: 1, rows: 2 });
    let range = silhouettes(&points, &[0, 1], 1..3).unwrap_err();
    assert_eq!(range, ClusterError::RowsOutOfRange { start: 1, end: 3, rows: 2 });
    let cluster = metrics::calinski_harabasz(&points, &[0, 9], 2).unwrap_err();
    assert_eq!(cluster, ClusterError::UnknownCluster { cluster: 9, k: 2 });
    assert!(metrics::accuracy(&[0, 1], &[0, u32::MAX]).is_err());
    assert_eq!(metrics::nmi(&[], &[]), Err(ClusterError::NoRows));
}

#[test]
fn pinned_rows_seed_their_clusters() {
    let points = blobs(&[[0.0, 0.0], [10.0, 0.0], [0.0, 10.0]], 30, 1.0);
    let mut pinned = vec![None; 90];
    // Rows 2 and 1 pin the clusters of their blobs; row 3, of the first blob, is pinned to another cluster.
    (pinned[2], pinned[1], pinned[3]) = (Some(0), Some(2), Some(2));
    let fit = fit_restart_pinned(&points, &KMeansParams::new(3), &pinned, 5, 0).unwrap();
    let mut expected: Vec<u32> = (0..90).map(|row| [1, 2, 0][row % 3]).collect();
    expected[3] = 2;
    assert_eq!(fit.labels, expected);
    let third: Vec<f32> = (0..90).filter(|&row| expected[row] == 2).map(|row| points.row(row)[0]).collect();
    let mean = third.iter().map(|&value| f64::from(value)).sum::<f64>() / third.len() as f64;
    assert_eq!(fit.centres.row(2)[0], mean as f32, "a centre is the mean of all its rows, pinned or not");
}

#[test]
fn a_pinned_row_never_refills_an_empty_cluster() {
    // The free rows lie at the mean of the pinned ones, which are furthest from it.
    let points = matrix(&[&[-100.0], &[100.0], &[0.0], &[0.0], &[0.0]]);
    let pinned = [Some(0), Some(0), None, None, None];
    for mini_batch_rows in [1, 100] {
        let params = KMeansParams::new(2).with_mini_batch_rows(mini_batch_rows);
        let fit = fit_restart_pinned(&points, &params, &pinned, 0, 0).unwrap();
        assert_eq!(fit.labels, [0, 0, 1, 0, 0]);
    }
}

#[test]
fn pinned_rows_that_leave_too_few_free_rows_are_rejected() {
    let points = matrix(&[&[0.0], &[1.0], &[2.0], &[3.0]]);
    let rejected = |k: usize, pinned: &[Option<u32>]| {
        fit_restart_pinned(&points, &KMeansParams::new(k), pinned, 0, 0).unwrap_err()
    };
    assert_eq!(rejected(2, &[Some(0), None, Some(2), None]), ClusterError::UnknownCluster { cluster: 2, k: 2 });
    assert_eq!(rejected(2, &[Some(0); 4]), ClusterError::TooFewRows { found: 4, needed: 5 });
    assert_eq!(rejected(2, &[Some(0); 3]), ClusterError::LabelCount { labels: 3, rows: 4 });
    let all = [Some(1), Some(0), Some(1), Some(0)];
    let fit = fit_restart_pinned(&points, &KMeansParams::new(2), &all, 0, 0).unwrap();
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
    let mut pinned = vec![None; points.rows()];
    pinned[0] = Some(2);
    let params = KMeansParams::new(3).with_mini_batch_rows(100);
    assert_eq!(fit_restart_pinned(&points, &params, &pinned, 1, 0).unwrap().labels[0], 2);
}
