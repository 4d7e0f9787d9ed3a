//! `cluster`: the pictures' space, the search for groups in it, and the evaluation of what was found.
//!
//! | file | what |
//! | --- | --- |
//! | `call` | what a call may ask for |
//! | `space` | what the recipe makes of the features, and how workers get it |
//! | `umap` | the careful recipe's layout |
//! | `held` | what a person has fixed |
//! | `search` | groups for every count that is tried |
//! | `preview` | first groups, while pictures are still read |
//! | `judging` | silhouettes and scores of groups, whoever made them |
//! | `result` | all of that as the public answer |
//! | `steps` | progress |

mod call;
mod evaluation;
mod held;
mod preview;
mod result;
mod search;
mod space;
mod steps;
mod umap;

use std::rc::Rc;

use crate::embedding::Embedder;
use crate::pool::Pool;
use crate::{Chosen, Engine, Event, Operation};
pub use call::Call;
use evaluation::Silhouettes;
use held::Held;
pub use preview::{PreviewCluster, Previews};
use search::{Candidate, Search, counts_to_try};
use shoal::cluster::ClusterError;
use shoal::cluster::{auto_k, silhouette};
use shoal::collection::arrangement::{Adopted, Edit};
use shoal::collection::{Clustering, CurvePoint, ImageId};
use shoal::options::{ClusterCount, ClusterMethod, ClusterOptions, Recipe};
use shoal_browser::api_error::ApiError;
use shoal_browser::pause::next_task;
use shoal_protocol::ToWorker;
pub use space::{EVALUATED, FEATURES, Points, SEARCHED, Space};
use steps::Steps;

/// What the latest search was. Edits change the groups, not this.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grouping {
    /// Where the random numbers started.
    pub seed: u32,
    /// The recipe.
    pub recipe: Recipe,
    /// How clusters were found.
    pub method: ClusterMethod,
    /// The counts that were tried, where that was left to the program.
    pub curve: Option<Vec<CurvePoint>>,
    /// Those worth a look.
    pub proposals: Option<Vec<usize>>,
}

impl Engine {
    /// Groups the pictures, and puts names to the groups. What a person fixed stays. Nothing changes when it fails or is
    /// cancelled.
    pub async fn cluster(&self, call: Call) -> Result<Rc<Clustering>, ApiError> {
        let clustering = {
            let operation = self.begin().await?;
            let options = call.over(self.0.settings.borrow().cluster_options()?)?;
            let ids = self.ids();
            if ids.is_empty() {
                return Err(ClusterError::NoRows.into());
            }
            let held = Held::of(&self.0.arrangement.borrow(), &ids);
            let counts = match options.method {
                ClusterMethod::Hdbscan => Vec::new(),
                ClusterMethod::KMeans | ClusterMethod::Ward => counts_to_try(&options, &held)?,
            };
            let embedder = self.fresh(&operation).await?;
            let pool = embedder.pool();
            let found = self.find(&operation, pool, &ids, &options, &held, &counts).await;
            free(pool);
            found?;
            // What shows it is made in a task of its own. It may have been cleared meanwhile.
            next_task().await;
            self.clustering().ok_or_else(ApiError::cancelled)?
        };
        self.tell(Event::Result(Some(clustering.clone())));
        // What shows it is made first.
        next_task().await;
        self.name_groups().await;
        Ok(self.clustering().unwrap_or(clustering))
    }

    /// The pictures in path order: the order of rows everywhere.
    pub(crate) fn ids(&self) -> Vec<ImageId> {
        self.0.store.borrow().collection.in_path_order().map(|(id, _)| id).collect()
    }

    /// What embeds, once every picture's features are those that the settings want.
    pub(crate) async fn fresh(&self, operation: &Operation<'_>) -> Result<Embedder, ApiError> {
        if self.is_own() {
            return Ok(Embedder::new(self.pool().await?.0, None));
        }
        let Chosen { embedder, .. } = self.embedder().await?;
        let made = self.made(embedder.pool()).await?;
        self.refresh(&embedder, &made).await?;
        operation.check()?;
        Ok(embedder)
    }

