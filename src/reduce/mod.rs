//! Feature transforms: from features to the points that are clustered and plotted.

pub mod smooth;
pub mod umap;

mod eigen;
mod pca;
mod product;

use crate::cluster::{ClusterError, check_finite};
use crate::matrix::Matrix;
use crate::recipe::Recipe;

/// The maximum number of components of the spherical recipe.
const SPHERICAL_COMPONENTS: usize = 32;
/// The maximum number of components for the recipes that search for neighbours.
const NEIGHBOUR_COMPONENTS: usize = 64;
/// The number of components that are plotted.
const PLOTTED: usize = 3;

/// The result of [`prepare`].
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// The points, with at least one column.
    ///
    /// Spherical: the points to cluster, shape `[n, min(32, d, n - 1)]`, each row of length 1 or 0. Plain: the features
    /// themselves, `[n, d]`. Smooth: the input of [`smooth`], shape `[n, min(64, d, n - 1)]`, each row of length 1 or 0. Umap:
    /// the input of [`umap`], of the same shape, with scores of any length.
    pub points: Matrix,
    /// The points by which clusters are evaluated, if they are not [`Self::points`]: those of the spherical recipe, because
    /// distances in a UMAP layout or after smoothing mean little.
    pub evaluated: Option<Matrix>,
    /// The first principal components of the features before the reduction, shape `[n, 3]`. The largest loading of each
    /// component is positive; a missing component is 0.
    pub pca3: Matrix,
    /// The share of the total variance, 0 to 1, that each of these components explains; `None` for a component that is missing
    /// for lack of rows, columns or variance.
    pub explained: [Option<f32>; PLOTTED],
    /// The share of the total variance, 0 to 1, that the components of [`Self::points`] explain together; `None` for the plain
    /// recipe, and if the rows have no variance.
    pub variance_kept: Option<f32>,
}

/// Applies `recipe` to `features`, shape `[n, d]`.
///
/// Spherical: the square root of every value (unless any value is negative), rows to length 1 (zeros stay), PCA, rows to
/// length 1. Rows and components within the rounding of an `f32` count as zero. Smooth: the same with more components, before
/// the smoothing. Umap: the same with more components, whose scores keep their lengths, before the layout.
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
/// // The first and the third row have the same direction, hence the same point.
/// assert_eq!(prepared.points.row(0), prepared.points.row(2));
/// // The points lie on a line, which one component explains.
/// assert_eq!(prepared.explained[0], Some(1.0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn prepare(features: &Matrix, recipe: Recipe) -> Result<Prepared, ClusterError> {
    prepare_owned(features.clone(), recipe)
}

/// [`prepare`] without a copy of the features, which may fill much of a worker's memory.
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
            let pca = fit(spherical(features), SPHERICAL_COMPONENTS);
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
        Recipe::Smooth | Recipe::Umap => {
            let pca = fit(spherical(features), NEIGHBOUR_COMPONENTS);
            let (pca3, explained) = plotted(&pca);
            let variance_kept = kept(&pca);
            let mut evaluated = first_columns(&pca.scores, SPHERICAL_COMPONENTS.min(pca.scores.columns()));
            normalise_rows(&mut evaluated, pca.noise);
            let mut points = pca.scores;
            if recipe == Recipe::Smooth {
                normalise_rows(&mut points, pca.noise);
            }
            Ok(Prepared { points, evaluated: Some(evaluated), pca3, explained, variance_kept })
        }
    }
}

/// Up to `most` principal components of `features`.
fn fit(features: Matrix, most: usize) -> pca::Pca {
    let rank = most.min(features.columns()).min(features.rows() - 1);
    pca::fit(features, rank)
}

/// The share of the variance that all components explain together; `None` without variance.
fn kept(pca: &pca::Pca) -> Option<f32> {
    let shares: Vec<f64> = pca.explained.iter().copied().flatten().collect();
    (!shares.is_empty()).then(|| shares.iter().sum::<f64>().min(1.0) as f32)
}

/// The square root of every value, unless any is negative, and rows to length 1.
fn spherical(mut features: Matrix) -> Matrix {
    if features.values().iter().all(|&value| value >= 0.0) {
        for value in features.values_mut() {
            *value = value.sqrt();
        }
    }
    normalise_rows(&mut features, 0.0);
    features
}

/// Scales every row to length 1, or to 0 if it is no longer than `noise`, where its direction is arbitrary.
fn normalise_rows(matrix: &mut Matrix, noise: f64) {
    for row in 0..matrix.rows() {
        let row = matrix.row_mut(row);
        let length = row.iter().map(|&value| f64::from(value).powi(2)).sum::<f64>().sqrt();
        for value in row {
            *value = if length > noise { (f64::from(*value) / length) as f32 } else { 0.0 };
        }
    }
}

/// The components to plot and the share of the variance that each explains.
fn plotted(pca: &pca::Pca) -> (Matrix, [Option<f32>; PLOTTED]) {
    let mut explained = [None; PLOTTED];
    for (share, &found) in explained.iter_mut().zip(&pca.explained) {
        *share = found.map(|share| share as f32);
    }
    (first_columns(&pca.scores, PLOTTED), explained)
}

/// The first `columns` columns, padded with zeros.
fn first_columns(matrix: &Matrix, columns: usize) -> Matrix {
    let mut first = Matrix::zeros(matrix.rows(), columns);
    for row in 0..matrix.rows() {
        for (target, &value) in first.row_mut(row).iter_mut().zip(matrix.row(row)) {
            *target = value;
        }
    }
    first
}
