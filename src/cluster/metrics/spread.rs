//! Internal scores, which compare the spread of clusters with their separation.

use crate::cluster::ClusterError;
use crate::cluster::validate::{check_finite, check_labels};
use crate::matrix::Matrix;

/// Davies and Bouldin's index ("A Cluster Separation Measure", 1979) of `points`, shape `[n, d]`: from 0, lower is better.
///
/// Rows whose label is `None` are left out. `None` if the index is undefined: with fewer than two clusters that are not empty,
/// or with as many as rows.
///
/// # Errors
/// [`ClusterError::LabelCount`], [`ClusterError::UnknownCluster`] for a label that is not below `k`,
/// [`ClusterError::NotFinite`].
pub fn davies_bouldin<L: Copy + Into<Option<u32>>>(
    points: &Matrix,
    labels: &[L],
    k: usize,
) -> Result<Option<f64>, ClusterError> {
    let Some(clusters) = Clusters::of(points, labels, k)? else { return Ok(None) };
    let spreads: Vec<f64> = clusters
        .members
        .iter()
        .zip(&clusters.means)
        .map(|(rows, mean)| {
            rows.iter().map(|&row| squared(points.row(row), mean).sqrt()).sum::<f64>() / rows.len() as f64
        })
        .collect();
    let count = spreads.len();
    let total: f64 = (0..count)
        .map(|one| {
            let others = (0..count).filter(|&other| other != one);
            let ratio = |other: usize| {
                let gap = distance(&clusters.means[one], &clusters.means[other]);
                // As in scikit-learn, clusters with the same mean are not compared.
                if gap > 0.0 { (spreads[one] + spreads[other]) / gap } else { 0.0 }
            };
            others.map(ratio).fold(0.0, f64::max)
        })
        .sum();
    Ok(Some(total / count as f64))
}

/// Calinski and Harabasz's index ("A dendrite method for cluster analysis", 1974) of `points`, shape `[n, d]`: from 0,
/// higher is better. 1 if every row equals its cluster's mean.
///
/// Rows whose label is `None` are left out. `None` if the index is undefined: with fewer than two clusters that are not empty,
/// or with as many as rows.
///
/// # Errors
/// As [`davies_bouldin`].
pub fn calinski_harabasz<L: Copy + Into<Option<u32>>>(
    points: &Matrix,
    labels: &[L],
    k: usize,
) -> Result<Option<f64>, ClusterError> {
    let Some(clusters) = Clusters::of(points, labels, k)? else { return Ok(None) };
    let mut all = clusters.members.concat();
    all.sort_unstable();
    let overall_mean = mean(points, &all);
    let (mut between, mut within) = (0.0, 0.0);
    for (rows, mean) in clusters.members.iter().zip(&clusters.means) {
        between += rows.len() as f64 * distance(mean, &overall_mean).powi(2);
        within += rows.iter().map(|&row| squared(points.row(row), mean)).sum::<f64>();
    }
    if within == 0.0 {
        return Ok(Some(1.0));
    }
    let (n, count) = (all.len() as f64, clusters.members.len() as f64);
    Ok(Some(between * (n - count) / (within * (count - 1.0))))
}

/// The clusters that are not empty, with their means in double precision.
struct Clusters {
    members: Vec<Vec<usize>>,
    means: Vec<Vec<f64>>,
}

impl Clusters {
    fn of<L: Copy + Into<Option<u32>>>(points: &Matrix, labels: &[L], k: usize) -> Result<Option<Self>, ClusterError> {
        check_labels(labels, points.rows(), k)?;
        check_finite(points)?;
        let mut members = vec![Vec::new(); k];
        for (row, &label) in labels.iter().enumerate() {
            if let Some(cluster) = label.into() {
                members[cluster as usize].push(row);
            }
        }
        members.retain(|rows| !rows.is_empty());
        if members.len() < 2 || members.iter().all(|rows| rows.len() == 1) {
            return Ok(None);
        }
        let means = members.iter().map(|rows| mean(points, rows)).collect();
        Ok(Some(Self { members, means }))
    }
}

fn mean(points: &Matrix, rows: &[usize]) -> Vec<f64> {
    let mut sums = vec![0.0; points.columns()];
    for &row in rows {
        for (sum, &value) in sums.iter_mut().zip(points.row(row)) {
            *sum += f64::from(value);
        }
    }
    sums.into_iter().map(|sum| sum / rows.len() as f64).collect()
}

fn squared(row: &[f32], mean: &[f64]) -> f64 {
    row.iter().zip(mean).map(|(&value, mean)| (f64::from(value) - mean).powi(2)).sum()
}

fn distance(one: &[f64], other: &[f64]) -> f64 {
    one.iter().zip(other).map(|(one, other)| (one - other).powi(2)).sum::<f64>().sqrt()
}
