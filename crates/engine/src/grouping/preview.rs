//! First groups of the pictures read so far, to be looked at while the others are still read.

use js_sys::Array;

use crate::add::unexpected;
use crate::grouping::free;
use crate::grouping::judging;
use crate::grouping::space::JUDGED;
use crate::pool::Pool;
use crate::{Engine, Event, Turn};
use shoal::options::{GroupCount, Recipe};
use shoal_browser::failure::Failure;
use shoal_browser::wire::bulk_u32;
use shoal_protocol::{FromLane, ToLane};

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
pub struct FirstGroup {
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
    pub(crate) async fn preview(&self, turn: &Turn<'_>, pool: &Pool) {
        if self.outcome().is_some() || self.is_arranged() {
            return;
        }
        let groups = self.first_groups(turn, pool).await;
        free(pool);
        if let Ok(groups) = groups {
            self.tell(Event::FirstGroups(groups));
        }
    }

    async fn first_groups(&self, turn: &Turn<'_>, pool: &Pool) -> Result<Vec<FirstGroup>, Failure> {
        let options = self.0.settings.borrow().clustering()?;
        let recipe = if options.recipe == Recipe::Umap { Recipe::Spherical } else { options.recipe };
        let ids = self.ids();
        let k = match options.k {
            GroupCount::Fixed(k) => k.min(ids.len()),
            GroupCount::Auto => (ids.len() / PICTURES_A_GROUP).clamp(2, MOST_GROUPS),
        };
        let space = self.space(turn, pool, &ids, recipe).await?;
        space.judged.put_everywhere(turn, pool, JUDGED).await?;
        let message = ToLane::FitKMeans { matrix: JUDGED, k, seed: options.seed, restart: 0 };
        let (FromLane::Fitted { .. }, bulk) = pool.run(message, None, Array::new()).await? else {
            return Err(unexpected());
        };
        let labels: Vec<Option<u32>> = bulk_u32(&bulk, 0)?.into_iter().map(Some).collect();
        let judgement = judging::judge(pool, &labels, k).await?;
        turn.check()?;
        let store = self.0.store.borrow();
        let path = |&row: &usize| store.collection.get(ids[row]).map(|picture| picture.path.clone());
        let groups = judgement.representatives.iter().zip(0..).map(|(rows, group)| FirstGroup {
            size: labels.iter().filter(|label| **label == Some(group)).count(),
            representatives: rows.iter().filter_map(path).collect(),
        });
        Ok(groups.filter(|group| group.size > 0).collect())
    }
}
