//! A clustering after an edit, before it is evaluated again: valid scores are kept, outdated ones are left out.

use std::collections::{HashMap, HashSet};

use super::clustering::{Assignment, Cluster, ClusterFacts, Clustering};

/// The most representatives of a cluster that has not been evaluated since it changed.
const REPRESENTATIVES: usize = 12;

/// `clustering` with these clusters, in id order, and every image where `place` puts it: its cluster's id, and whether it is
/// pinned there.
///
/// An image that moved has neither a silhouette nor a distance; scores of the whole clustering are unchanged.
pub fn rearrange(
    clustering: &Clustering,
    clusters: Vec<ClusterFacts>,
    place: impl Fn(&str) -> (Option<u32>, bool),
) -> Clustering {
    let items: Vec<Assignment> = clustering
        .items
        .iter()
        .map(|item| {
            let (cluster, locked) = place(&item.path);
            if cluster == item.cluster {
                return Assignment { locked, ..item.clone() };
            }
            Assignment { cluster, locked, silhouette: None, distance: None, next_cluster: None, ..item.clone() }
        })
        .collect();
    let mut members: HashMap<u32, Vec<&Assignment>> = HashMap::new();
    for item in &items {
        if let Some(cluster) = item.cluster {
            members.entry(cluster).or_default().push(item);
        }
    }
    let representatives_before: HashMap<u32, &[String]> =
        clustering.clusters.iter().map(|cluster| (cluster.id, cluster.representatives.as_slice())).collect();
    let clusters = clusters
        .into_iter()
        .map(|ClusterFacts { id, name, suggested, locked }| {
            let members = members.get(&id).map_or(&[][..], Vec::as_slice);
            let before = representatives_before.get(&id).copied().unwrap_or_default();
            Cluster {
                id,
                name,
                suggested,
                locked,
                size: members.len(),
                silhouette: mean(members.iter().filter_map(|item| item.silhouette)),
                representatives: representatives(members, before),
            }
        })
        .collect::<Vec<_>>();
    Clustering {
        k: clusters.len(),
        silhouette: mean(items.iter().filter_map(|item| item.silhouette)),
        clusters,
        items,
        ..clustering.clone()
    }
}

/// Previous representatives that are still members, then other members until there are enough.
fn representatives(members: &[&Assignment], before: &[String]) -> Vec<String> {
    let paths: HashSet<&str> = members.iter().map(|item| item.path.as_str()).collect();
    let kept: Vec<String> = before.iter().filter(|path| paths.contains(path.as_str())).cloned().collect();
    let others = members.iter().map(|item| &item.path).filter(|path| !kept.contains(path)).cloned();
    kept.iter().cloned().chain(others).take(REPRESENTATIVES.max(kept.len())).collect()
}

fn mean(values: impl Iterator<Item = f32>) -> Option<f32> {
    let (sum, count) = values.fold((0.0, 0.0), |(sum, count), value| (sum + f64::from(value), count + 1.0));
    (count > 0.0).then(|| (sum / count) as f32)
}
