//! The nearest cluster of a row, by its distance to the centres.

use std::collections::HashMap;

use super::means::means;
use super::tiles::squared_exact;
use super::validate::{check_finite, check_labels};
use crate::cluster::ClusterError;
use crate::matrix::Matrix;

/// For each of `rows`, the cluster whose centre is nearest, ties to the lowest, and the cosine similarity with that
/// centre, -1 to 1, or 0 if the row or the centre has length 0. `None` for every row if all clusters are empty.
///
/// `points` has shape `[n, d]`, `labels` shape `[n]`, `None` for rows in no cluster. A centre is the mean of its cluster's
/// rows, which may include the queried row.
///
/// # Errors
/// [`ClusterError::LabelCount`], [`ClusterError::UnknownCluster`] for a label that is not below `k`,
/// [`ClusterError::RowsOutOfRange`], [`ClusterError::NotFinite`].
pub fn nearest_clusters(
    points: &Matrix,
    labels: &[Option<u32>],
    k: usize,
    rows: &[usize],
) -> Result<Vec<Option<(u32, f32)>>, ClusterError> {
    check_labels(labels, points.rows(), k)?;
    if let Some(&row) = rows.iter().find(|&&row| row >= points.rows()) {
        return Err(ClusterError::RowsOutOfRange { start: row, end: row.saturating_add(1), rows: points.rows() });
    }
    check_finite(points)?;
    let (centres, counts) = means(points, labels, k);
    let nearest = |&row: &usize| {
        let squared = |cluster: usize| squared_exact(points.row(row), centres.row(cluster));
        let not_empty = (0..k).filter(|&cluster| counts[cluster] > 0);
        let (cluster, _) = not_empty.map(|cluster| (cluster, squared(cluster))).min_by(|a, b| a.1.total_cmp(&b.1))?;
        Some((cluster as u32, cosine(points.row(row), centres.row(cluster)) as f32))
    };
    Ok(rows.iter().map(nearest).collect())
}

/// The least number of members by which a cluster is judged itself.
const MEMBERS_MIN: usize = 8;

/// The cosines at which an image is as similar to a cluster as its members are.
///
/// Below the cluster's lower fence an image would be an outlier among the members: the first quartile of their cosines less 1.5
/// times the interquartile range (Tukey, "Exploratory Data Analysis", 1977). A cluster of fewer than eight members is judged by
/// the members of all clusters, since a small cluster's centre is close to each of its members.
#[derive(Clone, Debug, PartialEq)]
pub struct LeastCosines {
    by_cluster: HashMap<u32, f32>,
    of_others: f32,
}

impl LeastCosines {
    /// The least cosines for these members: each one's cluster and cosine with the centre. Without members it is `default` for
    /// every cluster.
    pub fn new(members: &[(u32, f32)], default: f32) -> Self {
        let mut by_cluster: HashMap<u32, Vec<f32>> = HashMap::new();
        for &(cluster, cosine) in members {
            by_cluster.entry(cluster).or_default().push(cosine);
        }
        let all = members.iter().map(|&(_, cosine)| cosine).collect();
        by_cluster.retain(|_, cosines| cosines.len() >= MEMBERS_MIN);
        Self {
            by_cluster: by_cluster.into_iter().map(|(cluster, cosines)| (cluster, lower_fence(cosines))).collect(),
            of_others: if members.is_empty() { default } else { lower_fence(all) },
        }
    }

    /// The least cosine for a cluster.
    pub fn of(&self, cluster: u32) -> f32 {
        self.by_cluster.get(&cluster).copied().unwrap_or(self.of_others)
    }
}

/// The first quartile less 1.5 times the interquartile range, for at least one value. Quartiles are interpolated linearly.
fn lower_fence(mut values: Vec<f32>) -> f32 {
    values.sort_by(f32::total_cmp);
    let quartile = |share: f32| {
        let place = share * (values.len() - 1) as f32;
        let (below, above) = (values[place.floor() as usize], values[place.ceil() as usize]);
        below + (above - below) * place.fract()
    };
    let (first, third) = (quartile(0.25), quartile(0.75));
    first - 1.5 * (third - first)
}

/// The cosine similarity of two rows, -1 to 1; 0 if one of them has length 0.
pub(super) fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum::<f64>();
    let lengths = dot(a, a).sqrt() * dot(b, b).sqrt();
    // Rounding may exceed the limits.
    if lengths > 0.0 { (dot(a, b) / lengths).clamp(-1.0, 1.0) } else { 0.0 }
}
