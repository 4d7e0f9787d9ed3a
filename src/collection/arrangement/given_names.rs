//! Given names that follow their images when these are clustered again.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::Arrangement;
use crate::collection::ImageId;

impl Arrangement {
    /// The given name that follows its images into each of these clusters, if any.
    ///
    /// A name goes to the cluster with most of its images, the first of equals, if more than half of that cluster's images bear
    /// it; images that have been in no cluster do not count. A name that finds no cluster stays with its images, so that it
    /// returns when they are in one cluster again.
    pub(super) fn following_names(&self, clusters: &[&[ImageId]]) -> Vec<Option<Rc<str>>> {
        let mut counts: BTreeMap<&Rc<str>, BTreeMap<usize, usize>> = BTreeMap::new();
        let mut known = vec![0; clusters.len()];
        for (place, images) in clusters.iter().enumerate() {
            for membership in images.iter().filter_map(|image| self.memberships.get(image)) {
                known[place] += usize::from(membership.cluster.is_some() || membership.given_name.is_some());
                if let Some(name) = &membership.given_name {
                    *counts.entry(name).or_default().entry(place).or_default() += 1;
                }
            }
        }
        let mut names = vec![None; clusters.len()];
        for (name, counts) in counts {
            // Of equal counts, `max_by_key` returns the last.
            let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
            if let Some((place, _)) = most.filter(|&(place, count)| 2 * count > known[place]) {
                names[place] = Some(name.clone());
            }
        }
        names
    }
}
