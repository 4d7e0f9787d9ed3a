//! From features to the points that are grouped, and to the places where they are plotted.

pub mod umap;

mod eigen;
mod pca;
mod product;

use crate::cluster::check_finite;
use crate::error::ClusterError;
use crate::matrix::Matrix;
use crate::options::Recipe;

/// The most dimensions that the spherical recipe keeps.
const MOST_DIMENSIONS: usize = 32;
/// How many components are plotted.
const PLOTTED: usize = 3;

/// Features made ready.
#[derive(Clone, Debug, PartialEq)]
pub struct Prepared {
    /// The points to group: shape `[n, min(32, d, n - 1)]`, at least one column, each row of length 1 or 0, for the
    /// spherical recipe; the features themselves, `[n, d]`, for the plain one.
    pub points: Matrix,
    /// The first principal components of the recipe's features before their reduction, shape `[n, 3]`. Each component's
    /// largest loading is positive; what is missing is 0.
    pub pca3: Matrix,
    /// The share of the total variance, 0 to 1, that each of these components explains; `None` for one that is missing, for
    /// want of rows, columns or variance.
    pub explained: [Option<f32>; PLOTTED],
}

/// Applies `recipe` to `features`, shape `[n, d]`.
///
/// Spherical: the square root of every value (only when no value at all is negative), every row to length 1 (zeros stay),
/// PCA, every row to length 1 again. Rows and components no larger than what an `f32` rounds off count as zero.
///
/// # Errors
/// [`ClusterError::NoPictures`] without rows, [`ClusterError::NotFinite`].
pub fn prepare(features: &Matrix, recipe: Recipe) -> Result<Prepared, ClusterError> {
    if features.rows() == 0 {
        return Err(ClusterError::NoPictures);
    }
    check_finite(features)?;
    match recipe {
        Recipe::Spherical => {
            let rank = MOST_DIMENSIONS.min(features.columns()).min(features.rows() - 1);
            let pca = pca::fit(spherical(features.clone()), rank);
            let (pca3, explained) = plotted(&pca);
            let mut points = pca.scores;
            normalise_rows(&mut points, pca.noise);
            Ok(Prepared { points, pca3, explained })
        }
        Recipe::Plain => {
            let rank = PLOTTED.min(features.columns()).min(features.rows() - 1);
            let (pca3, explained) = plotted(&pca::fit(features.clone(), rank));
            Ok(Prepared { points: features.clone(), pca3, explained })
        }
    }
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
    let mut places = Matrix::zeros(pca.scores.rows(), PLOTTED);
    for row in 0..pca.scores.rows() {
        for (place, &score) in places.row_mut(row).iter_mut().zip(pca.scores.row(row)) {
            *place = score;
        }
    }
    let mut explained = [None; PLOTTED];
    for (share, &found) in explained.iter_mut().zip(&pca.explained) {
        *share = found.map(|share| share as f32);
    }
    (places, explained)
}
