//! From features to clusters, on all cores: the steps of the page's engine, in the same order and with the same random numbers.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use shoal::cluster::evaluate::{Evaluation, REPRESENTATIVES, evaluate};
use shoal::cluster::methods::{Fit, FitInput, parts};
use shoal::cluster::neighbour_cells::{self, EXACT_ROWS_MAX};
use shoal::cluster::neighbours::{self, Neighbours};
use shoal::cluster::silhouette::{self, Silhouette, reference_rows, silhouettes_of_labelings};
use shoal::cluster::{BestOf, ClusterError, auto_k, check_k};
use shoal::collection::CurvePoint;
use shoal::matrix::Matrix;
use shoal::options::{ClusterCount, ClusterOptions, Recipe};
use shoal::reduce::umap::{Layout, UmapParams};
use shoal::reduce::{Prepared, prepare_owned, smooth};

use crate::{NativeError, Observer, Stage};

/// About how many coordinates the distances of one tile take.
const COORDINATES_PER_TILE: usize = 20_000_000;
/// How many parts the search for neighbours has.
const NEIGHBOUR_PARTS: usize = 24;
/// How many epochs of UMAP's layout run between two looks at the observer.
const EPOCHS_PER_PART: u32 = 20;

/// A clustering of `n` rows.
#[derive(Clone, Debug)]
pub struct Found {
    /// The number of clusters.
    pub k: usize,
    /// Each row's cluster, shape `[n]`, below `k`; `None` for an outlier.
    pub labels: Vec<Option<u32>>,
    /// Each row's silhouette, shape `[n]`, in the points by which clusters are evaluated.
    pub silhouettes: Vec<Silhouette>,
    /// Whether rows were compared with a sample of the others for their silhouettes.
    pub is_sampled: bool,
    /// Centres, distances, representatives and scores.
    pub evaluation: Evaluation,
    /// The first three principal components, shape `[n, 3]`.
    pub pca3: Matrix,
    /// The share of variance that each of them explains.
    pub explained: [Option<f32>; 3],
    /// The share of variance that the recipe keeps, if it reduces dimensions.
    pub variance_kept: Option<f32>,
    /// The mean silhouette for every k that was tried; only with automatic k.
    pub curve: Option<Vec<CurvePoint>>,
    /// The values of k to propose; only with automatic k.
    pub proposals: Option<Vec<usize>>,
}

/// Clusters `features`, shape `[n, d]`, one row per image in path order. The same features, options and seed give the same
/// clusters as in the page, whatever the number of threads.
///
/// # Errors
/// [`NativeError::Cluster`] for too few rows, `k` out of range and values that are not finite;
/// [`NativeError::NoDenseClusters`]; [`NativeError::Stopped`].
pub fn cluster(features: Matrix, options: &ClusterOptions, observer: &dyn Observer) -> Result<Found, NativeError> {
    let rows = features.rows();
    let counts = counts_to_try(options, rows)?;
    let refines = matches!(options.recipe(), Recipe::Smooth | Recipe::Umap);
    let runs = counts.len().max(1) * options.runs() as usize;
    let steps = Steps::new(observer, 1 + if refines { NEIGHBOUR_PARTS } else { 0 } + runs + 1);
    let Prepared { points, evaluated, pca3, explained, variance_kept } = prepare_owned(features, options.recipe())?;
    steps.advance()?;
    let points = refine(&points, options, &steps)?.unwrap_or(points);
    let evaluated = evaluated.as_ref().unwrap_or(&points);

    let fits = best_fits(&points, options, &counts, &steps)?;
    let labelings: Vec<&[Option<u32>]> = fits.iter().map(|fit| fit.labels.as_slice()).collect();
    let (silhouettes, is_sampled) = silhouettes(evaluated, &labelings, observer)?;
    steps.advance()?;
    let mean = |(fit, silhouettes): (&Fit, &Vec<Silhouette>)| {
        let values: Vec<f32> = silhouettes.iter().map(|one| one.value).collect();
        (fit.k, silhouette::mean(&values, fit.k, rows))
    };
    let curve: Vec<(usize, Option<f32>)> = fits.iter().zip(&silhouettes).map(mean).collect();
    let k = auto_k::best(&curve).or(curve.first().map(|(k, _)| *k)).ok_or(NativeError::NoImages)?;
    let found = fits.into_iter().zip(silhouettes).find(|(fit, _)| fit.k == k);
    let (Fit { labels, .. }, silhouettes) = found.ok_or(NativeError::NoImages)?;
    if k == 0 {
        return Err(NativeError::NoDenseClusters);
    }
    let is_auto = options.k == ClusterCount::Auto && options.method.info().needs_k;
    let evaluation = evaluate(evaluated, &labels, k, REPRESENTATIVES)?;
    Ok(Found {
        k,
        labels,
        silhouettes,
        is_sampled,
        evaluation,
        pca3,
        explained,
        variance_kept,
        proposals: is_auto.then(|| auto_k::proposals(&curve)),
        curve: is_auto.then(|| curve.into_iter().map(|(k, silhouette)| CurvePoint { k, silhouette }).collect()),
    })
}

