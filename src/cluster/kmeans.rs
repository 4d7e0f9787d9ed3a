//! KMeans: the best of several restarts of Lloyd's algorithm from k-means++ centres, with mini-batches for very many rows and
//! with pinned rows.
//!
//! Pinned rows make it the constrained KMeans of Basu, Banerjee and Mooney, "Semi-supervised clustering by seeding", 2002;
//! see also Wagstaff, Cardie, Rogers and Schroedl, "Constrained k-means clustering with background knowledge", 2001.

#[cfg(test)]
mod tests;

use super::assign::{Assignment, NearestCentres};
use super::best_of::BestOf;
use super::init;
use super::mini_batch;
use super::pinned::Pinned;
use super::relabel::{order_by_size, positions};
use super::tiles::squared_exact;
use super::update::{fill_empty, update_centres};
use super::validate::check_finite;
use crate::cluster::ClusterError;
use crate::matrix::Matrix;

/// The number of rows above which mini-batches learn the centres. Up to here, every iteration of a restart passes over all
/// rows; at this size, with 32 columns and no structure, a restart takes up to a second natively. Mini-batches take a sixth of
/// that and end with about 1 % more inertia.
pub const MINI_BATCH_ROWS: usize = 50_000;

/// The parameters of KMeans.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KMeansParams {
    /// The number of clusters, from 1 to the number of rows.
    pub k: usize,
    /// The maximum number of iterations of a restart.
    pub max_iterations: u32,
    /// A restart ends when the sum of the centres' squared moves is at most this share of the columns' mean variance.
    pub tolerance: f64,
    /// The algorithm of the assignment step.
    pub(crate) assignment: Assignment,
    /// Above this number of rows, a restart learns its centres from 100 mini-batches of 1,024 rows (or four per cluster, if
    /// that is more), followed by at most 10 iterations over all rows.
    pub mini_batch_rows: usize,
}

impl KMeansParams {
    /// `k` clusters with scikit-learn's defaults (300 iterations, a tolerance of 1e-4), and mini-batches above
    /// [`MINI_BATCH_ROWS`].
    pub fn new(k: usize) -> Self {
        Self {
            k,
            max_iterations: 300,
            tolerance: 1e-4,
            assignment: Assignment::default(),
            mini_batch_rows: MINI_BATCH_ROWS,
        }
    }

    /// Sets the maximum number of iterations of a restart.
    pub fn with_max_iterations(self, max_iterations: u32) -> Self {
        Self { max_iterations, ..self }
    }

    /// Sets the tolerance. At 0, a restart ends when no label changes.
    pub fn with_tolerance(self, tolerance: f64) -> Self {
        Self { tolerance, ..self }
    }

    /// Sets the number of rows above which mini-batches learn the centres.
    pub fn with_mini_batch_rows(self, mini_batch_rows: usize) -> Self {
        Self { mini_batch_rows, ..self }
    }
}

/// A clustering of `n` rows into `k` clusters, none of them empty.
#[derive(Clone, Debug, PartialEq)]
pub struct KMeansFit {
    /// Each row's cluster, shape `[n]`, below `k`.
    pub labels: Vec<u32>,
    /// The clusters' centres, shape `[k, d]`.
    pub centres: Matrix,
    /// The sum of the rows' squared distances to their centres.
    pub inertia: f64,
    /// The number of updates of the centres, from mini-batches or from all rows.
    pub iterations: u32,
}

/// One restart over `points`, shape `[n, d]`. Its random numbers depend on `seed` and `restart` alone.
///
/// # Errors
/// [`ClusterError::NoRows`] without rows, [`ClusterError::KOutOfRange`] if `k` is outside 1..=n,
/// [`ClusterError::NotFinite`].
pub fn fit_restart(points: &Matrix, params: &KMeansParams, seed: u32, restart: u32) -> Result<KMeansFit, ClusterError> {
    fit_restart_pinned(points, params, &[], seed, restart)
}

/// One restart in which every row with a cluster in `pinned`, shape `[n]` or empty if no row is pinned, stays in it. A cluster with pinned rows starts at
/// their mean; the other initial centres are far from these and from each other. A centre is the mean of all its rows, pinned
/// or not. If no row is pinned, this is [`fit_restart`], bit for bit.
///
/// Clusters keep the numbers that `pinned` gives them. Do not call [`renumber`] on the result: it would give pinned rows other
/// numbers.
///
/// # Errors
/// As [`fit_restart`]; [`ClusterError::LabelCount`] if the length of `pinned` is neither 0 nor `n`, [`ClusterError::UnknownCluster`] for
/// a cluster that is not below `k`, and [`ClusterError::TooFewRows`] if there are fewer free rows than clusters without a
/// pinned row.
pub fn fit_restart_pinned(
    points: &Matrix,
    params: &KMeansParams,
    pinned: &[Option<u32>],
    seed: u32,
    restart: u32,
) -> Result<KMeansFit, ClusterError> {
    Ok(fit_restart_for_counts(points, params, &[params.k], pinned, seed, restart)?.swap_remove(0))
}

