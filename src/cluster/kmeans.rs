//! KMeans: Lloyd's algorithm from k-means++ starts, several times over; for very many rows from centres that
//! mini-batches have brought near their places; and with rows that are held in their clusters.
//!
//! Wagstaff, Cardie, Rogers and Schroedl, "Constrained k-means clustering with background knowledge", 2001, and Basu,
//! Banerjee and Mooney, "Semi-supervised clustering by seeding", 2002, whose constrained KMeans is what holding rows
//! is.

use super::assign::NearestCentres;
use super::best_of::BestOf;
use super::checks::{check_finite, check_labels};
use super::held::Held;
use super::init;
use super::mini_batch;
use super::numbering::{order_by_size, places};
use super::tiles::squared_exact;
use super::update::{fill_empty, update_centres};
use crate::cluster::ClusterError;
use crate::matrix::Matrix;
use crate::matrix::ShapeError;

pub use super::assign::Method;

/// The most rows whose restarts look at every row in every iteration. A restart with so many rows of 32 columns and no
/// structure takes up to a second natively; mini-batches take a sixth of that and end with about 1 % more inertia.
pub const MINI_BATCH_ROWS: usize = 50_000;

/// What KMeans is to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KMeansParams {
    /// How many clusters, 1 to the number of rows.
    pub k: usize,
    /// The most iterations of a restart.
    pub max_iterations: u32,
    /// A restart ends when the centres' squared moves add up to no more than this share of the features' mean variance.
    pub tolerance: f64,
    /// How rows find their centre; both ways give the same bits.
    pub method: Method,
    /// Above so many rows a restart learns its centres from 100 mini-batches of 1,024 rows, or four for each cluster
    /// where that is more, and goes over all rows at most 10 times after that.
    pub mini_batch_rows: usize,
}

impl KMeansParams {
    /// `k` clusters, and for the rest what scikit-learn does: 300 iterations, a tolerance of 1e-4. Mini-batches above
    /// [`MINI_BATCH_ROWS`].
    pub fn new(k: usize) -> Self {
        Self { k, max_iterations: 300, tolerance: 1e-4, method: Method::default(), mini_batch_rows: MINI_BATCH_ROWS }
    }

    /// Sets the most iterations of a restart.
    pub fn with_max_iterations(self, max_iterations: u32) -> Self {
        Self { max_iterations, ..self }
    }

    /// Sets the tolerance; at 0, a restart ends when no label changes.
    pub fn with_tolerance(self, tolerance: f64) -> Self {
        Self { tolerance, ..self }
    }

    /// Sets how rows find their centre.
    pub fn with_method(self, method: Method) -> Self {
        Self { method, ..self }
    }

    /// Sets above how many rows centres are learnt from mini-batches.
    pub fn with_mini_batch_rows(self, mini_batch_rows: usize) -> Self {
        Self { mini_batch_rows, ..self }
    }
}

/// A clustering of `n` rows in `k` clusters. No cluster is without rows.
#[derive(Clone, Debug, PartialEq)]
pub struct KMeansFit {
    /// Each row's cluster, shape `[n]`, below `k`.
    pub labels: Vec<u32>,
    /// The clusters' centres, shape `[k, d]`.
    pub centres: Matrix,
    /// The sum of the rows' squared distances to their centres.
    pub inertia: f64,
    /// How many times the centres were moved, by mini-batches or by all rows.
    pub iterations: u32,
}

/// One restart over `points`, shape `[n, d]`. What it draws depends on `seed`, `params.k` and `restart` alone.
///
/// # Errors
/// [`ClusterError::NoPictures`] without rows, [`ClusterError::KOutOfRange`] when `k` is outside 1..=n,
/// [`ClusterError::NotFinite`].
pub fn fit_restart(points: &Matrix, params: &KMeansParams, seed: u32, restart: u32) -> Result<KMeansFit, ClusterError> {
    check(points, params.k)?;
    Ok(restart_from_seed(points, params, Held::NONE, seed, restart))
}

