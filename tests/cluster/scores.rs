//! Scores of a clustering: against scikit-learn, and where they are undefined.

use shoal::cluster::{metrics, silhouette};
use shoal::matrix::Matrix;

use crate::oracle::{Agreement, Clustering};
use crate::points::matrix;
use crate::support::{assert_near, read_oracle};

/// The best matching of the rows of a square table to its columns, found by trying all.
fn best_by_trying(counts: &[Vec<u32>], used: &mut Vec<bool>) -> u32 {
    let Some((row, rest)) = counts.split_first() else { return 0 };
    let mut best = 0;
    for column in 0..row.len() {
        if !std::mem::replace(&mut used[column], true) {
            best = best.max(row[column] + best_by_trying(rest, used));
            used[column] = false;
        }
    }
    best
}

#[test]
fn scores_by_shape_are_scikit_learns() {
    for case in read_oracle::<Clustering>("clusterings") {
        let (points, k) = (Matrix::from_rows(case.points, case.columns).unwrap(), case.starts.len());
        let davies_bouldin = metrics::davies_bouldin(&points, &case.labels, k).unwrap().unwrap();
        assert_near(davies_bouldin, case.davies_bouldin, 1e-9);
        let calinski_harabasz = metrics::calinski_harabasz(&points, &case.labels, k).unwrap().unwrap();
        assert_near(calinski_harabasz, case.calinski_harabasz, 1e-9);
    }
}

#[test]
fn scores_against_labels_are_scikit_learns() {
    for case in read_oracle::<Agreement>("agreements") {
        assert_near(metrics::nmi(&case.classes, &case.clusters).unwrap(), case.nmi, 1e-9);
        assert_near(metrics::ari(&case.classes, &case.clusters).unwrap(), case.ari, 1e-9);
    }
}

#[test]
fn accuracy_is_that_of_the_best_matching() {
    for case in read_oracle::<Clustering>("clusterings") {
        let (accuracy, counts) = metrics::accuracy(&case.truth, &case.labels).unwrap();
        let best = best_by_trying(&counts, &mut vec![false; counts[0].len()]);
        assert_near(accuracy, f64::from(best) / case.labels.len() as f64, 1e-12);
        assert_eq!(counts.iter().flatten().sum::<u32>() as usize, case.labels.len());
    }
}

#[test]
fn accuracy_leaves_surplus_clusters_and_classes_unmatched() {
    // Two clusters for one class, and the other way round.
    assert_eq!(metrics::accuracy(&[0, 0, 0], &[0, 0, 1]).unwrap(), (2.0 / 3.0, vec![vec![2, 1]]));
    assert_eq!(metrics::accuracy(&[0, 1, 1, 2], &[0, 0, 0, 0]).unwrap(), (0.5, vec![vec![1], vec![2], vec![1]]));
}

#[test]
fn undefined_scores_are_none() {
    let points = matrix(&[&[0.0], &[1.0], &[2.0]]);
    for (labels, k) in [([0, 0, 0], 1), ([0, 1, 2], 3), ([1, 1, 1], 2)] {
        assert_eq!(metrics::davies_bouldin(&points, &labels, k).unwrap(), None);
        assert_eq!(metrics::calinski_harabasz(&points, &labels, k).unwrap(), None);
    }
    assert_eq!(silhouette::mean(&[0.0; 3], 3, 3), None);
    assert_eq!(silhouette::mean(&[f32::NAN; 3], 1, 3), None);
    assert_eq!(silhouette::mean(&[0.5, 0.25, 0.75], 2, 3), Some(0.5));
}
