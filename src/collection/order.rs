//! In which order pictures and groups are looked at, and which pictures words find.

use std::collections::HashMap;

use super::clustering::{Assignment, Cluster, Clustering};

/// The pictures of a cluster, or those in none, in an order.
pub fn members(clustering: &Clustering, cluster: Option<u32>, order: ImageOrder) -> Vec<&Assignment> {
    let mut items: Vec<&Assignment> = clustering.items.iter().filter(|item| item.cluster == cluster).collect();
    put_in_order(&mut items, order);
    items
}

/// The pictures that are nearer to another cluster than to their own, those that fit worst first. What a person has fixed
/// is not doubted.
pub fn doubtful(clustering: &Clustering) -> Vec<&Assignment> {
    let mut items: Vec<&Assignment> = clustering.items.iter().filter(|item| item.is_doubtful()).collect();
    put_in_order(&mut items, ImageOrder::WorstFit);
    items
}

/// In which order the pictures of a group are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ImageOrder {
    /// The nearest to the centre first.
    #[default]
    Closeness,
    /// Those that fit worst first: the lowest silhouettes.
    WorstFit,
    /// By path.
    Path,
}

/// In which order groups are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClusterOrder {
    /// As they were found.
    #[default]
    Found,
    /// The largest first.
    Size,
    /// The highest silhouette first.
    Silhouette,
    /// By name, numbers by their value.
    Name,
}

/// Puts pictures in an order; those that are equal in it stay as they are, and those of which it is not known come last.
pub fn put_in_order(items: &mut [&Assignment], order: ImageOrder) {
    let last = |value: Option<f32>| value.unwrap_or(f32::INFINITY);
    match order {
        ImageOrder::Closeness => items.sort_by(|one, other| last(one.distance).total_cmp(&last(other.distance))),
        ImageOrder::WorstFit => items.sort_by(|one, other| last(one.silhouette).total_cmp(&last(other.silhouette))),
        ImageOrder::Path => items.sort_by(|one, other| one.path.cmp(&other.path)),
    }
}

/// The groups in an order; those that are equal in it stay as they were found.
pub fn clusters_in_order(clustering: &Clustering, order: ClusterOrder) -> Vec<&Cluster> {
    let mut groups: Vec<&Cluster> = clustering.clusters.iter().collect();
    let silhouette = |group: &Cluster| group.silhouette.unwrap_or(f32::NEG_INFINITY);
    match order {
        ClusterOrder::Found => {}
        ClusterOrder::Size => groups.sort_by_key(|group| std::cmp::Reverse(group.size)),
        ClusterOrder::Silhouette => groups.sort_by(|one, other| silhouette(other).total_cmp(&silhouette(one))),
        ClusterOrder::Name => groups.sort_by_cached_key(|group| natural_key(&group.name)),
    }
    groups
}

/// What names are compared by: `Group 9` comes before `Group 10`, and letters' case does not matter.
fn natural_key(name: &str) -> Vec<(String, u64)> {
    let lower = name.to_lowercase();
    let mut rest = lower.as_str();
    let mut key = Vec::new();
    while !rest.is_empty() {
        let words = rest.find(|letter: char| letter.is_ascii_digit()).unwrap_or(rest.len());
        let digits = rest[words..].find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len() - words);
        // A number too large to count is beyond all others.
        let number = if digits == 0 { 0 } else { rest[words..words + digits].parse().unwrap_or(u64::MAX) };
        key.push((rest[..words].to_owned(), number));
        rest = &rest[words + digits..];
    }
    key
}

/// The pictures in whose path or group's name every word of `words` occurs, whatever its case; none where there is no word.
pub fn matching<'a>(clustering: &'a Clustering, words: &str) -> Vec<&'a Assignment> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let names: HashMap<u32, String> =
        clustering.clusters.iter().map(|group| (group.id, group.name.to_lowercase())).collect();
    let occurs = |item: &Assignment, path: &str, word: &String| {
        path.contains(word) || item.cluster.and_then(|id| names.get(&id)).is_some_and(|name| name.contains(word))
    };
    let matches = |item: &&Assignment| {
        let path = item.path.to_lowercase();
        words.iter().all(|word| occurs(item, &path, word))
    };
    clustering.items.iter().filter(matches).collect()
}