/// One restart in which a row with a cluster in `held`, shape `[n]`, stays in it. A cluster that holds rows starts at
/// their mean, the others as far from these as from each other; centres are the means of all their rows, held or not.
/// Where no row is held this is [`fit_restart`], bit for bit.
///
/// Clusters keep the numbers that `held` gives them: [`renumber`] would part these from their rows, so that whoever
/// holds rows must not call it.
///
/// # Errors
/// As [`fit_restart`]; [`ClusterError::LabelCount`] when `held` has another length than `n`,
/// [`ClusterError::UnknownCluster`] for a cluster that is not below `k`, and [`ClusterError::TooFewPictures`] when too
/// few rows are free for every cluster that holds none to get one.
pub fn fit_restart_held(
    points: &Matrix,
    params: &KMeansParams,
    held: &[Option<u32>],
    seed: u32,
    restart: u32,
) -> Result<KMeansFit, ClusterError> {
    check(points, params.k)?;
    let held = Held::checked(held, points.rows(), params.k)?;
    Ok(restart_from_seed(points, params, held, seed, restart))
}

/// KMeans over `points`, shape `[n, d]` and all of them in every iteration, from the centres `start`, shape `[k, d]`,
/// which say `k` in place of `params`.
///
/// # Errors
/// As [`fit_restart`], and [`ClusterError::Shape`] when `start` has not the columns of `points`.
pub fn fit_from_centres(points: &Matrix, start: Matrix, params: &KMeansParams) -> Result<KMeansFit, ClusterError> {
    check(points, start.rows())?;
    check_finite(&start)?;
    if start.columns() != points.columns() {
        return Err(ShapeError { values: start.values().len(), columns: points.columns() }.into());
    }
    Ok(run(points, start, params, Held::NONE))
}

/// The best of `restarts` restarts (of one, if that is 0), [renumbered](renumber).
///
/// # Errors
/// As [`fit_restart`].
///
/// # Examples
/// ```
/// use shoal::cluster::kmeans::{KMeansParams, kmeans};
/// use shoal::matrix::Matrix;
///
/// let points = Matrix::from_rows(vec![0.0, 0.0, 9.0, 9.0, 0.0, 1.0, 9.0, 8.0], 2)?;
/// let fit = kmeans(&points, &KMeansParams::new(2), 0, 10)?;
/// assert_eq!(fit.labels, [0, 1, 0, 1]);
/// assert_eq!(fit.centres.row(0), [0.0, 0.5]);
/// assert_eq!(fit.inertia, 1.0);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn kmeans(points: &Matrix, params: &KMeansParams, seed: u32, restarts: u32) -> Result<KMeansFit, ClusterError> {
    let mut best = BestOf::new();
    for restart in 0..restarts.max(1) {
        let fit = fit_restart(points, params, seed, restart)?;
        best.offer(fit.inertia, fit);
    }
    let (_, fit) = best.into_best().expect("at least one restart is offered");
    Ok(renumber(fit))
}

/// The fit of lowest inertia among `(restart, fit)`, in whatever order they come; ties to the lowest restart. `None` of
/// none.
pub fn best_of(fits: impl IntoIterator<Item = (u32, KMeansFit)>) -> Option<KMeansFit> {
    fits.into_iter()
        .min_by(|(restart, fit), (other_restart, other)| {
            fit.inertia.total_cmp(&other.inertia).then(restart.cmp(other_restart))
        })
        .map(|(_, fit)| fit)
}

/// Renumbers clusters by size, the largest first, ties by the first row they hold.
///
/// # Errors
/// None. Labels must be below the number of centres, as those of every fit made here are.
pub fn renumber(fit: KMeansFit) -> KMeansFit {
    let k = fit.centres.rows();
    let order = order_by_size(&fit.labels, k);
    let new_ids = places(&order);
    let mut centres = Matrix::zeros(k, fit.centres.columns());
    for (new, &old) in order.iter().enumerate() {
        centres.row_mut(new).copy_from_slice(fit.centres.row(old));
    }
    let labels = fit.labels.iter().map(|&label| new_ids[label as usize]).collect();
    KMeansFit { labels, centres, ..fit }
}

