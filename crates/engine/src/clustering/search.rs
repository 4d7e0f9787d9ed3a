//! The search for clusters: the recipe's last step, then the method for every candidate k.

use js_sys::Uint32Array;
use shoal::cluster::{auto_k, check_k};
use shoal::options::{ClusterCount, ClusterOptions};
use shoal_browser::api_error::ApiError;
use shoal_protocol::{FindNearestClusters, Fit, MatrixId, labels_from_wire, labels_to_wire};

use super::error::ClusteringError;
use super::fit::{best_fits, labels_of, nothing_pinned};
use super::pinned::Pinned;
use super::refine::{self, refine};
use super::steps::Steps;
use super::transform::Transform;
use crate::compute::{Client, EVALUATED, SEARCHED};
use crate::operation::Operation;

/// Clusters that were found.
pub struct Candidate {
    /// How many there are, pinned ones included.
    pub k: usize,
    /// Every row's cluster, shape `[n]`, below `k`.
    pub labels: Vec<Option<u32>>,
}

/// A search.
pub struct Search<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// The workers.
    pub client: &'a Client,
    /// The points.
    pub transform: &'a Transform,
    /// The options of the call.
    pub options: &'a ClusterOptions,
    /// What is pinned.
    pub pinned: &'a Pinned,
    /// The candidate numbers of clusters, pinned ones included; empty if the method finds the number.
    pub counts: &'a [usize],
}

/// The candidate numbers of clusters; empty if the method finds the number.
///
/// # Errors
/// `k-out-of-range`, `no-pictures` and `too-few-pictures`.
pub fn counts_to_try(options: &ClusterOptions, pinned: &Pinned) -> Result<Vec<usize>, ApiError> {
    if !options.method.info().needs_k {
        return Ok(Vec::new());
    }
    let (images, surviving) = (pinned.included.len(), pinned.surviving.len());
    let ClusterCount::Fixed(k) = options.k else {
        let counts = auto_k::candidates(images).ok_or(ClusteringError::TooFewImages { found: images, needed: 3 })?;
        let counts: Vec<usize> = counts.filter(|&k| k >= surviving).collect();
        return Ok(if counts.is_empty() { vec![surviving] } else { counts });
    };
    check_k(k, images).map_err(ClusteringError::of_images)?;
    if k < surviving {
        return Err(ClusteringError::TooFewForPinned { k, surviving }.into());
    }
    Ok(vec![k])
}

