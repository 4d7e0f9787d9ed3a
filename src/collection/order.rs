//! Sorting of images and clusters, and search by words.

use std::collections::HashMap;

use super::clustering::{Assignment, Cluster, Clustering};

/// The images of a cluster, or the unassigned ones, in the given order.
pub fn members(clustering: &Clustering, cluster: Option<u32>, order: ImageOrder) -> Vec<&Assignment> {
    let mut items: Vec<&Assignment> = clustering.items.iter().filter(|item| item.cluster == cluster).collect();
    put_in_order(&mut items, order);
    items
}

/// The images that are closer to another cluster than to their own, worst fit first. Pinned images are left out.
pub fn doubtful(clustering: &Clustering) -> Vec<&Assignment> {
    let mut items: Vec<&Assignment> = clustering.items.iter().filter(|item| item.is_doubtful()).collect();
    put_in_order(&mut items, ImageOrder::WorstFit);
    items
}

/// The order of a cluster's images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ImageOrder {
    /// Nearest to the centre first.
    #[default]
    Closeness,
    /// Worst fit first: by ascending silhouette.
    WorstFit,
    /// By path.
    Path,
    /// Taken first first; images without a capture time last, by path.
    Taken,
}

/// The order of the clusters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ClusterOrder {
    /// By id.
    #[default]
    Found,
    /// Largest first.
    Size,
    /// Highest silhouette first.
    Silhouette,
    /// By name, comparing numbers by value.
    Name,
}

/// Sorts images in place. The sort is stable; images without the value that is sorted by come last.
pub fn put_in_order(items: &mut [&Assignment], order: ImageOrder) {
    let last = |value: Option<f32>| value.unwrap_or(f32::INFINITY);
    match order {
        ImageOrder::Closeness => items.sort_by(|one, other| last(one.distance).total_cmp(&last(other.distance))),
        ImageOrder::WorstFit => items.sort_by(|one, other| last(one.silhouette).total_cmp(&last(other.silhouette))),
        ImageOrder::Path => items.sort_by(|one, other| one.path.cmp(&other.path)),
        ImageOrder::Taken => items.sort_by(|one, other| {
            // Times in ISO 8601 are in the order of their texts.
            let key = |item: &'_ Assignment| item.capture.as_ref().and_then(|capture| capture.taken.clone());
            let (one_taken, other_taken) = (key(one), key(other));
            let by_time = other_taken.is_some().cmp(&one_taken.is_some()).then_with(|| one_taken.cmp(&other_taken));
            by_time.then_with(|| one.path.cmp(&other.path))
        }),
    }
}

/// The clusters in the given order; equal ones stay in id order.
pub fn clusters_in_order(clustering: &Clustering, order: ClusterOrder) -> Vec<&Cluster> {
    let mut clusters: Vec<&Cluster> = clustering.clusters.iter().collect();
    let silhouette = |cluster: &Cluster| cluster.silhouette.unwrap_or(f32::NEG_INFINITY);
    match order {
        ClusterOrder::Found => {}
        ClusterOrder::Size => clusters.sort_by_key(|cluster| std::cmp::Reverse(cluster.size)),
        ClusterOrder::Silhouette => clusters.sort_by(|one, other| silhouette(other).total_cmp(&silhouette(one))),
        ClusterOrder::Name => clusters.sort_by_cached_key(|cluster| natural_key(&cluster.name)),
    }
    clusters
}

/// The sort key of a name in natural order: `Group 9` comes before `Group 10`, and case is ignored.
fn natural_key(name: &str) -> Vec<(String, u64)> {
    let lower = name.to_lowercase();
    let mut rest = lower.as_str();
    let mut key = Vec::new();
    while !rest.is_empty() {
        let words = rest.find(|letter: char| letter.is_ascii_digit()).unwrap_or(rest.len());
        let digits = rest[words..].find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len() - words);
        // A number that overflows sorts after all others.
        let number = if digits == 0 { 0 } else { rest[words..words + digits].parse().unwrap_or(u64::MAX) };
        key.push((rest[..words].to_owned(), number));
        rest = &rest[words + digits..];
    }
    key
}

/// The images for which every word of `words` occurs in the path or in the cluster's name, ignoring case; none if there are
/// no words.
pub fn matching<'a>(clustering: &'a Clustering, words: &str) -> Vec<&'a Assignment> {
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let names: HashMap<u32, String> =
        clustering.clusters.iter().map(|cluster| (cluster.id, cluster.name.to_lowercase())).collect();
    let occurs = |item: &Assignment, path: &str, word: &String| {
        path.contains(word) || item.cluster.and_then(|id| names.get(&id)).is_some_and(|name| name.contains(word))
    };
    let matches = |item: &&Assignment| {
        let path = item.path.to_lowercase();
        words.iter().all(|word| occurs(item, &path, word))
    };
    clustering.items.iter().filter(matches).collect()
}
