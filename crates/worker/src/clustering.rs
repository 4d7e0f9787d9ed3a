//! Handlers that find and evaluate clusters.

use js_sys::{Float32Array, Uint32Array};
use shoal::cluster;
use shoal::cluster::methods::{Fit as MethodFit, FitInput};
use shoal::cluster::silhouette::silhouettes_of_labelings;
use shoal_browser::api_error::ApiError;
use shoal_browser::worker_scope::Handle;
use shoal_protocol::{
    ClusterEvaluation, Evaluate, FindNearestClusters, Fit, Fitted, NearestClusters, RowSilhouettes, Silhouettes,
    labels_from_wire, labels_to_wire,
};

use crate::WorkerState;

impl Handle<Fit> for WorkerState {
    async fn handle(&self, request: Fit) -> Result<Vec<Fitted>, ApiError> {
        let Fit { matrix, method, counts, seed, restart, min_cluster_size, pinned } = request;
        let (matrices, pinned) = (self.matrices.borrow(), labels_from_wire(pinned.to_vec()));
        let points = matrices.get(matrix)?;
        let input = FitInput { points, k: None, seed, restart, pinned: &pinned, min_cluster_size };
        let fits = if counts.is_empty() { vec![method.fit(&input)?] } else { method.fit_counts(&input, &counts)? };
        let fitted = |fit: MethodFit| Fitted { k: fit.k, labels: labels_array(&fit.labels), cost: fit.cost };
        Ok(fits.into_iter().map(fitted).collect())
    }
}

impl Handle<Silhouettes> for WorkerState {
    async fn handle(&self, request: Silhouettes) -> Result<RowSilhouettes, ApiError> {
        let Silhouettes { matrix, first_row, end_row, labels, references } = request;
        let labels = labels_from_wire(labels.to_vec());
        let references = Some(references.to_vec()).filter(|rows| !rows.is_empty());
        let matrices = self.matrices.borrow();
        let rows = first_row..end_row;
        let points = matrices.get(matrix)?;
        let labelings: Vec<&[Option<u32>]> = labels.chunks(points.rows().max(1)).collect();
        let found = silhouettes_of_labelings(points, &labelings, rows, references.as_deref())?.concat();
        let values: Vec<f32> = found.iter().map(|one| one.value).collect();
        let nearest_others: Vec<Option<u32>> = found.iter().map(|one| one.nearest_other).collect();
        Ok(RowSilhouettes {
            values: Float32Array::from(values.as_slice()),
            nearest_others: labels_array(&nearest_others),
        })
    }
}

impl Handle<Evaluate> for WorkerState {
    async fn handle(&self, request: Evaluate) -> Result<ClusterEvaluation, ApiError> {
        let Evaluate { matrix, k, representatives, labels } = request;
        let labels = labels_from_wire(labels.to_vec());
        let found = cluster::evaluate::evaluate(self.matrices.borrow().get(matrix)?, &labels, k, representatives)?;
        Ok(ClusterEvaluation {
            davies_bouldin: found.davies_bouldin,
            calinski_harabasz: found.calinski_harabasz,
            inertia: found.inertia,
            representatives: found.representatives,
            distances: Float32Array::from(found.distances.as_slice()),
        })
    }
}

impl Handle<FindNearestClusters> for WorkerState {
    async fn handle(&self, request: FindNearestClusters) -> Result<NearestClusters, ApiError> {
        let FindNearestClusters { matrix, k, labels, rows } = request;
        let labels = labels_from_wire(labels.to_vec());
        let rows: Vec<usize> = rows.to_vec().into_iter().map(|row| row as usize).collect();
        let found = cluster::join::nearest_clusters(self.matrices.borrow().get(matrix)?, &labels, k, &rows)?;
        let nearest: Vec<Option<u32>> = found.iter().map(|one| one.map(|(cluster, _)| cluster)).collect();
        let cosines: Vec<f32> = found.iter().map(|one| one.map_or(0.0, |(_, cosine)| cosine)).collect();
        Ok(NearestClusters { clusters: labels_array(&nearest), cosines: Float32Array::from(cosines.as_slice()) })
    }
}

fn labels_array(labels: &[Option<u32>]) -> Uint32Array {
    Uint32Array::from(labels_to_wire(labels).as_slice())
}
