//! From images to features.

use std::fs;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use ::shoal::backbones::Backbone;
use ::shoal::error::{Coded, OptionError};
use ::shoal::options::{FeatureKind, parse_size_px};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::PyDict;
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use shoal_kernels::CpuNet;
use shoal_native::NativeError;
use shoal_native::embedding::Embedding;
use shoal_native::network::Network;

use crate::arrays;
use crate::error::{at_index, exception, with_code};

/// A network that embeds images.
#[pyclass(frozen, module = "shoal")]
pub struct Embedder {
    network: Network,
    size_px: u32,
    pool: ThreadPool,
    /// Networks that no thread is using.
    nets: Mutex<Vec<CpuNet>>,
}

/// An image that was given.
#[derive(FromPyObject)]
enum Source {
    Bytes(PyBackedBytes),
    Path(PathBuf),
}

/// Why an image has no features.
enum Fault {
    Own { code: &'static str, message: String },
    Other(NativeError),
}

#[pymethods]
impl Embedder {
    #[new]
    #[pyo3(signature = (weights=None, model=None, size=None, threads=None))]
    fn new(
        py: Python<'_>,
        weights: Option<PathBuf>,
        model: Option<&str>,
        size: Option<u32>,
        threads: Option<NonZeroUsize>,
    ) -> PyResult<Self> {
        let failed = |error: NativeError| exception(py, &error);
        let model: Option<Backbone> =
            model.map(str::parse).transpose().map_err(|error: OptionError| exception(py, &error))?;
        let network = match (&weights, model) {
            (Some(weights), _) => Network::read(weights),
            (None, Some(model)) => Network::of(model),
            (None, None) => Network::best(),
        };
        let network = network.map_err(failed)?;
        if let Some(model) = model.filter(|model| *model != network.backbone()) {
            let message = format!("model is {model}, but the weights are those of {}", network.backbone());
            return Err(with_code(py, "weights-architecture", message));
        }
        let size_px = match size {
            Some(size) => parse_size_px(&size.to_string()).map_err(|error| exception(py, &error))?,
            None => network.backbone().descriptor().default_size_px,
        };
        let pool = ThreadPoolBuilder::new().num_threads(threads.map_or(0, NonZeroUsize::get)).build();
        let pool = pool.map_err(|error| with_code(py, "out-of-memory", error.to_string()))?;
        Ok(Self { network, size_px, pool, nets: Mutex::default() })
    }

    /// The features of images, one row each.
    fn embed<'py>(&self, py: Python<'py>, images: Vec<Bound<'py, PyAny>>) -> PyResult<Bound<'py, PyAny>> {
        let sources: Vec<Source> = images.iter().map(|image| image.extract()).collect::<PyResult<_>>()?;
        let rows: Vec<Result<Vec<f32>, Fault>> =
            py.detach(|| self.pool.install(|| sources.into_par_iter().map(|source| self.embed_one(source)).collect()));
        let mut values = Vec::with_capacity(rows.len() * self.dims());
        let shape = [rows.len(), self.dims()];
        for (index, row) in rows.into_iter().enumerate() {
            match row {
                Ok(row) => values.extend(row),
                Err(Fault::Own { code, message }) => return Err(at_index(py, index, code, &message)),
                Err(Fault::Other(error)) => return Err(exception(py, &error)),
            }
        }
        arrays::floats(py, &values, &shape)
    }

    /// The network's name.
    #[getter]
    fn model(&self) -> &'static str {
        self.network.backbone().name()
    }

    /// The side in pixels that images are resized to.
    #[getter]
    fn size(&self) -> u32 {
        self.size_px
    }

    /// The number of features of an image.
    #[getter]
    fn dims(&self) -> usize {
        self.network.columns(self.size_px, FeatureKind::Pooled)
    }

    /// How features are computed, as in the member `shoal.json` of a features file.
    #[getter]
    fn spec<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let spec = self.network.spec(self.size_px, FeatureKind::Pooled);
        let dict = PyDict::new(py);
        dict.set_item("format", ::shoal::archive::npz::FEATURES_FORMAT)?;
        dict.set_item("version", ::shoal::archive::npz::FEATURES_VERSION)?;
        dict.set_item("model", spec.model)?;
        dict.set_item("weightsSha256", spec.weights_sha256)?;
        dict.set_item("sizePx", spec.size_px)?;
        dict.set_item("features", "pooled")?;
        dict.set_item("preprocessing", spec.preprocessing)?;
        Ok(dict)
    }
}

impl Embedder {
    fn embed_one(&self, source: Source) -> Result<Vec<f32>, Fault> {
        let embedding =
            Embedding { network: &self.network, size_px: self.size_px, features: FeatureKind::Pooled, threads: None };
        let read;
        let bytes: &[u8] = match &source {
            Source::Bytes(bytes) => bytes,
            Source::Path(path) => {
                read = fs::read(path).map_err(|error| Fault::Own {
                    code: "file-unreadable",
                    message: format!("{} cannot be read: {error}", path.display()),
                })?;
                &read
            }
        };
        let idle = self.nets.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let mut net = idle.map_or_else(|| self.network.load(), Ok).map_err(Fault::Other)?;
        let features = embedding.embed_bytes(bytes, &mut net).map_err(Fault::Other)?;
        self.nets.lock().unwrap_or_else(PoisonError::into_inner).push(net);
        features.map_err(|error| Fault::Own { code: error.code(), message: error.to_string() })
    }
}
