//! The answer to a clustering, as the public API gives it and as it is saved.
//!
//! Names and nesting are a promise to users: a field may be added, never renamed. What is undefined is `null`; the fields
//! that may be missing altogether are those whose documentation says so.

use serde::{Deserialize, Serialize};

use crate::cluster::ClusterError;
use crate::matrix::Matrix;
use crate::options::{ClusterMethod, Recipe};

/// A clustering of the collection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Clustering {
    /// How many clusters there are.
    pub k: usize,
    /// Where the random numbers started.
    pub seed: u32,
    /// What was done to the features first.
    pub recipe: Recipe,
    /// How clusters were found.
    #[serde(default)]
    pub method: ClusterMethod,
    /// What computed the features, or most of them: `cpu` or `webgpu`.
    pub backend: String,
    /// The mean silhouette of the pictures that have one, from -1 to 1.
    pub silhouette: Option<f32>,
    /// The sum of squared distances to the clusters' centres.
    pub inertia: f64,
    /// The share of variance, from 0 to 1, that each plotted component explains.
    pub explained: [Option<f32>; 3],
    /// The share of variance, from 0 to 1, that the recipe's reduction keeps; `None` where it reduces nothing.
    #[serde(default)]
    pub variance_kept: Option<f32>,
    /// How good the clustering is.
    pub scores: Scores,
    /// The pictures in path order.
    pub items: Vec<Assignment>,
    /// The clusters in id order.
    pub clusters: Vec<Cluster>,
    /// The counts that were tried; missing unless the count was left to the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub curve: Option<Vec<CurvePoint>>,
    /// The counts worth a look, the best first; missing likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposals: Option<Vec<usize>>,
}

impl Clustering {
    /// The cluster of this id.
    pub fn group(&self, id: u32) -> Option<&Cluster> {
        let place = self.clusters.binary_search_by_key(&id, |group| group.id).ok()?;
        self.clusters.get(place)
    }

    /// The place among the items of the picture at `path`.
    pub fn place_of(&self, path: &str) -> Option<usize> {
        self.items.binary_search_by(|item| item.path.as_str().cmp(path)).ok()
    }

    /// The picture at `path`.
    pub fn item(&self, path: &str) -> Option<&Assignment> {
        self.items.get(self.place_of(path)?)
    }
}

/// Scores of a clustering as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Scores {
    /// Davies and Bouldin's index: from 0, lower is better.
    pub davies_bouldin: Option<f64>,
    /// Calinski and Harabasz's index: from 0, higher is better.
    pub calinski_harabasz: Option<f64>,
    /// Whether silhouettes were computed on a sample of the pictures.
    pub sampled: bool,
    /// Normalised mutual information with the folders, 0 to 1; missing when pictures came in fewer than two.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nmi: Option<f64>,
    /// Adjusted Rand index with the folders, up to 1; missing likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ari: Option<f64>,
    /// Share of pictures in the cluster that best matches their folder, 0 to 1; missing likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// How folders and clusters overlap; missing likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confusion: Option<Confusion>,
}

/// How many pictures of each class are in each cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Confusion {
    /// The classes: the folders that the pictures came in.
    pub classes: Vec<String>,
    /// Number of pictures, shape `[classes, clusters]`, clusters in id order.
    pub counts: Vec<Vec<u32>>,
    /// Number of each class's pictures that are in no cluster, shape `[classes]`.
    #[serde(default)]
    pub unsorted: Vec<u32>,
}

/// A picture's place in a clustering.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Assignment {
    /// The picture's path.
    pub path: String,
    /// Its cluster's id; `None` when it is set aside.
    pub cluster: Option<u32>,
    /// Its silhouette, from -1 to 1.
    pub silhouette: Option<f32>,
    /// Its distance to its cluster's centre.
    pub distance: Option<f32>,
    /// The cluster that it is nearest to among the others, as silhouettes see it.
    #[serde(default)]
    pub next_cluster: Option<u32>,
    /// Whether it stays where it is when pictures are grouped again.
    #[serde(default)]
    pub locked: bool,
    /// Its place on the first three principal components.
    pub pca: [f32; 3],
}

