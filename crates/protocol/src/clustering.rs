//! Finding and evaluating clusters, and finding the nearest cluster.

use js_sys::{Float32Array, Uint32Array};
use serde::{Deserialize, Serialize};
use shoal::options::ClusterMethod;

use crate::{MatrixId, requests};

requests! {
    Fit = "fit" -> Vec<Fitted>;
    Silhouettes = "silhouettes" -> RowSilhouettes;
    Evaluate = "evaluate" -> ClusterEvaluation;
    FindNearestClusters = "findNearestClusters" -> NearestClusters;
}

/// Runs a clustering method once for every number of clusters.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Fit {
    /// The points, shape `[n, d]`.
    pub matrix: MatrixId,
    /// The method.
    pub method: ClusterMethod,
    /// The numbers of clusters; empty if the method finds the number.
    pub counts: Vec<usize>,
    /// Seed of the random numbers.
    pub seed: u32,
    /// Which of the restarts this is.
    pub restart: u32,
    /// The fewest rows of a cluster, for methods that have such a limit; `None` derives it from the number of rows.
    pub min_cluster_size: Option<usize>,
    /// The clusters of rows that are pinned, shape `[n]`, [`crate::NO_CLUSTER`] for a row that is not pinned; empty if none is.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub pinned: Uint32Array,
}

/// The clusters that one run of a method found for one number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fitted {
    /// How many clusters there are.
    pub k: usize,
    /// Every row's cluster, shape `[n]`, [`crate::NO_CLUSTER`] for a row in none.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub labels: Uint32Array,
    /// The cost by which restarts are compared; lower is better.
    pub cost: f64,
}

/// Computes the silhouettes of some rows in several labelings.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Silhouettes {
    /// The points, shape `[n, d]`.
    pub matrix: MatrixId,
    /// The first row.
    pub first_row: usize,
    /// One past the last row.
    pub end_row: usize,
    /// The labels of all rows in each labeling, shape `[labelings, n]`, [`crate::NO_CLUSTER`] for a row in no cluster.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub labels: Uint32Array,
    /// The rows to compare with; empty compares with all.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub references: Uint32Array,
}

/// Silhouettes of some rows in each labeling.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RowSilhouettes {
    /// The silhouettes, shape `[labelings, rows]`, from -1 to 1; NaN where a row has none.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub values: Float32Array,
    /// The nearest cluster other than a row's own, shape `[labelings, rows]`; [`crate::NO_CLUSTER`] where there is none.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub nearest_others: Uint32Array,
}

/// Evaluates clusters as a whole.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Evaluate {
    /// The points, shape `[n, d]`.
    pub matrix: MatrixId,
    /// How many clusters there are.
    pub k: usize,
    /// How many representatives of each cluster to return.
    pub representatives: usize,
    /// The labels, shape `[n]`, [`crate::NO_CLUSTER`] for a row in no cluster.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub labels: Uint32Array,
}

/// Scores of clusters as a whole.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClusterEvaluation {
    /// Davies-Bouldin index, if it is defined.
    pub davies_bouldin: Option<f64>,
    /// Calinski-Harabasz index, if it is defined.
    pub calinski_harabasz: Option<f64>,
    /// Sum of squared distances to the centres.
    pub inertia: f64,
    /// The rows nearest to each cluster's centre, nearest first.
    pub representatives: Vec<Vec<usize>>,
    /// Each row's distance to the centre of its cluster, shape `[n]`; NaN for a row in no cluster.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub distances: Float32Array,
}

/// Finds the nearest cluster of some rows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FindNearestClusters {
    /// The points, shape `[n, d]`.
    pub matrix: MatrixId,
    /// How many clusters there are.
    pub k: usize,
    /// The labels of all rows, shape `[n]`, [`crate::NO_CLUSTER`] for a row in no cluster.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub labels: Uint32Array,
    /// The rows, shape `[m]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub rows: Uint32Array,
}

/// The nearest clusters of some rows.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct NearestClusters {
    /// The clusters, shape `[m]`; [`crate::NO_CLUSTER`] where there is none.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub clusters: Uint32Array,
    /// The cosines with the clusters' centres, shape `[m]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    pub cosines: Float32Array,
}
