//! Scores of clusters against the folders that the images came in.

use std::collections::HashMap;

use super::{Confusion, Scores};
use crate::cluster::{ClusterError, metrics};
use crate::collection::classes;

/// How well the clusters `labels`, shape `[n]` and below `clusters`, agree with the folders of `paths`, shape `[n]`: NMI, ARI,
/// accuracy and the confusion table. Unassigned images count as one cluster. All other scores are undefined, and so are these
/// for images in fewer than two folders.
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
    let (accuracy, _) = metrics::accuracy(&truth, &found)?;
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
        accuracy: Some(accuracy),
        confusion: Some(Confusion { classes: names, counts, unassigned }),
        ..Scores::default()
    })
}
