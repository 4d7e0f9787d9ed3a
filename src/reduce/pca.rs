//! Principal component analysis by the eigenvectors of the smaller Gram matrix, that of the rows or of the columns.

use super::eigen::{Eigen, Symmetric, combine, iterate, largest};
use super::product::{Dense, Wide};
use crate::matrix::Matrix;

/// Rows or columns that are converted to double precision at a time.
const PANEL: usize = 256;
/// The maximum number of rows or columns for which the Gram matrix is formed. Above, it would cost more than the iteration
/// that uses it.
const FORMED_SIZE: usize = 2048;
/// The number of columns from which their Gram matrix is formed in single precision, with the rounding corrected afterwards.
/// Fewer columns are fast enough in double precision.
const SINGLE_COLUMNS: usize = 256;

/// The principal components of a matrix.
#[derive(Clone, Debug)]
pub struct Pca {
    /// The rows' scores on the components, shape `[n, max(rank, 1)]`; 0 for a missing component. The largest loading of each
    /// component is positive.
    pub scores: Matrix,
    /// The share of the total variance that each component explains, shape `[rank]`; `None` for a missing one.
    pub explained: Vec<Option<f64>>,
    /// The length up to which a difference between rows may be due to rounding.
    pub noise: f64,
}

/// The first `rank` principal components of `matrix`, shape `[n, d]`, all finite; `rank` is below `n` and at most `d`.
pub fn fit(mut matrix: Matrix, rank: usize) -> Pca {
    let n = matrix.rows();
    let mean_square = squares(&matrix) / n as f64;
    // Twice the rounding of an `f32`: once for this computation, once for the input.
    let noise = 2.0 * f64::from(f32::EPSILON) * mean_square.sqrt();
    let scale = centre(&mut matrix);
    let total = squares(&matrix);
    let mut pca = Pca { scores: Matrix::zeros(n, rank.max(1)), explained: vec![None; rank], noise };
    if rank == 0 || scale == 0.0 {
        return pca;
    }
    let (values, mut loadings) = components(&matrix, rank);
    let least = n as f64 * (noise / scale).powi(2);
    for (component, value) in values.iter().enumerate() {
        let row = loadings.row_mut(component);
        if *value <= least {
            row.fill(0.0);
            continue;
        }
        pca.explained[component] = Some((value / total).min(1.0));
        let mut largest = 0.0_f64;
        for &loading in row.iter() {
            if loading.abs() > largest.abs() {
                largest = loading;
            }
        }
        if largest < 0.0 {
            row.iter_mut().for_each(|loading| *loading = -*loading);
        }
    }
    for first in (0..n).step_by(PANEL) {
        let panel = rows_panel(&matrix, first);
        let mut scores = Wide::zeros(panel.rows(), rank);
        scores.add_product(&panel, &loadings);
        for row in 0..panel.rows() {
            for (score, wide) in pca.scores.row_mut(first + row).iter_mut().zip(scores.row(row)) {
                *score = (wide * scale).clamp(f64::from(f32::MIN), f64::from(f32::MAX)) as f32;
            }
        }
    }
    pca
}

/// The sum of the squares of all values.
fn squares(matrix: &Matrix) -> f64 {
    matrix.values().iter().map(|&value| f64::from(value).powi(2)).sum()
}

/// Subtracts the column means and divides by the largest absolute difference, so that nothing can overflow afterwards. Returns
/// that difference.
fn centre(matrix: &mut Matrix) -> f64 {
    let n = matrix.rows();
    let mut means = vec![0.0_f64; matrix.columns()];
    for row in 0..n {
        for (mean, &value) in means.iter_mut().zip(matrix.row(row)) {
            *mean += f64::from(value);
        }
    }
    means.iter_mut().for_each(|mean| *mean /= n as f64);
    let mut scale = 0.0_f64;
    for row in 0..n {
        for (&value, mean) in matrix.row(row).iter().zip(&means) {
            scale = scale.max((f64::from(value) - mean).abs());
        }
    }
    if scale > 0.0 {
        for row in 0..n {
            for (value, mean) in matrix.row_mut(row).iter_mut().zip(&means) {
                *value = ((f64::from(*value) - mean) / scale) as f32;
            }
        }
    }
    scale
}

