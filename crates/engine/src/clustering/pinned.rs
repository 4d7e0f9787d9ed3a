//! Pinned images and clusters, as input of the search for clusters.

use std::collections::HashMap;

use shoal::collection::ImageId;
use shoal::collection::arrangement::Arrangement;

/// What is pinned. Pinned clusters come first, in id order; rows are those of a transform.
pub struct Pinned {
    /// Ids of the clusters that must survive the search.
    pub surviving: Vec<u32>,
    /// The rows that take part: all except those that the user excluded.
    pub included: Vec<usize>,
    /// The position in `surviving` of the cluster that a row is pinned to, shape `[n]`.
    pub labels: Vec<Option<u32>>,
}

impl Pinned {
    /// What is pinned in `arrangement`, for these images.
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

    /// The rows that take part and are not pinned.
    pub fn free(&self) -> Vec<usize> {
        self.included.iter().copied().filter(|&row| self.labels[row].is_none()).collect()
    }
}
