//! The exception, with the stable code.

use ::shoal::error::Coded;
use pyo3::prelude::*;

pyo3::create_exception!(shoal, Error, pyo3::exceptions::PyException, "Something failed; `code` says what.");

/// An exception for an error of the pipeline.
pub fn exception(py: Python<'_>, error: &impl Coded) -> PyErr {
    with_code(py, error.code(), error.to_string())
}

/// An exception with a code and a message.
pub fn with_code(py: Python<'_>, code: &str, message: String) -> PyErr {
    let exception = Error::new_err(message);
    match exception.value(py).setattr("code", code) {
        Ok(()) => exception,
        Err(error) => error,
    }
}

/// An exception for the image at `index` of a list.
pub fn at_index(py: Python<'_>, index: usize, code: &str, message: &str) -> PyErr {
    let exception = with_code(py, code, format!("image {index}: {message}"));
    match exception.value(py).setattr("index", index) {
        Ok(()) => exception,
        Err(error) => error,
    }
}