impl Assignment {
    /// Whether it is nearer to another cluster than to its own. What a person has fixed is not doubted.
    pub fn is_doubtful(&self) -> bool {
        !self.locked && self.cluster.is_some() && self.silhouette.is_some_and(|silhouette| silhouette < 0.0)
    }
}

/// A cluster as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    /// Its id, never used for another cluster.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Whether the name is only a suggestion, made from what the network sees in its pictures.
    #[serde(default)]
    pub suggested: bool,
    /// Whether its pictures stay when pictures are grouped again.
    #[serde(default)]
    pub locked: bool,
    /// How many pictures it has.
    pub size: usize,
    /// The mean silhouette of those of its pictures that have one.
    pub silhouette: Option<f32>,
    /// Paths of the pictures nearest to its centre, nearest first.
    pub representatives: Vec<String>,
}

/// The mean silhouette at one number of clusters.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CurvePoint {
    /// How many clusters.
    pub k: usize,
    /// The mean silhouette.
    pub silhouette: Option<f32>,
}

/// What an [`Clustering`] is made from. All rows are in path order.
#[derive(Clone, Debug)]
pub struct ClusteringParts<'a> {
    /// The clusters in id order, `[k]`.
    pub clusters: Vec<ClusterFacts>,
    /// Where the random numbers started.
    pub seed: u32,
    /// What was done to the features first.
    pub recipe: Recipe,
    /// How clusters were found.
    pub method: ClusterMethod,
    /// What computed the features, or most of them: `cpu` or `webgpu`.
    pub backend: String,
    /// The pictures, `[n]`.
    pub rows: Vec<RowFacts>,
    /// Rows nearest to each centre, nearest first, `[k][..]`.
    pub representatives: Vec<Vec<usize>>,
    /// The first principal components, `[n, up to 3]`; what is missing is 0.
    pub pca3: &'a Matrix,
    /// The sum of squared distances to the centres.
    pub inertia: f64,
    /// The share of variance that each component explains.
    pub explained: [Option<f32>; 3],
    /// The share of variance that the recipe's reduction keeps.
    pub variance_kept: Option<f32>,
    /// Scores of the whole.
    pub scores: Scores,
    /// The counts that were tried.
    pub curve: Option<Vec<CurvePoint>>,
    /// The counts worth a look.
    pub proposals: Option<Vec<usize>>,
}

/// What is known of a cluster before it is counted.
#[derive(Clone, Debug, PartialEq)]
pub struct ClusterFacts {
    /// Its id.
    pub id: u32,
    /// Its name.
    pub name: String,
    /// Whether the name is only a suggestion.
    pub suggested: bool,
    /// Whether its pictures stay when pictures are grouped again.
    pub locked: bool,
}

/// What is known of a picture's place. Clusters are indices into [`ClusteringParts::clusters`].
#[derive(Clone, Debug, PartialEq)]
pub struct RowFacts {
    /// The picture's path.
    pub path: String,
    /// Its cluster.
    pub label: Option<u32>,
    /// Whether it stays there.
    pub locked: bool,
    /// Its silhouette; NaN where there is none.
    pub silhouette: f32,
    /// The cluster that it is nearest to among the others.
    pub next_label: Option<u32>,
    /// Its distance to its cluster's centre; NaN where there is none.
    pub distance: f32,
}

/// The name a cluster has until someone renames it: `Group 1` for id 0.
pub fn default_name(id: u32) -> String {
    format!("Group {}", u64::from(id) + 1)
}

/// Puts an clustering together, adding sizes and mean silhouettes.
///
/// # Errors
/// [`ClusterError::LabelCount`] when `pca3` has other than `n` rows, [`ClusterError::UnknownCluster`] for a label that is
/// not below `k`.
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

/// JSON has no NaN: what is undefined is `None` here and `null` there.
fn finite(value: f32) -> Option<f32> {
    value.is_finite().then_some(value)
}

/// The mean of those values that are defined.
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
