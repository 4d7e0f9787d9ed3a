//! Agreement with known classes under the best matching of clusters to classes.

use pathfinding::prelude::{Matrix as Table, kuhn_munkres};

use crate::cluster::ClusterError;

/// The share of rows in the cluster matched to their class, 0 to 1, and the confusion matrix: the number of rows of each class
/// in each cluster, shape `[classes, clusters]`.
///
/// Classes and clusters are matched one to one so that the share is highest (Kuhn, "The Hungarian method for the assignment
/// problem", 1955). If there are more of one than of the other, some remain unmatched and their rows count as wrong.
///
/// # Errors
/// [`ClusterError::NoRows`] without rows, [`ClusterError::LabelCount`] if the lengths differ, [`ClusterError::UnknownCluster`] for a class or cluster that is not below the number of rows.
///
/// # Examples
/// ```
/// use shoal::cluster::metrics::accuracy;
///
/// // Clusters may be numbered differently from classes; one of the five rows is in the wrong cluster.
/// let (share, counts) = accuracy(&[0, 0, 0, 1, 1], &[1, 1, 0, 0, 0])?;
/// assert_eq!(share, 0.8);
/// assert_eq!(counts, [[1, 2], [2, 0]]);
/// # Ok::<(), shoal::cluster::ClusterError>(())
/// ```
pub fn accuracy(classes: &[u32], clusters: &[u32]) -> Result<(f64, Vec<Vec<u32>>), ClusterError> {
    if classes.len() != clusters.len() {
        return Err(ClusterError::LabelCount { labels: clusters.len(), rows: classes.len() });
    }
    let rows = classes.len();
    let (class_count, cluster_count) = (count(classes)?, count(clusters)?);
    let mut counts = vec![vec![0_u32; cluster_count]; class_count];
    for (&class, &cluster) in classes.iter().zip(clusters) {
        counts[class as usize][cluster as usize] += 1;
    }
    let overlap = |class: usize, cluster: usize| i64::from(counts[class][cluster]);
    // `kuhn_munkres` needs at least as many columns as rows.
    let table = if class_count <= cluster_count {
        Table::from_fn(class_count, cluster_count, |(class, cluster)| overlap(class, cluster))
    } else {
        Table::from_fn(cluster_count, class_count, |(cluster, class)| overlap(class, cluster))
    };
    let (matched, _) = kuhn_munkres(&table);
    Ok((matched as f64 / rows as f64, counts))
}

/// One more than the highest label. The table has this size, so labels that are not below the number of rows are rejected.
fn count(labels: &[u32]) -> Result<usize, ClusterError> {
    match labels.iter().max() {
        None => Err(ClusterError::NoRows),
        Some(&cluster) if cluster as usize >= labels.len() => {
            Err(ClusterError::UnknownCluster { cluster, k: labels.len() })
        }
        Some(&highest) => Ok(highest as usize + 1),
    }
}
