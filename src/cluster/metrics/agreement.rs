//! Agreement with known classes, independent of the numbering of clusters: NMI and the adjusted Rand index.

use std::collections::BTreeMap;

use crate::cluster::ClusterError;
use crate::cluster::relabel::dense;

/// The normalised mutual information of two labellings, shape `[n]` each: their mutual information divided by the mean of their
/// entropies, 0 to 1, as in scikit-learn's `normalized_mutual_info_score`. 1 if each labelling has only one label.
///
/// # Errors
/// [`ClusterError::NoRows`] without rows, [`ClusterError::LabelCount`] if the lengths differ.
///
/// # Examples
/// ```
/// use shoal::cluster::metrics::nmi;
///
/// assert_eq!(nmi(&[0, 0, 1, 1], &[5, 5, 2, 2])?, 1.0);
/// assert_eq!(nmi(&[0, 0, 1, 1], &[0, 1, 0, 1])?, 0.0);
/// # Ok::<(), shoal::cluster::ClusterError>(())
/// ```
pub fn nmi(classes: &[u32], clusters: &[u32]) -> Result<f64, ClusterError> {
    let table = Overlap::of(classes, clusters)?;
    if table.classes.len() == 1 && table.clusters.len() == 1 {
        return Ok(1.0);
    }
    let n = table.rows;
    let entropy =
        |counts: &[f64]| counts.iter().map(|count| -(count / n) * (count / n).ln()).fold(0.0, |sum, term| sum + term);
    let information: f64 = table
        .both
        .iter()
        .map(|(&(class, cluster), count)| {
            count / n * (count * n / (table.classes[class] * table.clusters[cluster])).ln()
        })
        .sum();
    let mean_entropy = (entropy(&table.classes) + entropy(&table.clusters)) / 2.0;
    // Rounding may exceed the limits.
    Ok((information / mean_entropy).clamp(0.0, 1.0))
}

/// The adjusted Rand index (Hubert and Arabie, "Comparing partitions", 1985) of two labellings, shape `[n]` each: 1 if
/// they are equal, near 0 for chance, negative for less than chance.
///
/// # Errors
/// As [`nmi`].
pub fn ari(classes: &[u32], clusters: &[u32]) -> Result<f64, ClusterError> {
    let table = Overlap::of(classes, clusters)?;
    let n = table.rows;
    let squares = |counts: &mut dyn Iterator<Item = f64>| counts.map(|count| count * count).sum::<f64>();
    let both = squares(&mut table.both.values().copied());
    let in_class = squares(&mut table.classes.iter().copied());
    let in_cluster = squares(&mut table.clusters.iter().copied());
    // Ordered pairs of rows that are together in both labellings, in the classes only, in the clusters only, in neither.
    let (together, class_only, cluster_only) = (both - n, in_class - both, in_cluster - both);
    let apart = n * n - in_class - in_cluster + both;
    if class_only == 0.0 && cluster_only == 0.0 {
        return Ok(1.0);
    }
    let disagreement =
        (together + class_only) * (class_only + apart) + (together + cluster_only) * (cluster_only + apart);
    Ok(2.0 * (together * apart - class_only * cluster_only) / disagreement)
}

/// The contingency table: the number of rows of each class, of each cluster, and of each pair of them.
struct Overlap {
    rows: f64,
    both: BTreeMap<(usize, usize), f64>,
    classes: Vec<f64>,
    clusters: Vec<f64>,
}

impl Overlap {
    fn of(classes: &[u32], clusters: &[u32]) -> Result<Self, ClusterError> {
        if classes.len() != clusters.len() {
            return Err(ClusterError::LabelCount { labels: clusters.len(), rows: classes.len() });
        }
        if classes.is_empty() {
            return Err(ClusterError::NoRows);
        }
        let rows = classes.len() as f64;
        let ((classes, class_ids), (clusters, cluster_ids)) = (dense(classes), dense(clusters));
        let (class_count, cluster_count) = (class_ids.len(), cluster_ids.len());
        let mut table =
            Self { rows, both: BTreeMap::new(), classes: vec![0.0; class_count], clusters: vec![0.0; cluster_count] };
        for (class, cluster) in classes.into_iter().zip(clusters) {
            *table.both.entry((class, cluster)).or_default() += 1.0;
            table.classes[class] += 1.0;
            table.clusters[cluster] += 1.0;
        }
        Ok(table)
    }
}
