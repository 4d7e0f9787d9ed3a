//! What the user fixed, as the search for clusters sees it.

use std::collections::HashMap;

use shoal::collection::ImageId;
use shoal::collection::arrangement::Arrangement;

/// What must stay. Pinned clusters come first, in id order; rows are those of a transform.
pub struct Pinned {
    /// Ids of the clusters that must exist afterwards.
    pub surviving: Vec<u32>,
    /// The rows that take part: all but those that the user excluded.
    pub included: Vec<usize>,
    /// The position in `surviving` of the cluster that a row is pinned to, shape `[n]`.
    pub labels: Vec<Option<u32>>,
}

impl Pinned {
    /// What `arrangement` fixes of these images.
    pub fn of(arrangement: &Arrangement, ids: &[ImageId]) -> Self {
        let surviving = arrangement.surviving();
        let place = |cluster: u32| surviving.binary_search(&cluster).ok().and_then(|place| u32::try_from(place).ok());
        let pinned: HashMap<ImageId, u32> =
            arrangement.pinned().into_iter().filter_map(|(id, cluster)| Some((id, place(cluster)?))).collect();
        let is_excluded = |id: ImageId| arrangement.is_pinned(id) && arrangement.cluster_of(id).is_none();
        Self {
            included: (0..ids.len()).filter(|&row| !is_excluded(ids[row])).collect(),
            labels: ids.iter().map(|id| pinned.get(id).copied()).collect(),
            surviving,
        }
    }

    /// The rows that take part and may go to any cluster.
    pub fn free(&self) -> Vec<usize> {
        self.included.iter().copied().filter(|&row| self.labels[row].is_none()).collect()
    }
}
