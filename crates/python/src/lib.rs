//! The Python package `shoal`: an embedder, clustering, and one exception. Types and documentation are in `shoal.pyi`.
//!
//! | file | what |
//! | --- | --- |
//! | `embedder` | from images to features |
//! | `clusters` | from features to clusters |
//! | `arrays` | NumPy's arrays |
//! | `error` | the exception, with the stable code |

#![cfg(not(target_family = "wasm"))]

mod arrays;
mod clusters;
mod embedder;
mod error;

use pyo3::prelude::*;

/// Features and clusters of images.
#[pymodule]
fn shoal(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("Error", module.py().get_type::<error::Error>())?;
    module.add_class::<embedder::Embedder>()?;
    module.add_class::<clusters::Clustering>()?;
    module.add_function(wrap_pyfunction!(clusters::cluster, module)?)
}
