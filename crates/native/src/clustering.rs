//! From features to clusters, on all cores: the steps of the page's engine, in the same order and with the same random numbers.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;
use shoal::cluster::evaluate::{Evaluation, REPRESENTATIVES, evaluate};
use shoal::cluster::methods::{Fit, FitInput};
use shoal::cluster::neighbour_cells::{self, EXACT_ROWS_MAX};
use shoal::cluster::neighbours::{self, Neighbours};
use shoal::cluster::silhouette::{self, Silhouette, reference_rows, silhouette_rows};
use shoal::cluster::{ClusterError, auto_k, check_k};
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
    let runs = counts.len() * options.runs() as usize;
    let steps = Steps::new(observer, 1 + if refines { NEIGHBOUR_PARTS } else { 0 } + runs + counts.len());
    let Prepared { points, evaluated, pca3, explained, variance_kept } = prepare_owned(features, options.recipe())?;
    steps.advance()?;
    let points = refine(&points, options, &steps)?.unwrap_or(points);
    let evaluated = evaluated.as_ref().unwrap_or(&points);

    let mut candidates = Vec::with_capacity(counts.len());
    let mut curve = Vec::new();
    for &k in &counts {
        let fit = best_fit(&points, options, k, &steps)?;
        let (silhouettes, is_sampled) = silhouettes(evaluated, &fit.labels, observer)?;
        let values: Vec<f32> = silhouettes.iter().map(|one| one.value).collect();
        curve.push((fit.k, silhouette::mean(&values, fit.k, rows)));
        candidates.push((fit, silhouettes, is_sampled));
        steps.advance()?;
    }
    let k = auto_k::best(&curve).or(curve.first().map(|(k, _)| *k)).ok_or(NativeError::NoImages)?;
    let found = candidates.into_iter().find(|(fit, ..)| fit.k == k);
    let (Fit { labels, .. }, silhouettes, is_sampled) = found.ok_or(NativeError::NoImages)?;
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

/// The numbers of clusters to try; a single `None` if the method finds the number.
fn counts_to_try(options: &ClusterOptions, rows: usize) -> Result<Vec<Option<usize>>, ClusterError> {
    if rows == 0 {
        return Err(ClusterError::NoRows);
    }
    if !options.method.info().needs_k {
        return Ok(vec![None]);
    }
    match options.k {
        ClusterCount::Fixed(k) => check_k(k, rows).map(|()| vec![Some(k)]),
        ClusterCount::Auto => {
            let counts = auto_k::candidates(rows).ok_or(ClusterError::TooFewRows { found: rows, needed: 3 })?;
            Ok(counts.map(Some).collect())
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

/// The best of a method's restarts: of equal costs the first, whichever is finished first.
fn best_fit(
    points: &Matrix,
    options: &ClusterOptions,
    k: Option<usize>,
    steps: &Steps<'_>,
) -> Result<Fit, NativeError> {
    let &ClusterOptions { method, seed, min_cluster_size, .. } = options;
    let fits = (0..options.runs()).into_par_iter().map(|restart| {
        let fit = method.fit(&FitInput { points, k, seed, restart, pinned: &[], min_cluster_size })?;
        steps.advance()?;
        Ok::<_, NativeError>(fit)
    });
    // Reduced in the order of the restarts.
    let best = fits.try_reduce_with(|one, other| Ok(if other.cost < one.cost { other } else { one }));
    best.ok_or(NativeError::NoImages)?
}

/// The silhouettes of all rows, and whether they are those of a sample.
fn silhouettes(
    points: &Matrix,
    labels: &[Option<u32>],
    observer: &dyn Observer,
) -> Result<(Vec<Silhouette>, bool), NativeError> {
    let references = reference_rows(labels, 0);
    let compared = references.as_ref().map_or(labels.len(), Vec::len);
    let rows = points.rows();
    let tile_rows = (COORDINATES_PER_TILE / (compared * points.columns()).max(1)).clamp(16, rows.max(16));
    let starts: Vec<usize> = (0..rows).step_by(tile_rows).collect();
    let tiles = starts.into_par_iter().map(|start| {
        observer.check()?;
        Ok(silhouette_rows(points, labels, start..(start + tile_rows).min(rows), references.as_deref())?)
    });
    let tiles = tiles.collect::<Result<Vec<_>, NativeError>>()?;
    Ok((tiles.concat(), references.is_some()))
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