/// The numbers of clusters to try; empty if the method finds the number.
fn counts_to_try(options: &ClusterOptions, rows: usize) -> Result<Vec<usize>, ClusterError> {
    if rows == 0 {
        return Err(ClusterError::NoRows);
    }
    if !options.method.info().needs_k {
        return Ok(Vec::new());
    }
    match options.k {
        ClusterCount::Fixed(k) => check_k(k, rows).map(|()| vec![k]),
        ClusterCount::Auto => {
            let counts = auto_k::candidates(rows).ok_or(ClusterError::TooFewRows { found: rows, needed: 3 })?;
            Ok(counts.collect())
        }
    }
}

/// The last step of recipes that need the nearest neighbours of every row; `None` for other recipes.
fn refine(points: &Matrix, options: &ClusterOptions, steps: &Steps<'_>) -> Result<Option<Matrix>, NativeError> {
    match options.recipe() {
        Recipe::Spherical | Recipe::Plain => Ok(None),
        Recipe::Smooth => {
            let neighbours = find_neighbours(points, smooth::NEIGHBOURS, steps)?;
            Ok(Some(smooth::smooth(points, &neighbours)?))
        }
        Recipe::Umap => {
            let params = UmapParams::new().with_seed(options.seed);
            let neighbours = find_neighbours(points, params.others(), steps)?;
            let mut layout = Layout::new(points, &neighbours, &params)?;
            while layout.epochs_done() < layout.epochs() {
                layout.run(EPOCHS_PER_PART);
                steps.observer.check()?;
            }
            Ok(Some(layout.finish()))
        }
    }
}

/// The nearest neighbours of every row, found in parts; approximate for many rows.
fn find_neighbours(points: &Matrix, count: usize, steps: &Steps<'_>) -> Result<Neighbours, NativeError> {
    let rows = points.rows();
    let part_rows = rows.div_ceil(NEIGHBOUR_PARTS).max(1);
    let cells = if rows > EXACT_ROWS_MAX { Some(neighbour_cells::divide(points)?) } else { None };
    let starts: Vec<usize> = (0..rows).step_by(part_rows).collect();
    let parts = starts.into_par_iter().map(|start| {
        let part = start..(start + part_rows).min(rows);
        let part = match &cells {
            Some(cells) => neighbour_cells::nearest_rows(points, cells, part, count)?,
            None => neighbours::nearest_rows(points, part, count)?,
        };
        steps.advance()?;
        Ok(part)
    });
    let parts = parts.collect::<Result<Vec<Neighbours>, NativeError>>()?;
    let mut all = Neighbours { count: parts.first().map_or(0, |part| part.count), rows: vec![], distances: vec![] };
    for part in parts {
        all.rows.extend(part.rows);
        all.distances.extend(part.distances);
    }
    Ok(all)
}