impl Search<'_> {
    /// How many steps of progress a search has.
    pub fn steps(options: &ClusterOptions, counts: &[usize]) -> usize {
        refine::steps(options.recipe()) + counts.len().max(1) * options.runs() as usize
    }

    /// The clusters for every candidate number, in ascending order. Every worker must have the transform's points for
    /// evaluation.
    pub async fn run(&self, steps: &Steps<'_>) -> Result<Vec<Candidate>, ApiError> {
        let uses_pinned = self.options.method.info().uses_pinned;
        let rows = if uses_pinned { self.pinned.included.clone() } else { self.pinned.free() };
        let matrix = self.put_points(&rows, steps).await?;
        let wanted = self.wanted_counts(rows.len());
        let fits = if wanted.iter().all(|&k| k == Some(0)) {
            Vec::new()
        } else {
            let fit = self.request(matrix, &rows, &wanted);
            let restarts = self.options.runs();
            best_fits(self.operation, self.client, &fit, rows.len(), restarts, |fits| steps.advance_by(fits)).await?
        };
        let mut fits = fits.into_iter();
        let mut candidates = Vec::with_capacity(wanted.len());
        for k in wanted {
            let fitted = if k == Some(0) { None } else { fits.next() };
            candidates.push(match fitted {
                Some(fitted) => self.candidate(&rows, &labels_of(&fitted), fitted.k),
                None => self.pinned_clusters(&rows).await?,
            });
        }
        Ok(candidates)
    }

    /// The pinned clusters, with each of `rows` in the nearest one: a method that places every row does so too if it has no
    /// cluster to find.
    async fn pinned_clusters(&self, rows: &[usize]) -> Result<Candidate, ApiError> {
        let k = self.pinned.surviving.len();
        let mut labels = self.pinned.labels.clone();
        let wanted: Vec<u32> = rows.iter().filter_map(|&row| u32::try_from(row).ok()).collect();
        let request = FindNearestClusters {
            matrix: EVALUATED,
            k,
            labels: Uint32Array::from(labels_to_wire(&labels).as_slice()),
            rows: Uint32Array::from(wanted.as_slice()),
        };
        let nearest = self.client.call_on(0, request).await?;
        self.operation.check()?;
        for (&row, label) in rows.iter().zip(labels_from_wire(nearest.clusters.to_vec())) {
            labels[row] = label;
        }
        Ok(Candidate { k, labels })
    }

    /// How many clusters to find for each candidate number: `None` if the method finds the number, 0 if there is nothing to
    /// find.
    fn wanted_counts(&self, rows: usize) -> Vec<Option<usize>> {
        let info = self.options.method.info();
        if !info.needs_k {
            return vec![None];
        }
        let wanted = |k: usize| if info.uses_pinned { k } else { (k - self.pinned.surviving.len()).min(rows) };
        self.counts.iter().map(|&k| Some(wanted(k))).collect()
    }

    /// The request for all of these numbers but 0.
    fn request(&self, matrix: MatrixId, rows: &[usize], wanted: &[Option<usize>]) -> Fit {
        let ClusterOptions { method, seed, min_cluster_size, .. } = *self.options;
        let pinned = if method.info().uses_pinned && !self.pinned.surviving.is_empty() {
            let labels: Vec<Option<u32>> = rows.iter().map(|&row| self.pinned.labels[row]).collect();
            Uint32Array::from(labels_to_wire(&labels).as_slice())
        } else {
            nothing_pinned()
        };
        let counts = wanted.iter().copied().flatten().filter(|&k| k > 0).collect();
        Fit { matrix, method, counts, seed, restart: 0, min_cluster_size, pinned }
    }

    /// Sends the points of these rows to the workers. Returns the matrix that they are.
    async fn put_points(&self, rows: &[usize], steps: &Steps<'_>) -> Result<MatrixId, ApiError> {
        let (operation, client, transform) = (self.operation, self.client, self.transform);
        let (recipe, seed) = (self.options.recipe(), self.options.seed);
        // Neighbours are found among all rows that take part, including pinned ones.
        let is_refined = refine::steps(recipe) > 0;
        let first = if is_refined { self.pinned.included.as_slice() } else { rows };
        let is_all = first.len() == transform.ids.len();
        if is_all && !is_refined {
            return Ok(EVALUATED);
        }
        let points = if is_all { transform.searched.clone() } else { transform.searched.select(first) };
        points.put_everywhere(operation, client, SEARCHED).await?;
        if let Some(refined) = refine(operation, client, recipe, first.len(), seed, steps).await? {
            let wanted: Vec<usize> = rows.iter().filter_map(|row| first.binary_search(row).ok()).collect();
            let refined = if wanted.len() == first.len() { refined } else { refined.select(&wanted) };
            refined.put_everywhere(operation, client, SEARCHED).await?;
        }
        Ok(SEARCHED)
    }

    /// The clusters of `rows` together with the pinned ones. A method that does not use pinned rows finds only new clusters,
    /// which come after the pinned ones.
    fn candidate(&self, rows: &[usize], found: &[Option<u32>], k: usize) -> Candidate {
        if self.options.method.info().uses_pinned {
            let mut labels = vec![None; self.transform.ids.len()];
            for (&row, &label) in rows.iter().zip(found) {
                labels[row] = label;
            }
            return Candidate { k, labels };
        }
        let surviving = self.pinned.surviving.len();
        let mut labels = self.pinned.labels.clone();
        for (&row, label) in rows.iter().zip(found) {
            labels[row] = label.map(|label| surviving as u32 + label);
        }
        Candidate { k: surviving + k, labels }
    }
}
