//! Texts of search, the image panel, its grid and the lightbox.

use shoal::collection::{Assignment, Image};

use super::{UNASSIGNED, two_places};

/// Text field.
pub const SEARCH: &str = "Find by name or folder";
/// Title of the panel with the search results.
pub const SEARCH_RESULTS: &str = "Found";
/// Instead of an empty grid.
pub const NO_IMAGES: &str = "No pictures here.";
/// Label of the grid.
pub const GRID: &str = "Pictures";
/// The keys of the grid.
pub const GRID_KEYS: &str = "Click to enlarge; Ctrl-click or the tick selects, Shift-click selects a range. Keys: arrows move, Space selects, \
     Enter enlarges, M moves to a group, K keeps here, Delete sets aside.";
/// Label.
pub const IMAGE_ORDER: &str = "Order of the pictures";
/// Choice of [`IMAGE_ORDER`].
pub const CLOSEST_FIRST: &str = "Most typical first";
/// Choice of [`IMAGE_ORDER`].
pub const WORST_FIRST: &str = "Worst fit first";
/// Button of the lightbox.
pub const PREVIOUS: &str = "Previous picture";
/// Button of the lightbox.
pub const NEXT: &str = "Next picture";
/// The keys of the lightbox.
pub const LIGHTBOX_KEYS: &str = "Keys: arrows walk, M moves to a group, K keeps here, Delete sets aside.";
/// Heading in the lightbox.
pub const MOST_LIKE_THIS: &str = "Most like this";

/// Title of the image panel.
pub fn panel_title(name: &str, count: usize) -> String {
    format!("{name} · {}", super::image_count(count))
}

/// The place of an image among those that the lightbox walks through.
pub fn position(place: usize, count: usize) -> String {
    format!("{place} of {count}")
}

/// Description of an image in a grid.
pub fn image_title(path: &str, is_uncertain: bool, is_pinned: bool) -> String {
    let uncertain = if is_uncertain { ", may belong elsewhere" } else { "" };
    let pinned = if is_pinned { ", stays here" } else { "" };
    format!("{path}{uncertain}{pinned}")
}

/// An image's path, and its similarity to another.
pub fn neighbour(path: &str, cosine: f32) -> String {
    format!("{path}, {:.0} % similar", cosine * 100.0)
}

/// Facts about an image, with their names.
pub fn image_facts(
    assignment: Option<&Assignment>,
    image: Option<&Image>,
    cluster_name: impl Fn(u32) -> Option<String>,
) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    if let Some(assignment) = assignment {
        let name = assignment.cluster.and_then(&cluster_name).unwrap_or_else(|| UNASSIGNED.into());
        facts.push(("Group", if assignment.locked { format!("{name}, stays here") } else { name }));
        facts.push(("Silhouette", two_places(assignment.silhouette)));
        facts.push(("Distance to the centre", two_places(assignment.distance)));
        facts.extend(assignment.next_cluster.and_then(cluster_name).map(|name| ("Next nearest group", name)));
    }
    if let Some(image) = image {
        facts.push(("Size", format!("{} × {} pixels", image.width_px, image.height_px)));
        facts.push(("File", format!("{:.0} kB", image.byte_size as f64 / 1000.0)));
        let capture = image.capture.as_ref();
        facts.extend(capture.and_then(|capture| capture.taken.as_deref()).map(|taken| ("Taken", time_taken(taken))));
        facts.extend(capture.and_then(|capture| capture.camera.clone()).map(|camera| ("Camera", camera)));
    }
    facts
}

/// A capture time, to the second: `2024-05-03 14:22:05`.
pub fn time_taken(taken: &str) -> String {
    taken.get(..19).unwrap_or(taken).replace('T', " ")
}