    async fn find(
        &self,
        operation: &Operation<'_>,
        pool: &Rc<Pool>,
        ids: &[ImageId],
        options: &ClusterOptions,
        held: &Held,
        counts: &[usize],
    ) -> Result<Rc<Clustering>, ApiError> {
        // Made before the space, for its progress; what it counts does not depend on that.
        let known_steps = Search::steps(options, counts) + 2 + counts.len().max(1);
        let steps = Steps::new(self, known_steps);
        let space = self.space(operation, pool, ids, options.recipe).await?;
        space.evaluated.put_everywhere(operation, pool, EVALUATED).await?;
        steps.done();

        let search = Search { operation, pool, space: &space, options, held, counts };
        let mut evaluated = Vec::new();
        let mut curve = Vec::new();
        for candidate in search.run(&steps).await? {
            let silhouettes = evaluation::silhouettes(operation, pool, &space, &candidate.labels, || true).await?;
            let mean = silhouette::mean(&silhouettes.values, candidate.k, ids.len());
            curve.push((candidate.k, mean));
            evaluated.push((candidate, silhouettes));
            steps.done();
        }
        let k = auto_k::best(&curve).or(curve.first().map(|(k, _)| *k)).ok_or(ClusterError::NoRows)?;
        let (candidate, silhouettes) =
            evaluated.into_iter().find(|(candidate, _)| candidate.k == k).ok_or(ClusterError::NoRows)?;
        if candidate.k == 0 {
            return Err(ApiError::new("no-groups", "no dense groups were found: try a smaller least group size"));
        }
        let auto = options.k == ClusterCount::Auto && options.method != ClusterMethod::Hdbscan;
        let grouping = Grouping {
            seed: options.seed,
            recipe: options.recipe,
            method: options.method,
            proposals: auto.then(|| auto_k::proposals(&curve)),
            curve: auto.then(|| curve.into_iter().map(|(k, silhouette)| CurvePoint { k, silhouette }).collect()),
        };
        let evaluation = evaluation::evaluate(pool, &candidate.labels, candidate.k).await?;
        operation.check()?;
        steps.done();
        self.adopt(&space, &candidate, held)?;
        self.0.grouping.replace(grouping);
        self.take_evaluated(&space, silhouettes, evaluation)
    }

    /// Makes the groups that were found those of the arrangement.
    fn adopt(&self, space: &Space, candidate: &Candidate, held: &Held) -> Result<(), ApiError> {
        let mut groups = vec![Vec::new(); candidate.k];
        for (&id, label) in space.ids.iter().zip(&candidate.labels) {
            if let Some(label) = label {
                groups[*label as usize].push(id);
            }
        }
        let edit = if held.survivors.is_empty() {
            Edit::Regroup { clusters: groups }
        } else {
            let survivors = held.survivors.iter().copied().map(Some).chain(std::iter::repeat(None));
            let adopted = groups.into_iter().zip(survivors);
            let clusters = adopted.map(|(pictures, keep_id)| Adopted { keep_id, name: None, pictures }).collect();
            Edit::Adopt { clusters, locked: false }
        };
        Ok(self.0.arrangement.borrow_mut().apply(edit)?)
    }

    /// Judges the groups as they stand, and gives the answer. `keep_on` is asked now and then whether to.
    pub(crate) async fn evaluate_now(
        &self,
        operation: &Operation<'_>,
        keep_on: impl Fn() -> bool,
    ) -> Result<Rc<Clustering>, ApiError> {
        let ids = self.ids();
        let recipe = self.0.grouping.borrow().recipe;
        let known = self.0.space.borrow().clone().filter(|space| space.ids == ids && space.recipe == recipe);
        let (pool, space) = match known {
            Some(space) => (self.pool().await?.0, space),
            None => {
                let embedder = self.fresh(operation).await?;
                let space = self.space(operation, embedder.pool(), &ids, recipe).await?;
                (embedder.pool().clone(), space)
            }
        };
        let found = self.evaluate_in(operation, &pool, &space, keep_on).await;
        free(&pool);
        found
    }

    async fn evaluate_in(
        &self,
        operation: &Operation<'_>,
        pool: &Rc<Pool>,
        space: &Space,
        keep_on: impl Fn() -> bool,
    ) -> Result<Rc<Clustering>, ApiError> {
        space.evaluated.put_everywhere(operation, pool, EVALUATED).await?;
        let labels = self.labels(&space.ids);
        let silhouettes: Silhouettes = evaluation::silhouettes(operation, pool, space, &labels, keep_on).await?;
        let k = self.0.arrangement.borrow().clusters().count();
        let evaluation = evaluation::evaluate(pool, &labels, k).await?;
        operation.check()?;
        self.take_evaluated(space, silhouettes, evaluation)
    }
}

/// Has the workers forget their matrices, before anything that they are asked from now on.
pub fn free(pool: &Pool) {
    for worker in 0..pool.workers() {
        for matrix in space::MATRICES {
            pool.post_to(worker, ToWorker::DropMatrix { matrix });
        }
    }
}
