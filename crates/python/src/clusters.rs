//! From features to clusters.

use std::num::NonZeroU32;

use ::shoal::error::OptionError;
use ::shoal::options::{ClusterCount, ClusterMethod, ClusterOptions, DEFAULT_RESTARTS, Recipe};
use pyo3::prelude::*;
use shoal_native::clustering::{self, Found};
use shoal_native::{NativeError, Silent};

use crate::arrays;
use crate::error::{exception, with_code};

/// A number of clusters, or `"auto"`.
#[derive(FromPyObject)]
pub enum Count {
    Number(usize),
    Word(String),
}

/// Images in clusters.
#[pyclass(frozen, module = "shoal")]
pub struct Clustering(Found);

#[pymethods]
impl Clustering {
    /// The number of clusters.
    #[getter]
    fn k(&self) -> usize {
        self.0.k
    }

    /// Each row's cluster, or -1 for an outlier.
    #[getter]
    fn labels<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let labels = self.0.labels.iter().map(|label| label.and_then(|label| i32::try_from(label).ok()).unwrap_or(-1));
        arrays::integers(py, &labels.collect::<Vec<_>>())
    }

    /// Each row's silhouette, from -1 to 1, or NaN.
    #[getter]
    fn silhouettes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let values: Vec<f32> = self.0.silhouettes.iter().map(|one| one.value).collect();
        arrays::floats(py, &values, &[values.len()])
    }

    /// The mean silhouette for every k that was tried; `None` unless k was chosen automatically.
    #[getter]
    fn curve(&self) -> Option<Vec<(usize, Option<f32>)>> {
        Some(self.0.curve.as_ref()?.iter().map(|point| (point.k, point.silhouette)).collect())
    }

    /// Other good values of k, best first; `None` unless k was chosen automatically.
    #[getter]
    fn proposals(&self) -> Option<Vec<usize>> {
        self.0.proposals.clone()
    }
}

/// Clusters features, one row per image in path order.
#[pyfunction]
#[pyo3(
    signature = (features, k=None, seed=0, recipe=None, method="kmeans", restarts=None, min_cluster_size=None),
    text_signature = "(features, k='auto', seed=0, recipe=None, method='kmeans', restarts=10, min_cluster_size=None)",
)]
#[allow(clippy::too_many_arguments)]
pub fn cluster(
    py: Python<'_>,
    features: &Bound<'_, PyAny>,
    k: Option<Count>,
    seed: u32,
    recipe: Option<&str>,
    method: &str,
    restarts: Option<NonZeroU32>,
    min_cluster_size: Option<usize>,
) -> PyResult<Clustering> {
    let refused = |error: OptionError| exception(py, &error);
    let options = ClusterOptions {
        k: match k {
            Some(Count::Number(k)) => ClusterCount::Fixed(k),
            Some(Count::Word(word)) => word.parse().map_err(refused)?,
            None => ClusterCount::Auto,
        },
        seed,
        restarts: restarts.map_or(DEFAULT_RESTARTS, NonZeroU32::get),
        recipe: recipe.map(str::parse::<Recipe>).transpose().map_err(refused)?,
        method: method.parse::<ClusterMethod>().map_err(refused)?,
        min_cluster_size,
    };
    let Some(features) = arrays::matrix(features)? else {
        return Err(with_code(py, "features-shape", "features must have the shape [n, d]".into()));
    };
    let found = py.detach(|| clustering::cluster(features, &options, &Silent));
    found.map(Clustering).map_err(|error: NativeError| exception(py, &error))
}
