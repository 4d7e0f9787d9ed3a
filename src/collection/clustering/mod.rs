//! A clustering as the public API returns it and as it is saved.
//!
//! Serialised field names and nesting are stable: a field may be added, never renamed. An undefined value is `null`; fields that
//! may be absent say so in their documentation.

mod against_folders;
mod assemble;

use serde::{Deserialize, Serialize};

use crate::capture::Capture;
use crate::options::{ClusterMethod, Recipe};

pub use against_folders::scores_against_folders;
pub use assemble::{ClusterFacts, ClusteringParts, RowFacts, assemble};

/// What default names begin with.
const DEFAULT_NAME: &str = "Group ";

/// A clustering of the collection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Clustering {
    /// The number of clusters.
    pub k: usize,
    /// The seed of the random numbers.
    pub seed: u32,
    /// The feature transform.
    pub recipe: Recipe,
    /// The clustering method.
    #[serde(default)]
    pub method: ClusterMethod,
    /// The backend that computed all or most of the features: `cpu` or `webgpu`.
    pub backend: String,
    /// The mean silhouette of the images that have one, from -1 to 1.
    pub silhouette: Option<f32>,
    /// The sum of squared distances to the cluster centres.
    pub inertia: f64,
    /// The share of variance, from 0 to 1, that each plotted principal component explains.
    pub explained: [Option<f32>; 3],
    /// The share of variance, from 0 to 1, that the feature transform keeps; `None` if it does not reduce the dimensions.
    #[serde(default)]
    pub variance_kept: Option<f32>,
    /// Quality scores.
    pub scores: Scores,
    /// The images in path order.
    pub items: Vec<Assignment>,
    /// The clusters in id order.
    pub clusters: Vec<Cluster>,
    /// The numbers of clusters that were tried; absent unless the number was chosen automatically.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub curve: Option<Vec<CurvePoint>>,
    /// The most promising numbers of clusters, best first; absent unless the number was chosen automatically.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub proposals: Option<Vec<usize>>,
}

impl Clustering {
    /// The cluster with this id.
    pub fn cluster(&self, id: u32) -> Option<&Cluster> {
        let index = self.clusters.binary_search_by_key(&id, |cluster| cluster.id).ok()?;
        self.clusters.get(index)
    }

    /// The index among the items of the image at `path`.
    pub fn index_of(&self, path: &str) -> Option<usize> {
        self.items.binary_search_by(|item| item.path.as_str().cmp(path)).ok()
    }

    /// The item of the image at `path`.
    pub fn item(&self, path: &str) -> Option<&Assignment> {
        self.items.get(self.index_of(path)?)
    }
}

/// Quality scores of a clustering as a whole.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Scores {
    /// The Davies-Bouldin index: at least 0, lower is better.
    pub davies_bouldin: Option<f64>,
    /// The Calinski-Harabasz index: at least 0, higher is better.
    pub calinski_harabasz: Option<f64>,
    /// Whether silhouettes were computed on a sample of the images.
    pub sampled: bool,
    /// Normalised mutual information with the folders, from 0 to 1; absent if the images came in fewer than two folders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nmi: Option<f64>,
    /// Adjusted Rand index with the folders, at most 1; absent if the images came in fewer than two folders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ari: Option<f64>,
    /// The share of images in the cluster that best matches their folder, from 0 to 1; absent if the images came in fewer than
    /// two folders, or in several hundred that are in as many clusters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// The overlap of folders and clusters; absent if the images came in fewer than two folders.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub confusion: Option<Confusion>,
}

/// The number of images of each class in each cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Confusion {
    /// The classes: the folders that the images came in.
    pub classes: Vec<String>,
    /// The numbers of images, shape `[classes, clusters]`, clusters in id order.
    pub counts: Vec<Vec<u32>>,
    /// The number of each class's images that are in no cluster, shape `[classes]`.
    #[serde(default, rename = "unsorted")]
    pub unassigned: Vec<u32>,
}

/// An image's place in a clustering.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Assignment {
    /// The image's path.
    pub path: String,
    /// The cluster's id; `None` if the image is in no cluster.
    pub cluster: Option<u32>,
    /// The silhouette, from -1 to 1.
    pub silhouette: Option<f32>,
    /// The distance to the cluster's centre.
    pub distance: Option<f32>,
    /// The nearest other cluster, by mean distance to its images as for the silhouette.
    #[serde(default)]
    pub next_cluster: Option<u32>,
    /// Whether the image is pinned: the next clustering leaves it where it is.
    #[serde(default)]
    pub locked: bool,
    /// The coordinates on the first three principal components.
    pub pca: [f32; 3],
    /// When and with what the image was taken; absent if its file does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture: Option<Capture>,
}

impl Assignment {
    /// Whether the image is closer to another cluster than to its own. Pinned images are never doubtful.
    pub fn is_doubtful(&self) -> bool {
        !self.locked && self.cluster.is_some() && self.silhouette.is_some_and(|silhouette| silhouette < 0.0)
    }
}

/// A cluster of a clustering.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct Cluster {
    /// The id, never used for another cluster.
    pub id: u32,
    /// The name.
    pub name: String,
    /// Whether the name is a suggestion, derived from what the network recognises in the images.
    #[serde(default)]
    pub suggested: bool,
    /// Whether the cluster is locked: the next clustering leaves its images in it.
    #[serde(default)]
    pub locked: bool,
    /// The number of images.
    pub size: usize,
    /// The mean silhouette of the images that have one.
    pub silhouette: Option<f32>,
    /// The paths of the images nearest to the centre, nearest first.
    pub representatives: Vec<String>,
}

/// The mean silhouette for one number of clusters.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct CurvePoint {
    /// The number of clusters.
    pub k: usize,
    /// The mean silhouette.
    pub silhouette: Option<f32>,
}

/// The default name with this number, counted from 0: `Group 1` for 0.
pub fn default_name(number: u32) -> String {
    format!("{DEFAULT_NAME}{}", u64::from(number) + 1)
}

/// Whether a name is a default name.
pub fn is_default_name(name: &str) -> bool {
    let digits = name.strip_prefix(DEFAULT_NAME).unwrap_or_default();
    !digits.is_empty() && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
}
