//! The search for groups: the recipe's last step, then the method, for every count that is to be tried.

use std::collections::BTreeMap;

use futures_util::stream::{self, StreamExt};
use js_sys::{Array, Uint32Array};

use crate::Operation;
use crate::add::unexpected;
use crate::grouping::held::Held;
use crate::grouping::space::{EVALUATED, SEARCHED, Space};
use crate::grouping::steps::Steps;
use crate::grouping::umap;
use crate::pool::{Pool, Reply};
use shoal::cluster::ClusterError;
use shoal::cluster::auto_k;
use shoal::options::{ClusterCount, ClusterMethod, ClusterOptions, Recipe};
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::bulk_u32;
use shoal_protocol::{FromWorker, MatrixId, NONE, ToWorker};

/// Groups that were found.
pub struct Candidate {
    /// How many there are, those that survive included.
    pub k: usize,
    /// Every row's group, shape `[n]`, below `k`.
    pub labels: Vec<Option<u32>>,
}

/// A search under way.
pub struct Search<'a> {
    /// Its turn.
    pub operation: &'a Operation<'a>,
    /// The workers.
    pub pool: &'a Pool,
    /// The space.
    pub space: &'a Space,
    /// What is wanted.
    pub options: &'a ClusterOptions,
    /// What must stay.
    pub held: &'a Held,
    /// The counts to try, those that survive included; none where the method finds the count by itself.
    pub counts: &'a [usize],
}

/// The counts to try.
///
/// # Errors
/// `k-out-of-range`, `no-pictures` and `too-few-pictures`.
pub fn counts_to_try(options: &ClusterOptions, held: &Held) -> Result<Vec<usize>, ApiError> {
    let (pictures, surviving) = (held.taking_part.len(), held.survivors.len());
    let ClusterCount::Fixed(k) = options.k else {
        let counts = auto_k::candidates(pictures)
            .ok_or(ClusterError::TooFewRows { found: pictures, needed: 3 })?
            .filter(|&k| k >= surviving);
        let counts: Vec<usize> = counts.collect();
        return Ok(if counts.is_empty() { vec![surviving] } else { counts });
    };
    shoal::cluster::check_k(k, pictures)?;
    if k < surviving {
        let message = format!("{k} groups are too few: {surviving} are locked or hold pictures that stay");
        return Err(ApiError::new("k-out-of-range", message));
    }
    Ok(vec![k])
}

