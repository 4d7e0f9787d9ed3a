//! All texts of the interface, one table per area. The interface says "picture" and "group" for image and cluster.

mod about;
mod adding;
mod browsing;
mod charts;
mod editing;
mod exporting;
mod groups;
mod memory;
mod settings;

pub use about::*;
pub use adding::*;
pub use browsing::*;
pub use charts::*;
pub use editing::*;
pub use exporting::*;
pub use groups::*;
pub use memory::*;
pub use settings::*;

/// Button.
pub const CANCEL: &str = "Cancel";
/// Button.
pub const CLOSE: &str = "Close";
/// Button of a notice.
pub const DISMISS: &str = "Dismiss";
/// The images that are in no cluster.
pub const UNASSIGNED: &str = "Unsorted";

/// `1 picture`, `2 pictures`.
pub fn image_count(count: usize) -> String {
    counted(count, "picture", "pictures")
}

/// `1 group`, `2 groups`.
pub fn cluster_count(count: usize) -> String {
    counted(count, "group", "groups")
}

/// A silhouette or distance to two places, or a dash where it is undefined.
pub fn two_places(value: Option<f32>) -> String {
    value.map_or_else(|| "–".into(), |value| format!("{value:.2}"))
}

/// The number of entries that a shortened list leaves out.
pub fn and_more(count: usize) -> String {
    format!("and {count} more")
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}