/// The sum of squared distances of `points` to the centres of their clusters.
///
/// # Errors
/// [`ClusterError::LabelCount`] and [`ClusterError::UnknownCluster`].
pub fn inertia(points: &Matrix, labels: &[u32], centres: &Matrix) -> Result<f64, ClusterError> {
    check_labels(labels, points.rows(), centres.rows())?;
    Ok(sum_squares(points, labels, centres))
}

fn check(points: &Matrix, k: usize) -> Result<(), ClusterError> {
    match points.rows() {
        0 => Err(ClusterError::NoPictures),
        n if k == 0 || k > n => Err(ClusterError::KOutOfRange { k, pictures: n }),
        _ => check_finite(points),
    }
}

fn restart_from_seed(points: &Matrix, params: &KMeansParams, held: Held<'_>, seed: u32, restart: u32) -> KMeansFit {
    let (n, k) = (points.rows(), params.k);
    let mut rng = init::generator(seed, k, restart);
    if n <= params.mini_batch_rows {
        let start = init::plus_plus(points, &held.free_rows(n), k, held, &mut rng);
        return run(points, start, params, held);
    }
    let start = mini_batch::learn(points, k, held, &mut rng);
    let full_iterations = params.max_iterations.min(mini_batch::FULL_ITERATIONS);
    let fit = run(points, start, &params.with_max_iterations(full_iterations), held);
    KMeansFit { iterations: mini_batch::BATCHES + fit.iterations, ..fit }
}

fn run(points: &Matrix, mut centres: Matrix, params: &KMeansParams, held: Held<'_>) -> KMeansFit {
    let k = centres.rows();
    let limit = params.tolerance * mean_variance(points);
    let mut assignment = NearestCentres::new(points, &centres, params.method, held);
    let mut changed = vec![true; k];
    let mut iterations = 0;
    while iterations < params.max_iterations {
        iterations += 1;
        let before = centres.clone();
        let repaired = update_centres(points, &assignment.labels, &mut centres, &mut changed, held);
        let squared_moves: Vec<f64> =
            (0..k).map(|centre| squared_exact(before.row(centre), centres.row(centre))).collect();
        let moves: Vec<f64> = squared_moves.iter().map(|squared| squared.sqrt()).collect();
        let labels = assignment.labels.clone();
        assignment.update(points, &centres, &moves);
        let mut settled = true;
        for (&old, &new) in labels.iter().zip(&assignment.labels).filter(|(old, new)| old != new) {
            (changed[old as usize], changed[new as usize], settled) = (true, true, false);
        }
        // A repaired cluster has only just begun to take its rows.
        if !repaired && (settled || squared_moves.iter().sum::<f64>() <= limit) {
            break;
        }
    }
    let mut labels = assignment.labels;
    fill_empty(points, &mut labels, &mut centres, held);
    let inertia = sum_squares(points, &labels, &centres);
    KMeansFit { labels, centres, inertia, iterations }
}

fn sum_squares(points: &Matrix, labels: &[u32], centres: &Matrix) -> f64 {
    labels.iter().enumerate().map(|(row, &label)| squared_exact(points.row(row), centres.row(label as usize))).sum()
}

/// The mean over columns of their variance, which the tolerance is relative to, as in scikit-learn.
fn mean_variance(points: &Matrix) -> f64 {
    let (n, columns) = (points.rows() as f64, points.columns());
    let mut means = vec![0.0_f64; columns];
    for row in 0..points.rows() {
        for (mean, &value) in means.iter_mut().zip(points.row(row)) {
            *mean += f64::from(value) / n;
        }
    }
    let squares: f64 = (0..points.rows())
        .map(|row| {
            let deviations = points.row(row).iter().zip(&means);
            deviations.map(|(&value, mean)| (f64::from(value) - mean).powi(2)).sum::<f64>()
        })
        .sum();
    squares / (n * columns as f64)
}