/// One restart for each number of clusters in `counts`, as [`fit_restart_pinned`] with that number returns; `params.k` is not
/// used. Up to [`KMeansParams::mini_batch_rows`] rows the initial centres are found once: those of fewer clusters are the first
/// of those of more.
///
/// # Errors
/// As [`fit_restart_pinned`].
pub fn fit_restart_for_counts(
    points: &Matrix,
    params: &KMeansParams,
    counts: &[usize],
    pinned: &[Option<u32>],
    seed: u32,
    restart: u32,
) -> Result<Vec<KMeansFit>, ClusterError> {
    let checked = |k: usize| match pinned {
        [] => Ok(Pinned::NONE),
        pinned => Pinned::checked(pinned, points.rows(), k),
    };
    for &k in counts {
        check_count(points, k)?;
        checked(k)?;
    }
    check_finite(points)?;
    let most = counts.iter().copied().max().unwrap_or_default();
    let pinned = checked(most)?;
    let params = |&k: &usize| KMeansParams { k, ..*params };
    if points.rows() > params(&most).mini_batch_rows {
        return Ok(counts.iter().map(|k| mini_batch_restart(points, &params(k), pinned, seed, restart)).collect());
    }
    let rows = pinned.free_rows(points.rows());
    let start = init::plus_plus(points, &rows, most, pinned, &mut init::generator(seed, restart));
    Ok(counts.iter().map(|k| run(points, start.first_rows(*k), &params(k), pinned)).collect())
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

/// Renumbers clusters by size, the largest first, ties by their first row. Labels must be below the number of centres, as
/// those of every fit are.
pub fn renumber(fit: KMeansFit) -> KMeansFit {
    let k = fit.centres.rows();
    let order = order_by_size(&fit.labels, k);
    let new_ids = positions(&order);
    let mut centres = Matrix::zeros(k, fit.centres.columns());
    for (new, &old) in order.iter().enumerate() {
        centres.row_mut(new).copy_from_slice(fit.centres.row(old));
    }
    let labels = fit.labels.iter().map(|&label| new_ids[label as usize]).collect();
    KMeansFit { labels, centres, ..fit }
}

fn check_count(points: &Matrix, k: usize) -> Result<(), ClusterError> {
    match points.rows() {
        0 => Err(ClusterError::NoRows),
        n if k == 0 || k > n => Err(ClusterError::KOutOfRange { k, rows: n }),
        _ => Ok(()),
    }
}

/// A restart that learns its centres from mini-batches, and refines them in a few passes over all rows.
fn mini_batch_restart(
    points: &Matrix,
    params: &KMeansParams,
    pinned: Pinned<'_>,
    seed: u32,
    restart: u32,
) -> KMeansFit {
    let start = mini_batch::learn(points, params.k, pinned, &mut init::generator(seed, restart));
    let full_iterations = params.max_iterations.min(mini_batch::FULL_ITERATIONS);
    let fit = run(points, start, &params.with_max_iterations(full_iterations), pinned);
    KMeansFit { iterations: mini_batch::BATCHES + fit.iterations, ..fit }
}

fn run(points: &Matrix, mut centres: Matrix, params: &KMeansParams, pinned: Pinned<'_>) -> KMeansFit {
    let k = centres.rows();
    let limit = params.tolerance * mean_variance(points);
    let mut assignment = NearestCentres::new(points, &centres, params.assignment, pinned);
    let mut changed = vec![true; k];
    let mut iterations = 0;
    while iterations < params.max_iterations {
        iterations += 1;
        let before = centres.clone();
        let refilled = update_centres(points, &assignment.labels, &mut centres, &mut changed, pinned);
        let squared_moves: Vec<f64> =
            (0..k).map(|centre| squared_exact(before.row(centre), centres.row(centre))).collect();
        let moves: Vec<f64> = squared_moves.iter().map(|squared| squared.sqrt()).collect();
        let labels = assignment.labels.clone();
        assignment.update(points, &centres, &moves);
        let mut settled = true;
        for (&old, &new) in labels.iter().zip(&assignment.labels).filter(|(old, new)| old != new) {
            (changed[old as usize], changed[new as usize], settled) = (true, true, false);
        }
        // A cluster that was refilled in this iteration has not yet attracted its rows.
        if !refilled && (settled || squared_moves.iter().sum::<f64>() <= limit) {
            break;
        }
    }
    let mut labels = assignment.labels;
    fill_empty(points, &mut labels, &mut centres, pinned);
    let inertia = sum_squares(points, &labels, &centres);
    KMeansFit { labels, centres, inertia, iterations }
}

/// The sum of the squared distances of `points` to the centres of their clusters.
fn sum_squares(points: &Matrix, labels: &[u32], centres: &Matrix) -> f64 {
    labels.iter().enumerate().map(|(row, &label)| squared_exact(points.row(row), centres.row(label as usize))).sum()
}

/// The mean variance of the columns, to which the tolerance is relative, as in scikit-learn.
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
