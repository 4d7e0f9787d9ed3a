//! From features to the points that are grouped, and to the places where they are plotted.

pub mod umap;

mod eigen;
mod pca;
mod product;

use crate::cluster::ClusterError;
use crate::cluster::check_finite;
use crate::matrix::Matrix;
use crate::recipe::Recipe;

/// The most dimensions that the spherical recipe keeps.
const MOST_DIMENSIONS: usize = 32;
/// The most dimensions in which UMAP's recipe looks for neighbours.
const MOST_UMAP_DIMENSIONS: usize = 64;
/// How many components are plotted.
const PLOTTED: usize = 3;

/// Features made ready.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// The points to group: shape `[n, min(32, d, n - 1)]`, at least one column, each row of length 1 or 0, for the
    /// spherical recipe; the features themselves, `[n, d]`, for the plain one. For UMAP's recipe what [`umap`] is to run on:
    /// shape `[n, min(64, d, n - 1)]`, at least one column.
    pub points: Matrix,
    /// The points by which groups are judged where those are not [`Self::points`], as with UMAP, whose distances mean little:
    /// what the spherical recipe groups.
    pub evaluated: Option<Matrix>,
    /// The first principal components of the recipe's features before their reduction, shape `[n, 3]`. Each component's
    /// largest loading is positive; what is missing is 0.
    pub pca3: Matrix,
    /// The share of the total variance, 0 to 1, that each of these components explains; `None` for one that is missing, for
    /// want of rows, columns or variance.
    pub explained: [Option<f32>; PLOTTED],
    /// The share of the total variance, 0 to 1, that all components explain which the recipe keeps; `None` where it keeps
    /// none: for the plain recipe, and where rows have no variance.
    pub variance_kept: Option<f32>,
}

/// Applies `recipe` to `features`, shape `[n, d]`.
///
/// Spherical: the square root of every value (only when no value at all is negative), every row to length 1 (zeros stay),
/// PCA, every row to length 1 again. Rows and components no larger than what an `f32` rounds off count as zero. For UMAP the
/// same up to the PCA, which keeps more; the components keep their lengths.
///
/// # Errors
/// [`ClusterError::NoRows`] without rows, [`ClusterError::NotFinite`].
///
/// # Examples
/// ```
/// use shoal::matrix::Matrix;
/// use shoal::options::Recipe;
/// use shoal::reduce::prepare;
///
/// let features = Matrix::from_rows(vec![1.0, 0.0, 0.0, 2.0, 3.0, 0.0], 2)?;
/// let prepared = prepare(&features, Recipe::Spherical)?;
/// // Of the same direction, the first and the third become the same point.
/// assert_eq!(prepared.points.row(0), prepared.points.row(2));
/// // They lie on a line, which one component explains.
/// assert_eq!(prepared.explained[0], Some(1.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn prepare(features: &Matrix, recipe: Recipe) -> Result<Prepared, ClusterError> {
    prepare_owned(features.clone(), recipe)
}

/// [`prepare`] for whoever needs the features no longer: a folder's may fill much of a worker's memory.
///
/// # Errors
/// As [`prepare`].
pub fn prepare_owned(features: Matrix, recipe: Recipe) -> Result<Prepared, ClusterError> {
    if features.rows() == 0 {
        return Err(ClusterError::NoRows);
    }
    check_finite(&features)?;
    match recipe {
        Recipe::Spherical => {
            let pca = fit(spherical(features), MOST_DIMENSIONS);
            let (pca3, explained) = plotted(&pca);
            let variance_kept = kept(&pca);
            let mut points = pca.scores;
            normalise_rows(&mut points, pca.noise);
            Ok(Prepared { points, evaluated: None, pca3, explained, variance_kept })
        }
        Recipe::Plain => {
            let (pca3, explained) = plotted(&fit(features.clone(), PLOTTED));
            Ok(Prepared { points: features, evaluated: None, pca3, explained, variance_kept: None })
        }
        Recipe::Umap => {
            let pca = fit(spherical(features), MOST_UMAP_DIMENSIONS);
            let (pca3, explained) = plotted(&pca);
            let variance_kept = kept(&pca);
            let mut evaluated = first_columns(&pca.scores, MOST_DIMENSIONS.min(pca.scores.columns()));
            normalise_rows(&mut evaluated, pca.noise);
            Ok(Prepared { points: pca.scores, evaluated: Some(evaluated), pca3, explained, variance_kept })
        }
    }
}

/// The principal components of `features`, up to `most` of them.
fn fit(features: Matrix, most: usize) -> pca::Pca {
    let rank = most.min(features.columns()).min(features.rows() - 1);
    pca::fit(features, rank)
}

/// The share of the variance that all components explain together.
fn kept(pca: &pca::Pca) -> Option<f32> {
    let shares: Vec<f64> = pca.explained.iter().copied().flatten().collect();
    (!shares.is_empty()).then(|| shares.iter().sum::<f64>().min(1.0) as f32)
}

fn spherical(mut features: Matrix) -> Matrix {
    if features.values().iter().all(|&value| value >= 0.0) {
        for value in features.values_mut() {
            *value = value.sqrt();
        }
    }
    normalise_rows(&mut features, 0.0);
    features
}

/// Brings every row to length 1; one no longer than `noise` to 0, since its direction says nothing.
fn normalise_rows(matrix: &mut Matrix, noise: f64) {
    for row in 0..matrix.rows() {
        let row = matrix.row_mut(row);
        let length = row.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt();
        for value in row {
            *value = if length > noise { (f64::from(*value) / length) as f32 } else { 0.0 };
        }
    }
}

fn plotted(pca: &pca::Pca) -> (Matrix, [Option<f32>; PLOTTED]) {
    let mut explained = [None; PLOTTED];
    for (share, &found) in explained.iter_mut().zip(&pca.explained) {
        *share = found.map(|share| share as f32);
    }
    (first_columns(&pca.scores, PLOTTED), explained)
}

/// The first `columns` columns; zeros where there are not so many.
fn first_columns(matrix: &Matrix, columns: usize) -> Matrix {
    let mut first = Matrix::zeros(matrix.rows(), columns);
    for row in 0..matrix.rows() {
        for (target, &value) in first.row_mut(row).iter_mut().zip(matrix.row(row)) {
            *target = value;
        }
    }
    first
}
