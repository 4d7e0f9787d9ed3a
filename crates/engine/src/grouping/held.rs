//! What a person has fixed, as the search for groups sees it.

use std::collections::HashMap;

use shoal::collection::ImageId;
use shoal::collection::arrangement::Arrangement;

/// What must stay. Clusters that survive are the first, in id order; rows are those of a space.
pub struct Held {
    /// Ids of the clusters that must be there afterwards.
    pub survivors: Vec<u32>,
    /// The rows that take part: all but those that a person set aside.
    pub taking_part: Vec<usize>,
    /// The place in `survivors` of the cluster that a row stays in, shape `[n]`.
    pub labels: Vec<Option<u32>>,
}

impl Held {
    /// What `arrangement` holds of these pictures.
    pub fn of(arrangement: &Arrangement, ids: &[ImageId]) -> Self {
        let survivors = arrangement.surviving();
        let place = |cluster: u32| survivors.binary_search(&cluster).ok().and_then(|place| u32::try_from(place).ok());
        let held: HashMap<ImageId, u32> =
            arrangement.pinned().into_iter().filter_map(|(id, cluster)| Some((id, place(cluster)?))).collect();
        let is_aside = |id: ImageId| arrangement.is_excluded(id);
        Self {
            taking_part: (0..ids.len()).filter(|&row| !is_aside(ids[row])).collect(),
            labels: ids.iter().map(|id| held.get(id).copied()).collect(),
            survivors,
        }
    }

    /// The rows that take part and may go anywhere.
    pub fn free(&self) -> Vec<usize> {
        self.taking_part.iter().copied().filter(|&row| self.labels[row].is_none()).collect()
    }
}
