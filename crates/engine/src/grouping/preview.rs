//! First groups of the pictures read so far, to be looked at while the others are still read.

use js_sys::Array;

use crate::add::unexpected;
use crate::grouping::evaluation;
use crate::grouping::free;
use crate::grouping::space::EVALUATED;
use crate::pool::Pool;
use crate::{Engine, Event, Operation};
use shoal::options::{ClusterCount, Recipe};
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::bulk_u32;
use shoal_protocol::{FromWorker, ToWorker};

/// From so many pictures on there are groups to see.
const LEAST_PICTURES: usize = 64;
/// First groups are looked for again when there are so many times as many pictures.
const GROWTH: usize = 4;
/// So many pictures make a group, where their number is left to the program.
const PICTURES_A_GROUP: usize = 12;
/// The most groups then.
const MOST_GROUPS: usize = 12;

/// A first group.
#[derive(Clone, Debug, PartialEq)]
pub struct PreviewCluster {
    /// How many pictures it has so far.
    pub size: usize,
    /// Paths of the pictures nearest to its centre, nearest first.
    pub representatives: Vec<String>,
}

/// When first groups are worth looking for.
pub struct Previews {
    next: usize,
}

impl Previews {
    /// None yet.
    pub fn new() -> Self {
        Self { next: LEAST_PICTURES }
    }

    /// Whether it is time, with `pictures` read and `left` files to read: what is nearly done is not held up.
    pub fn are_due(&mut self, pictures: usize, left: usize) -> bool {
        if pictures < self.next || left < pictures / 2 {
            return false;
        }
        self.next = pictures * GROWTH;
        true
    }
}

impl Engine {
    /// Looks for first groups and tells of them, unless there are groups already. They decide nothing: a failure is left to
    /// the grouping that comes at the end.
    pub(crate) async fn preview(&self, operation: &Operation<'_>, pool: &Pool) {
        if self.clustering().is_some() || self.is_arranged() {
            return;
        }
        let groups = self.first_groups(operation, pool).await;
        free(pool);
        if let Ok(groups) = groups {
            self.tell(Event::PreviewClusters(groups));
        }
    }

    async fn first_groups(&self, operation: &Operation<'_>, pool: &Pool) -> Result<Vec<PreviewCluster>, ApiError> {
        let options = self.0.settings.borrow().cluster_options()?;
        let recipe = if options.recipe == Recipe::Umap { Recipe::Spherical } else { options.recipe };
        let ids = self.ids();
        let k = match options.k {
            ClusterCount::Fixed(k) => k.min(ids.len()),
            ClusterCount::Auto => (ids.len() / PICTURES_A_GROUP).clamp(2, MOST_GROUPS),
        };
        let space = self.space(operation, pool, &ids, recipe).await?;
        space.evaluated.put_everywhere(operation, pool, EVALUATED).await?;
        let message = ToWorker::FitKMeans { matrix: EVALUATED, k, seed: options.seed, restart: 0 };
        let (FromWorker::Fitted { .. }, bulk) = pool.run(message, None, Array::new()).await? else {
            return Err(unexpected());
        };
        let labels: Vec<Option<u32>> = bulk_u32(&bulk, 0)?.into_iter().map(Some).collect();
        let evaluation = evaluation::evaluate(pool, &labels, k).await?;
        operation.check()?;
        let store = self.0.store.borrow();
        let path = |&row: &usize| store.collection.get(ids[row]).map(|picture| picture.path.clone());
        let groups = evaluation.representatives.iter().zip(0..).map(|(rows, group)| PreviewCluster {
            size: labels.iter().filter(|label| **label == Some(group)).count(),
            representatives: rows.iter().filter_map(path).collect(),
        });
        Ok(groups.filter(|group| group.size > 0).collect())
    }
}
