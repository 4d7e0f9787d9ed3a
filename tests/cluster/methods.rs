//! Clustering methods through their common interface: the same bits as the algorithms behind them.

use shoal::cluster::ClusterError;
use shoal::cluster::hdbscan::{default_min_cluster_size, hdbscan};
use shoal::cluster::kmeans::{KMeansParams, fit_restart, fit_restart_pinned, renumber};
use shoal::cluster::methods::{ClusterMethod, FitInput};
use shoal::cluster::ward::ward;
use shoal::matrix::Matrix;

/// Four blobs of 15 rows, with a spiral of outliers between them, shape `[64, 3]`.
fn blobs() -> Matrix {
    let mut values = Vec::new();
    for row in 0..64_u32 {
        let noise = |salt: u32| ((row * 7919 + salt * 104_729) % 997) as f32 / 997.0;
        let (x, y) =
            if row < 60 { ((row % 2 * 10) as f32, (row / 2 % 2 * 10) as f32) } else { (5.0, row as f32 - 57.0) };
        values.extend([x + noise(1), y + noise(2), noise(3)]);
    }
    Matrix::from_rows(values, 3).unwrap()
}

fn some(labels: Vec<u32>) -> Vec<Option<u32>> {
    labels.into_iter().map(Some).collect()
}

#[test]
fn kmeans_is_one_renumbered_restart() {
    let points = blobs();
    for (k, seed, restart) in [(2, 0, 0), (5, 7, 3), (64, 1, 1)] {
        let fit = ClusterMethod::KMeans.fit(&FitInput { seed, restart, ..FitInput::new(&points, Some(k)) }).unwrap();
        let expected = renumber(fit_restart(&points, &KMeansParams::new(k), seed, restart).unwrap());
        assert_eq!((fit.labels, fit.k, fit.cost), (some(expected.labels), k, expected.inertia));
    }
}

#[test]
fn kmeans_keeps_the_numbers_of_pinned_rows() {
    let points = blobs();
    let mut pinned = vec![None; points.rows()];
    (pinned[0], pinned[63]) = (Some(3), Some(1));
    let fit =
        ClusterMethod::KMeans.fit(&FitInput { pinned: &pinned, seed: 2, ..FitInput::new(&points, Some(4)) }).unwrap();
    let expected = fit_restart_pinned(&points, &KMeansParams::new(4), &pinned, 2, 0).unwrap();
    assert_eq!((fit.labels, fit.k, fit.cost), (some(expected.labels), 4, expected.inertia));
}

#[test]
fn counts_have_the_clusters_that_each_has_alone() {
    let points = blobs();
    let mut some_pinned = vec![None; points.rows()];
    (some_pinned[0], some_pinned[63]) = (Some(1), Some(0));
    for method in ClusterMethod::ALL.iter().filter(|method| method.info().needs_k) {
        for pinned in [&[][..], &some_pinned] {
            let input = FitInput { pinned, seed: 3, restart: 2, ..FitInput::new(&points, None) };
            let counts = [9, 2, 30, 64, 3];
            let together = method.fit_counts(&input, &counts);
            // All rows but the pinned ones are too few for 64 clusters.
            let alone = counts.map(|k| method.fit(&FitInput { k: Some(k), ..input }));
            assert_eq!(together, alone.into_iter().collect(), "{}", method.name());
            assert!(matches!(method.fit_counts(&input, &[2, 65]), Err(ClusterError::KOutOfRange { k: 65, .. })));
        }
    }
}

#[test]
fn hdbscan_finds_the_count_and_takes_a_size() {
    let points = blobs();
    for min_cluster_size in [None, Some(8)] {
        let input = FitInput { min_cluster_size, ..FitInput::new(&points, None) };
        let fit = ClusterMethod::Hdbscan.fit(&input).unwrap();
        let size = min_cluster_size.unwrap_or(default_min_cluster_size(points.rows()));
        assert_eq!(fit.labels, hdbscan(&points, size).unwrap());
        assert_eq!((fit.k, fit.cost), (4, 0.0));
    }
    // Equal rows are all outliers.
    let equal = ClusterMethod::Hdbscan.fit(&FitInput::new(&Matrix::zeros(6, 2), None)).unwrap();
    assert_eq!((equal.labels, equal.k), (vec![None; 6], 0));
}

#[test]
fn ward_is_the_algorithm_of_that_name() {
    let points = blobs();
    for k in [1, 4, 64] {
        let fit = ClusterMethod::Ward.fit(&FitInput { seed: 5, ..FitInput::new(&points, Some(k)) }).unwrap();
        assert_eq!((fit.labels, fit.k, fit.cost), (some(ward(&points, k, 5).unwrap()), k, 0.0));
    }
}

#[test]
fn methods_that_need_a_count_reject_a_missing_one() {
    let points = blobs();
    for method in ClusterMethod::ALL {
        let found = method.fit(&FitInput::new(&points, None));
        if method.info().needs_k {
            assert!(matches!(found, Err(ClusterError::KOutOfRange { k: 0, .. })), "{}", method.name());
        } else {
            assert!(found.is_ok(), "{}", method.name());
        }
        assert_eq!(method.fit(&FitInput::new(&Matrix::zeros(0, 2), Some(2))), Err(ClusterError::NoRows));
    }
}
