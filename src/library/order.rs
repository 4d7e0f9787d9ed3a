//! In which order pictures are looked at: those that show best what a cluster is first, and those to check first.

use super::outcome::{Item, Outcome};

/// The pictures of a cluster, or those in none, the nearest to the centre first; without distances in path order.
pub fn by_closeness(outcome: &Outcome, cluster: Option<u32>) -> Vec<&Item> {
    let mut items: Vec<&Item> = outcome.items.iter().filter(|item| item.cluster == cluster).collect();
    let distance = |item: &Item| item.distance.unwrap_or(f32::INFINITY);
    // Stable: path order where distances are equal.
    items.sort_by(|one, other| distance(one).total_cmp(&distance(other)));
    items
}

/// The pictures that are nearer to another cluster than to their own, those that fit worst first. What a person has fixed
/// is not doubted.
pub fn doubtful(outcome: &Outcome) -> Vec<&Item> {
    let mut items: Vec<(f32, &Item)> = outcome
        .items
        .iter()
        .filter(|item| !item.locked && item.cluster.is_some())
        .filter_map(|item| Some((item.silhouette.filter(|silhouette| *silhouette < 0.0)?, item)))
        .collect();
    items.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    items.into_iter().map(|(_, item)| item).collect()
}
