//! Texts of the groups: their cards, the summary and the scores.

use shoal::collection::Clustering;

use super::{UNASSIGNED, cluster_count, image_count, two_places};

/// Label of the section.
pub const GROUPS: &str = "Groups";
/// Button of a card.
pub const SHOW_ALL: &str = "Show all";
/// Text field.
pub const GROUP_NAME: &str = "Name of the group";
/// Hint of a suggested name.
pub const SUGGESTED_NAME_HINT: &str = "Suggested by the network; type to rename";
/// Mark of a suggested name.
pub const SUGGESTED_NAME: &str = "suggested";
/// Button of a cluster that is not locked.
pub const LOCK_GROUP: &str = "Lock: its pictures stay when you group again";
/// Button of a locked cluster.
pub const UNLOCK_GROUP: &str = "Unlock: its pictures may move when you group again";
/// Label.
pub const GROUP_ORDER: &str = "Order of the groups";
/// Choice of [`GROUP_ORDER`].
pub const AS_FOUND: &str = "As found";
/// Choice of [`GROUP_ORDER`].
pub const LARGEST_FIRST: &str = "Largest first";
/// Choice of [`GROUP_ORDER`].
pub const BEST_FIRST: &str = "Best fit first";
/// Choice of [`GROUP_ORDER`] and of the order of images.
pub const BY_NAME: &str = "By name";
/// Order of images.
pub const BY_TIME_TAKEN: &str = "By time taken";
/// The silhouette from which groups are called clear. Of the two sets of photographs in weights/README.md, the groceries, nearly
/// all of which are in the right group, have 0.27.
const CLEAR_SILHOUETTE: f32 = 0.2;
/// The silhouette from which groups are called mixed rather than overlapping. The clothes, some 60 % of which are in the right
/// group, have 0.12.
const MIXED_SILHOUETTE: f32 = 0.1;
/// What a silhouette says.
pub const SILHOUETTE_HINT: &str = "Near 1, the pictures of a group resemble each other and no others; near 0, groups overlap; \
     below 0, pictures may be in the wrong group.";
/// Heading.
pub const ALL_SCORES: &str = "All scores";
/// Mark of scores that are not exact.
pub const SAMPLED: &str = "estimated from a sample";
/// Caption of the confusion table.
pub const CONFUSION: &str = "How many pictures your folders and the groups share";
/// Column heading of the confusion table.
pub const FOLDER: &str = "Folder";
/// Column heading of the confusion table.
pub const IN_NO_GROUP: &str = UNASSIGNED;

/// Heading of the summary.
pub fn summary(images: usize, clusters: usize) -> String {
    format!("{} in {}", image_count(images), cluster_count(clusters))
}

/// What a silhouette says, in a word.
fn clarity(silhouette: f32) -> &'static str {
    match silhouette {
        value if value >= CLEAR_SILHOUETTE => "clear",
        value if value >= MIXED_SILHOUETTE => "mixed",
        _ => "overlapping",
    }
}

/// How clear the groups are as a whole, and the share of pictures in the group of their folder, if that means something.
pub fn quality(silhouette: Option<f32>, accuracy: Option<f64>) -> String {
    let clarity = silhouette.map(|silhouette| format!("The groups are {}.", clarity(silhouette)));
    let agreement = accuracy.map(|accuracy| format!("{:.0} % are grouped as in your folders.", accuracy * 100.0));
    clarity.into_iter().chain(agreement).collect::<Vec<_>>().join(" ")
}

/// The silhouette of a group or of all, and what it says.
pub fn silhouette_hint(silhouette: Option<f32>) -> String {
    format!("Silhouette {}. {SILHOUETTE_HINT}", two_places(silhouette))
}

/// Size of a cluster, and how clear it is.
pub fn card_facts(size: usize, silhouette: Option<f32>) -> String {
    let clarity = silhouette.map(|silhouette| format!(" · {}", clarity(silhouette))).unwrap_or_default();
    format!("{}{clarity}", image_count(size))
}

/// Every score with its name, value and meaning.
pub fn scores(clustering: &Clustering) -> Vec<(&'static str, String, &'static str)> {
    let number = |value: Option<f64>| value.map_or_else(|| "–".into(), |value| format!("{value:.3}"));
    let percent = |value: Option<f32>| value.map_or_else(|| "–".into(), |value| format!("{:.0} %", value * 100.0));
    let mut scores = vec![
        ("Mean silhouette", number(clustering.silhouette.map(f64::from)), SILHOUETTE_HINT),
        ("Davies–Bouldin", number(clustering.scores.davies_bouldin), "From 0; lower is better"),
        ("Calinski–Harabasz", number(clustering.scores.calinski_harabasz), "From 0; higher is better"),
        ("Inertia", number(Some(clustering.inertia)), "The sum of squared distances to the centres; lower is tighter"),
        ("Variance kept", percent(clustering.variance_kept), "The share of the features' variance that grouping uses"),
        (
            "Variance of the map's axes",
            clustering.explained.map(percent).join(", "),
            "The share of the variance that each of the first three principal components explains",
        ),
    ];
    let against_folders = [
        (
            "NMI with your folders",
            clustering.scores.nmi,
            "From 0 to 1: how much groups and folders tell about each other",
        ),
        ("ARI with your folders", clustering.scores.ari, "At most 1; 0 is what chance would give"),
        (
            "Accuracy against your folders",
            clustering.scores.accuracy,
            "The share of pictures in the group matched to their folder",
        ),
    ];
    scores.extend(
        against_folders
            .into_iter()
            .filter(|(_, value, _)| value.is_some())
            .map(|(name, value, hint)| (name, number(value), hint)),
    );
    scores
}
