//! Assembling a clustering from labels, scores and the clusters' names.

use super::{Assignment, Cluster, Clustering, CurvePoint, Scores};
use crate::capture::Capture;
use crate::cluster::ClusterError;
use crate::matrix::Matrix;
use crate::options::{ClusterMethod, Recipe};

/// The input of [`assemble`]. All rows are in path order.
#[derive(Clone, Debug)]
pub struct ClusteringParts<'a> {
    /// The clusters in id order, `[k]`.
    pub clusters: Vec<ClusterFacts>,
    /// The seed of the random numbers.
    pub seed: u32,
    /// The feature transform.
    pub recipe: Recipe,
    /// The clustering method.
    pub method: ClusterMethod,
    /// The backend that computed all or most of the features: `cpu` or `webgpu`.
    pub backend: String,
    /// The images, `[n]`.
    pub rows: Vec<RowFacts>,
    /// The rows nearest to each centre, nearest first, `[k][..]`.
    pub representatives: Vec<Vec<usize>>,
    /// The first principal components, `[n, up to 3]`; missing ones count as 0.
    pub pca3: &'a Matrix,
    /// The sum of squared distances to the cluster centres.
    pub inertia: f64,
    /// The share of variance that each principal component explains.
    pub explained: [Option<f32>; 3],
    /// The share of variance that the feature transform keeps.
    pub variance_kept: Option<f32>,
    /// Quality scores.
    pub scores: Scores,
    /// The numbers of clusters that were tried.
    pub curve: Option<Vec<CurvePoint>>,
    /// The most promising numbers of clusters, best first.
    pub proposals: Option<Vec<usize>>,
}

/// A cluster before its images are counted.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterFacts {
    /// The id.
    pub id: u32,
    /// The name.
    pub name: String,
    /// Whether the name is a suggestion.
    pub suggested: bool,
    /// Whether the cluster is locked.
    pub locked: bool,
}

/// An image's place in a clustering. Clusters are indices into [`ClusteringParts::clusters`].
#[derive(Clone, Debug, PartialEq)]
pub struct RowFacts {
    /// The image's path.
    pub path: String,
    /// The cluster; `None` if the image is in no cluster.
    pub label: Option<u32>,
    /// Whether the image is pinned.
    pub locked: bool,
    /// The silhouette, from -1 to 1; NaN if undefined.
    pub silhouette: f32,
    /// The nearest other cluster.
    pub next_label: Option<u32>,
    /// The distance to the cluster's centre; NaN if undefined.
    pub distance: f32,
    /// How the image was taken, if known.
    pub capture: Option<Capture>,
}

/// Assembles a clustering, adding cluster sizes and mean silhouettes.
///
/// # Errors
/// [`ClusterError::LabelCount`] if `pca3` does not have `n` rows, [`ClusterError::UnknownCluster`] for a label that is not below
/// `k`.
pub fn assemble(parts: ClusteringParts<'_>) -> Result<Clustering, ClusterError> {
    let (rows, k) = (parts.rows.len(), parts.clusters.len());
    if parts.pca3.rows() != rows {
        return Err(ClusterError::LabelCount { labels: parts.pca3.rows(), rows });
    }
    let mut sizes = vec![0; k];
    let mut means = vec![Mean::default(); k];
    let mut overall = Mean::default();
    for row in &parts.rows {
        let Some(label) = row.label else { continue };
        let cluster = label as usize;
        if cluster >= k {
            return Err(ClusterError::UnknownCluster { cluster: label, k });
        }
        sizes[cluster] += 1;
        means[cluster].add(row.silhouette);
        overall.add(row.silhouette);
    }
    let id_of = |label: Option<u32>| Some(parts.clusters.get(label? as usize)?.id);
    let items = parts
        .rows
        .iter()
        .enumerate()
        .map(|(row, facts)| Assignment {
            path: facts.path.clone(),
            cluster: id_of(facts.label),
            silhouette: finite(facts.silhouette),
            distance: finite(facts.distance),
            next_cluster: id_of(facts.next_label),
            locked: facts.locked,
            pca: std::array::from_fn(|axis| {
                parts.pca3.row(row).get(axis).copied().and_then(finite).unwrap_or_default()
            }),
            capture: facts.capture.clone(),
        })
        .collect();
    let path_of = |&row: &usize| Some(parts.rows.get(row)?.path.clone());
    let clusters = parts
        .clusters
        .iter()
        .zip(sizes.iter().zip(&means))
        .enumerate()
        .map(|(index, (cluster, (&size, mean)))| Cluster {
            id: cluster.id,
            name: cluster.name.clone(),
            suggested: cluster.suggested,
            locked: cluster.locked,
            size,
            silhouette: mean.value(),
            representatives: parts.representatives.get(index).into_iter().flatten().filter_map(path_of).collect(),
        })
        .collect();
    Ok(Clustering {
        k,
        seed: parts.seed,
        recipe: parts.recipe,
        method: parts.method,
        backend: parts.backend,
        silhouette: overall.value(),
        inertia: parts.inertia,
        explained: parts.explained.map(|share| share.and_then(finite)),
        variance_kept: parts.variance_kept.and_then(finite),
        scores: parts.scores,
        items,
        clusters,
        curve: parts.curve,
        proposals: parts.proposals,
    })
}

/// The value, or `None` for NaN, which JSON cannot represent.
fn finite(value: f32) -> Option<f32> {
    value.is_finite().then_some(value)
}

/// The running mean of the finite values.
#[derive(Clone, Copy, Default)]
struct Mean {
    sum: f64,
    count: f64,
}

impl Mean {
    fn add(&mut self, value: f32) {
        if value.is_finite() {
            self.sum += f64::from(value);
            self.count += 1.0;
        }
    }

    fn value(self) -> Option<f32> {
        (self.count > 0.0).then(|| (self.sum / self.count) as f32)
    }
}
