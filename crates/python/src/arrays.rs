//! NumPy's arrays, through its Python functions, so that one wheel fits all its versions.

use ::shoal::matrix::Matrix;
use pyo3::prelude::*;
use pyo3::types::{PyByteArray, PyBytes, PyDict};

/// A writable array of `values`, four bytes each, little-endian, with a type such as `<f4` and a shape.
fn array<'py>(py: Python<'py>, bytes: &[u8], dtype: &str, shape: &[usize]) -> PyResult<Bound<'py, PyAny>> {
    let flat = py.import("numpy")?.call_method1("frombuffer", (PyByteArray::new(py, bytes), dtype))?;
    flat.call_method1("reshape", (shape.to_vec(),))
}

/// A float32 array.
pub fn floats<'py>(py: Python<'py>, values: &[f32], shape: &[usize]) -> PyResult<Bound<'py, PyAny>> {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    array(py, &bytes, "<f4", shape)
}

/// An int32 array, shape `[n]`.
pub fn integers<'py>(py: Python<'py>, values: &[i32]) -> PyResult<Bound<'py, PyAny>> {
    let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
    array(py, &bytes, "<i4", &[values.len()])
}

/// The matrix in anything that NumPy can make a two-dimensional float32 array of; `None` for other shapes.
pub fn matrix(values: &Bound<'_, PyAny>) -> PyResult<Option<Matrix>> {
    let py = values.py();
    let options = PyDict::new(py);
    options.set_item("dtype", "<f4")?;
    let array = py.import("numpy")?.call_method("ascontiguousarray", (values,), Some(&options))?;
    let Ok((_, columns)) = array.getattr("shape")?.extract::<(usize, usize)>() else { return Ok(None) };
    let bytes = array.call_method0("tobytes")?;
    let bytes = bytes.cast::<PyBytes>()?.as_bytes();
    let values = bytes.as_chunks().0.iter().map(|value| f32::from_le_bytes(*value)).collect();
    Ok(Matrix::from_rows(values, columns).ok())
}
