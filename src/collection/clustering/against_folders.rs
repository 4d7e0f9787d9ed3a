//! Scores of clusters against the folders that the images came in.

use std::collections::HashMap;

use super::{Confusion, Scores};
use crate::cluster::{ClusterError, metrics};
use crate::collection::classes;

/// Classes and clusters are matched up to this number of steps, which takes some 50 ms: the scores follow each edit, on the page's
/// thread. 200 folders in 200 clusters take 8 million.
const MATCHING_STEPS_MAX: usize = 10_000_000;

/// How well the clusters `labels`, shape `[n]` and below `clusters`, agree with the folders of `paths`, shape `[n]`: NMI, ARI,
/// accuracy and the confusion table. Unassigned images count as one cluster. All other scores are undefined, and so are these
/// for images in fewer than two folders; the accuracy is, too, for several hundred folders in as many clusters.
///
/// # Errors
/// [`ClusterError::LabelCount`] if there are not as many labels as paths, [`ClusterError::UnknownCluster`].
pub fn scores_against_folders<P: AsRef<str>>(
    paths: &[P],
    labels: &[Option<u32>],
    clusters: usize,
) -> Result<Scores, ClusterError> {
    let Some((names, truth)) = classes(paths) else { return Ok(Scores::default()) };
    // Clusters without images get no number: there may be more clusters than images, and the scores compare every two.
    let mut numbers = HashMap::new();
    let mut number = |label: &Option<u32>| {
        let next = numbers.len() as u32;
        *numbers.entry(*label).or_insert(next)
    };
    let found: Vec<u32> = labels.iter().map(&mut number).collect();
    // The Hungarian method is cubic.
    let (fewer, more) = (names.len().min(numbers.len()), names.len().max(numbers.len()));
    let is_matched = fewer.saturating_pow(2).saturating_mul(more) <= MATCHING_STEPS_MAX;
    let accuracy = if is_matched { Some(metrics::accuracy(&truth, &found)?.0) } else { None };
    let mut counts = vec![vec![0; clusters]; names.len()];
    let mut unassigned = vec![0; names.len()];
    for (&class, label) in truth.iter().zip(labels) {
        match label {
            Some(label) => {
                let row = &mut counts[class as usize];
                let unknown = ClusterError::UnknownCluster { cluster: *label, k: clusters };
                *row.get_mut(*label as usize).ok_or(unknown)? += 1;
            }
            None => unassigned[class as usize] += 1,
        }
    }
    Ok(Scores {
        nmi: Some(metrics::nmi(&truth, &found)?),
        ari: Some(metrics::ari(&truth, &found)?),
        accuracy,
        confusion: Some(Confusion { classes: names, counts, unassigned }),
        ..Scores::default()
    })
}