/// The best of a method's restarts for each number of clusters, or one if the method finds the number: of equal costs the first,
/// whichever is finished first.
fn best_fits(
    points: &Matrix,
    options: &ClusterOptions,
    counts: &[usize],
    steps: &Steps<'_>,
) -> Result<Vec<Fit>, NativeError> {
    let &ClusterOptions { method, seed, min_cluster_size, .. } = options;
    let restarts = options.runs();
    let parts = parts(method.info(), counts, points.rows(), restarts as usize, rayon::current_num_threads());
    let runs: Vec<(&Vec<usize>, u32)> =
        parts.iter().flat_map(|part| (0..restarts).map(move |restart| (part, restart))).collect();
    let fits = runs.par_iter().map(|&(part, restart)| {
        let input = FitInput { points, k: None, seed, restart, pinned: &[], min_cluster_size };
        let counts: Vec<usize> = part.iter().map(|&index| counts[index]).collect();
        let fits = if counts.is_empty() { vec![method.fit(&input)?] } else { method.fit_counts(&input, &counts)? };
        fits.iter().try_for_each(|_| steps.advance())?;
        Ok(fits)
    });
    let fits = fits.collect::<Result<Vec<_>, NativeError>>()?;
    let mut best = vec![BestOf::new(); counts.len().max(1)];
    // In the order of the restarts.
    for ((part, _), fits) in runs.iter().zip(fits) {
        for (index, fit) in part.iter().copied().chain([0]).zip(fits) {
            best[index].offer(fit.cost, fit);
        }
    }
    best.into_iter().map(|best| best.into_best().map(|(_, fit)| fit).ok_or(NativeError::NoImages)).collect()
}

/// The silhouettes of all rows in each labeling, and whether any are those of a sample.
fn silhouettes(
    points: &Matrix,
    labelings: &[&[Option<u32>]],
    observer: &dyn Observer,
) -> Result<(Vec<Vec<Silhouette>>, bool), NativeError> {
    let references: Vec<_> = labelings.iter().map(|labels| reference_rows(labels, 0)).collect();
    let is_sampled = references.iter().any(Option::is_some);
    if !is_sampled {
        return Ok((silhouettes_by(points, labelings, None, observer)?, false));
    }
    // A sample of references depends on the labels, so that each labeling has its own distances.
    let each = labelings.iter().zip(&references);
    let each = each.map(|(labels, references)| silhouettes_by(points, &[labels], references.as_deref(), observer));
    Ok((each.collect::<Result<Vec<_>, NativeError>>()?.concat(), true))
}

/// The silhouettes of all rows in each labeling, by the distances to the same references.
fn silhouettes_by(
    points: &Matrix,
    labelings: &[&[Option<u32>]],
    references: Option<&[u32]>,
    observer: &dyn Observer,
) -> Result<Vec<Vec<Silhouette>>, NativeError> {
    let rows = points.rows();
    let compared = references.map_or(rows, <[u32]>::len);
    let tile_rows = (COORDINATES_PER_TILE / (compared * points.columns()).max(1)).clamp(16, rows.max(16));
    let starts: Vec<usize> = (0..rows).step_by(tile_rows).collect();
    let tiles = starts.into_par_iter().map(|start| {
        observer.check()?;
        Ok(silhouettes_of_labelings(points, labelings, start..(start + tile_rows).min(rows), references)?)
    });
    let mut all = vec![Vec::with_capacity(rows); labelings.len()];
    for tile in tiles.collect::<Result<Vec<_>, NativeError>>()? {
        for (all, tile) in all.iter_mut().zip(tile) {
            all.extend(tile);
        }
    }
    Ok(all)
}

/// Progress in steps, from all threads.
struct Steps<'a> {
    observer: &'a dyn Observer,
    done: AtomicUsize,
    total: usize,
}

impl<'a> Steps<'a> {
    fn new(observer: &'a dyn Observer, total: usize) -> Self {
        Self { observer, done: AtomicUsize::new(0), total }
    }

    /// A step is done.
    fn advance(&self) -> Result<(), NativeError> {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.observer.progress(Stage::Clustering, done, self.total);
        self.observer.check()
    }
}
