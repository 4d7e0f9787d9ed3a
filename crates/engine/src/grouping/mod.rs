//! `cluster`: the pictures' space, the search for groups in it, and the judgement of what was found.
//!
//! | file | what |
//! | --- | --- |
//! | `call` | what a call may ask for |
//! | `space` | what the recipe makes of the features, and how lanes get it |
//! | `umap` | the careful recipe's layout |
//! | `held` | what a person has fixed |
//! | `search` | groups for every count that is tried |
//! | `preview` | first groups, while pictures are still read |
//! | `judging` | silhouettes and scores of groups, whoever made them |
//! | `result` | all of that as the public answer |
//! | `steps` | progress |

mod call;
mod held;
mod judging;
mod preview;
mod result;
mod search;
mod space;
mod steps;
mod umap;

use std::rc::Rc;

use crate::embedding::Embedder;
use crate::pool::Pool;
use crate::{Chosen, Engine, Event, Turn};
pub use call::Call;
use held::Held;
use judging::Silhouettes;
pub use preview::{FirstGroup, Previews};
use search::{Candidate, Search, counts_to_try};
use shoal::cluster::{auto_k, silhouette};
use shoal::error::ClusterError;
use shoal::library::arrangement::{Adopted, Edit};
use shoal::library::{CurvePoint, Outcome, PictureId};
use shoal::options::{ClusterMethod, ClusterOptions, GroupCount, Recipe};
use shoal_browser::failure::Failure;
use shoal_browser::pause::next_task;
use shoal_protocol::ToLane;
pub use space::{FEATURES, JUDGED, Points, SEARCHED, Space};
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
    pub async fn cluster(&self, call: Call) -> Result<Rc<Outcome>, Failure> {
        let outcome = {
            let turn = self.begin().await?;
            let options = call.over(self.0.settings.borrow().clustering()?)?;
            let ids = self.ids();
            if ids.is_empty() {
                return Err(ClusterError::NoPictures.into());
            }
            let held = Held::of(&self.0.arrangement.borrow(), &ids);
            let counts = match options.method {
                ClusterMethod::Hdbscan => Vec::new(),
                ClusterMethod::KMeans | ClusterMethod::Ward => counts_to_try(&options, &held)?,
            };
            let embedder = self.fresh(&turn).await?;
            let pool = embedder.pool();
            let found = self.find(&turn, pool, &ids, &options, &held, &counts).await;
            free(pool);
            found?;
            // What shows it is made in a task of its own. It may have been cleared meanwhile.
            next_task().await;
            self.outcome().ok_or_else(Failure::cancelled)?
        };
        self.tell(Event::Result(Some(outcome.clone())));
        // What shows it is made first.
        next_task().await;
        self.name_groups().await;
        Ok(self.outcome().unwrap_or(outcome))
    }

    /// The pictures in path order: the order of rows everywhere.
    pub(crate) fn ids(&self) -> Vec<PictureId> {
        self.0.store.borrow().collection.in_path_order().map(|(id, _)| id).collect()
    }

    /// What embeds, once every picture's features are those that the settings want.
    pub(crate) async fn fresh(&self, turn: &Turn<'_>) -> Result<Embedder, Failure> {
        if self.is_own() {
            return Ok(Embedder::new(self.pool().await?.0, None));
        }
        let Chosen { embedder, .. } = self.embedder().await?;
        let made = self.made(embedder.pool()).await?;
        self.refresh(&embedder, &made).await?;
        turn.check()?;
        Ok(embedder)
    }

    async fn find(
        &self,
        turn: &Turn<'_>,
        pool: &Rc<Pool>,
        ids: &[PictureId],
        options: &ClusterOptions,
        held: &Held,
        counts: &[usize],
    ) -> Result<Rc<Outcome>, Failure> {
        // Made before the space, for its progress; what it counts does not depend on that.
        let known_steps = Search::steps(options, counts) + 2 + counts.len().max(1);
        let steps = Steps::new(self, known_steps);
        let space = self.space(turn, pool, ids, options.recipe).await?;
        space.judged.put_everywhere(turn, pool, JUDGED).await?;
        steps.done();

        let search = Search { turn, pool, space: &space, options, held, counts };
        let mut judged = Vec::new();
        let mut curve = Vec::new();
        for candidate in search.run(&steps).await? {
            let silhouettes = judging::silhouettes(turn, pool, &space, &candidate.labels, || true).await?;
            let mean = silhouette::mean(&silhouettes.values, candidate.k, ids.len());
            curve.push((candidate.k, mean));
            judged.push((candidate, silhouettes));
            steps.done();
        }
        let k = auto_k::best(&curve).or(curve.first().map(|(k, _)| *k)).ok_or(ClusterError::NoPictures)?;
        let (candidate, silhouettes) =
            judged.into_iter().find(|(candidate, _)| candidate.k == k).ok_or(ClusterError::NoPictures)?;
        if candidate.k == 0 {
            return Err(Failure::new("no-groups", "no dense groups were found: try a smaller least group size"));
        }
        let auto = options.k == GroupCount::Auto && options.method != ClusterMethod::Hdbscan;
        let grouping = Grouping {
            seed: options.seed,
            recipe: options.recipe,
            method: options.method,
            proposals: auto.then(|| auto_k::proposals(&curve)),
            curve: auto.then(|| curve.into_iter().map(|(k, silhouette)| CurvePoint { k, silhouette }).collect()),
        };
        let judgement = judging::judge(pool, &candidate.labels, candidate.k).await?;
        turn.check()?;
        steps.done();
        self.adopt(&space, &candidate, held)?;
        self.0.grouping.replace(grouping);
        self.take_judged(&space, silhouettes, judgement)
    }

    /// Makes the groups that were found those of the arrangement.
    fn adopt(&self, space: &Space, candidate: &Candidate, held: &Held) -> Result<(), Failure> {
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
    pub(crate) async fn judge_now(&self, turn: &Turn<'_>, keep_on: impl Fn() -> bool) -> Result<Rc<Outcome>, Failure> {
        let ids = self.ids();
        let recipe = self.0.grouping.borrow().recipe;
        let known = self.0.space.borrow().clone().filter(|space| space.ids == ids && space.recipe == recipe);
        let (pool, space) = match known {
            Some(space) => (self.pool().await?.0, space),
            None => {
                let embedder = self.fresh(turn).await?;
                let space = self.space(turn, embedder.pool(), &ids, recipe).await?;
                (embedder.pool().clone(), space)
            }
        };
        let found = self.judge_in(turn, &pool, &space, keep_on).await;
        free(&pool);
        found
    }

    async fn judge_in(
        &self,
        turn: &Turn<'_>,
        pool: &Rc<Pool>,
        space: &Space,
        keep_on: impl Fn() -> bool,
    ) -> Result<Rc<Outcome>, Failure> {
        space.judged.put_everywhere(turn, pool, JUDGED).await?;
        let labels = self.labels(&space.ids);
        let silhouettes: Silhouettes = judging::silhouettes(turn, pool, space, &labels, keep_on).await?;
        let k = self.0.arrangement.borrow().clusters().count();
        let judgement = judging::judge(pool, &labels, k).await?;
        turn.check()?;
        self.take_judged(space, silhouettes, judgement)
    }
}

/// Has the lanes forget their matrices, before anything that they are asked from now on.
pub fn free(pool: &Pool) {
    for lane in 0..pool.lanes() {
        for matrix in space::MATRICES {
            pool.post_to(lane, ToLane::DropMatrix { matrix });
        }
    }
}