impl Search<'_> {
    /// How many steps of progress a search is.
    pub fn steps(options: &ClusterOptions, counts: &[usize]) -> usize {
        let layout = if options.recipe == Recipe::Umap { umap::STEPS } else { 0 };
        let fits = match options.method {
            ClusterMethod::KMeans => counts.len() * options.restarts as usize,
            ClusterMethod::Ward => counts.len(),
            ClusterMethod::Hdbscan => 1,
        };
        layout + fits
    }

    /// The groups for every count, by ascending count. Every worker holds the space's judged points.
    pub async fn run(&self, steps: &Steps<'_>) -> Result<Vec<Candidate>, ApiError> {
        let wanted = match self.options.method {
            ClusterMethod::KMeans => self.held.taking_part.clone(),
            ClusterMethod::Hdbscan | ClusterMethod::Ward => self.held.free(),
        };
        let matrix = self.place(&wanted, steps).await?;
        match self.options.method {
            ClusterMethod::KMeans => self.kmeans(matrix, &wanted, steps).await,
            ClusterMethod::Ward => self.ward(matrix, &wanted, steps).await,
            ClusterMethod::Hdbscan => {
                let message = ToWorker::FitHdbscan { matrix, min_cluster_size: self.options.min_cluster_size };
                let (k, labels) = labelled(self.pool.run_on(0, message, Array::new()).await?)?;
                self.operation.check()?;
                steps.done();
                Ok(vec![self.beside_survivors(&wanted, &labels, k)])
            }
        }
    }

    /// Has the workers hold the points of the rows that are `wanted`, and says as which matrix.
    async fn place(&self, wanted: &[usize], steps: &Steps<'_>) -> Result<MatrixId, ApiError> {
        let (pool, space) = (self.pool, self.space);
        let everything = wanted.len() == space.ids.len();
        if self.options.recipe != Recipe::Umap {
            if everything {
                return Ok(EVALUATED);
            }
            space.searched.only(wanted).put_everywhere(self.operation, pool, SEARCHED).await?;
            return Ok(SEARCHED);
        }
        let points = if everything { space.searched.clone() } else { space.searched.only(wanted) };
        points.put_everywhere(self.operation, pool, SEARCHED).await?;
        let layout = umap::lay_out(self.operation, pool, &points, self.options.seed, steps).await?;
        layout.put_everywhere(self.operation, pool, SEARCHED).await?;
        Ok(SEARCHED)
    }

    async fn kmeans(&self, matrix: MatrixId, wanted: &[usize], steps: &Steps<'_>) -> Result<Vec<Candidate>, ApiError> {
        let ClusterOptions { seed, restarts, .. } = *self.options;
        let held = (!self.held.survivors.is_empty()).then(|| {
            let labels: Vec<u32> = wanted.iter().map(|&row| self.held.labels[row].unwrap_or(NONE)).collect();
            Uint32Array::from(labels.as_slice())
        });
        let held = &held;
        let starts = self.counts.iter().flat_map(|&k| (0..restarts).map(move |restart| (k, restart)));
        let mut best: BTreeMap<usize, (f64, Array)> = BTreeMap::new();
        // In order, so that of two equal starts the first is kept, whatever worker was quicker.
        let mut fits = stream::iter(starts)
            .map(|(k, restart)| async move {
                let message = ToWorker::FitKMeans { matrix, k, seed, restart };
                let bulk = held.as_ref().map_or_else(Array::new, |held| Array::of1(held));
                (k, self.pool.run(message, None, bulk).await)
            })
            .buffered(self.pool.workers() * 8);
        while let Some((k, reply)) = fits.next().await {
            self.operation.check()?;
            let (FromWorker::Fitted { inertia }, bulk) = reply? else { return Err(unexpected()) };
            if best.get(&k).is_none_or(|(known, _)| inertia < *known) {
                best.insert(k, (inertia, bulk));
            }
            steps.done();
        }
        drop(fits);
        best.into_iter()
            .map(|(k, (_, bulk))| {
                let mut labels = vec![None; self.space.ids.len()];
                for (&row, label) in wanted.iter().zip(bulk_u32(&bulk, 0)?) {
                    labels[row] = Some(label);
                }
                Ok(Candidate { k, labels })
            })
            .collect()
    }

    async fn ward(&self, matrix: MatrixId, wanted: &[usize], steps: &Steps<'_>) -> Result<Vec<Candidate>, ApiError> {
        let surviving = self.held.survivors.len();
        let mut candidates = Vec::new();
        let mut cuts = stream::iter(self.counts.iter().map(|k| k - surviving))
            .map(|k| async move {
                if k == 0 || wanted.is_empty() {
                    return Ok((0, vec![NONE; wanted.len()]));
                }
                let message = ToWorker::FitWard { matrix, k: k.min(wanted.len()), seed: self.options.seed };
                labelled(self.pool.run(message, None, Array::new()).await?)
            })
            .buffered(self.pool.workers() * 2);
        while let Some(cut) = cuts.next().await {
            self.operation.check()?;
            let (k, labels) = cut?;
            candidates.push(self.beside_survivors(wanted, &labels, k));
            steps.done();
        }
        drop(cuts);
        Ok(candidates)
    }

    /// Groups of the rows that were free, with those that survive before them.
    fn beside_survivors(&self, wanted: &[usize], found: &[u32], k: usize) -> Candidate {
        let surviving = self.held.survivors.len();
        let mut labels = self.held.labels.clone();
        for (&row, &label) in wanted.iter().zip(found) {
            labels[row] = (label != NONE).then(|| surviving as u32 + label);
        }
        Candidate { k: surviving + k, labels }
    }
}

fn labelled((message, bulk): Reply) -> Result<(usize, Vec<u32>), ApiError> {
    let FromWorker::Labelled { k } = message else { return Err(unexpected()) };
    Ok((k, bulk_u32(&bulk, 0)?))
}