/// The largest eigenvalues of the columns' Gram matrix, shape `[rank]`, and their eigenvectors, shape `[rank, d]`.
fn components(matrix: &Matrix, rank: usize) -> (Vec<f64>, Wide) {
    let (n, columns) = (matrix.rows(), matrix.columns());
    if n.min(columns) > FORMED_SIZE {
        let Eigen { values, vectors } = iterate(&ColumnProducts(matrix), rank);
        return (values, vectors);
    }
    if columns <= n {
        let products = column_products(matrix);
        let Eigen { values, vectors } = largest(&products, rank);
        return if columns < SINGLE_COLUMNS { (values, vectors) } else { refined(matrix, &vectors) };
    }
    let mut products = Wide::zeros(n, n);
    for first in (0..columns).step_by(PANEL) {
        products.add_own_product(&columns_panel(matrix, first));
    }
    products.mirror();
    let Eigen { values, vectors } = largest(&products, rank);
    (values, loadings(matrix, &vectors))
}

/// The Gram matrix of the columns, shape `[d, d]`.
fn column_products(matrix: &Matrix) -> Wide {
    let columns = matrix.columns();
    let mut products = Wide::zeros(columns, columns);
    for first in (0..matrix.rows()).step_by(PANEL) {
        if columns < SINGLE_COLUMNS {
            products.add_own_product(&rows_panel(matrix, first).transposed());
        } else {
            let end = (first + PANEL).min(matrix.rows());
            let values = matrix.values()[first * columns..end * columns].to_vec();
            products.add_own_product_f32(&Dense { values, columns }.transposed());
        }
    }
    products.mirror();
    products
}

/// Refines eigenvectors of the columns' Gram matrix, shape `[rank, d]`, that are exact up to single precision: a Rayleigh-Ritz
/// step in double precision, which squares the error of the eigenvalues.
fn refined(matrix: &Matrix, vectors: &Wide) -> (Vec<f64>, Wide) {
    let mut projected = Wide::zeros(vectors.rows(), vectors.rows());
    for first in (0..matrix.rows()).step_by(PANEL) {
        let panel = rows_panel(matrix, first);
        let mut images = Wide::zeros(vectors.rows(), panel.rows());
        images.add_product(vectors, &panel);
        projected.add_own_product(&images);
    }
    projected.mirror();
    let Eigen { values, vectors: weights } = largest(&projected, vectors.rows());
    (values, combine(&weights, vectors))
}

/// Converts eigenvectors of the rows' Gram matrix, shape `[rank, n]`, to those of the columns', shape `[rank, d]`.
fn loadings(matrix: &Matrix, vectors: &Wide) -> Wide {
    let mut loadings = Wide::zeros(vectors.rows(), matrix.columns());
    for first in (0..matrix.columns()).step_by(PANEL) {
        let panel = columns_panel(matrix, first).transposed();
        let mut part = Wide::zeros(vectors.rows(), panel.rows());
        part.add_product(vectors, &panel);
        for row in 0..part.rows() {
            loadings.row_mut(row)[first..first + part.columns].copy_from_slice(part.row(row));
        }
    }
    for row in 0..loadings.rows() {
        let row = loadings.row_mut(row);
        let length = row.iter().map(|value| value * value).sum::<f64>().sqrt();
        row.iter_mut().for_each(|value| *value = if length > 0.0 { *value / length } else { 0.0 });
    }
    loadings
}

/// The Gram matrix of a centred matrix's columns, shape `[d, d]`, as an operator that is never formed.
struct ColumnProducts<'a>(&'a Matrix);

impl Symmetric for ColumnProducts<'_> {
    fn size(&self) -> usize {
        self.0.columns()
    }

    fn apply(&self, vectors: &Wide) -> Wide {
        let mut image = Wide::zeros(vectors.rows(), self.0.columns());
        for first in (0..self.0.rows()).step_by(PANEL) {
            let panel = rows_panel(self.0, first);
            let mut scores = Wide::zeros(vectors.rows(), panel.rows());
            scores.add_product(vectors, &panel);
            image.add_product(&scores, &panel.transposed());
        }
        image
    }
}

/// Up to [`PANEL`] rows from `first` on, in double precision.
fn rows_panel(matrix: &Matrix, first: usize) -> Wide {
    let end = (first + PANEL).min(matrix.rows());
    let values = matrix.values()[first * matrix.columns()..end * matrix.columns()].iter().map(|&value| value.into());
    Wide { values: values.collect(), columns: matrix.columns() }
}

/// Up to [`PANEL`] columns from `first` on, in double precision.
fn columns_panel(matrix: &Matrix, first: usize) -> Wide {
    let end = (first + PANEL).min(matrix.columns());
    let values = (0..matrix.rows()).flat_map(|row| matrix.row(row)[first..end].iter().map(|&value| value.into()));
    Wide { values: values.collect(), columns: end - first }
}
