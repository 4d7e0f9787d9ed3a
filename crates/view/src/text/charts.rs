//! Texts of the charts: the maps, the curve over k, the silhouettes.

/// Title of the map.
pub const MAP: &str = "Map of the pictures";
/// Label of the switch between two and three dimensions.
pub const DIMENSIONS: &str = "Dimensions of the map";
/// Button.
pub const MAP_2D: &str = "2D";
/// Button.
pub const MAP_3D: &str = "3D";
/// How to use the map in three dimensions.
pub const MAP_3D_HINT: &str =
    "Drag or use the arrow keys to rotate, + and - to zoom, 0 to reset; click or press Enter to select.";
/// How to use the map in two dimensions.
pub const MAP_2D_HINT: &str = "Point at a dot to see its picture; click or drag to select. Shift and drag draws a lasso. Ctrl and wheel, + and - zoom, \
     arrow keys pan, 0 fits the map, Enter selects.";
/// Button.
pub const LASSO: &str = "Lasso";
/// Hint.
pub const LASSO_HINT: &str = "Draw a loop around pictures to select them";
/// Button.
pub const HAND: &str = "Hand";
/// Hint.
pub const HAND_HINT: &str = "Drag to move the map";
/// Button.
pub const SHOW_IMAGES: &str = "Pictures";
/// Hint.
pub const SHOW_IMAGES_HINT: &str = "Show pictures instead of points where there is room";
/// Button.
pub const ZOOM_IN: &str = "Zoom in";
/// Button.
pub const ZOOM_OUT: &str = "Zoom out";
/// Button that shows the whole map.
pub const FIT: &str = "Fit";
/// Accessible name of [`FIT`].
pub const FIT_MAP: &str = "Fit the map";
/// Label of the list of selected images.
pub const SELECTED_IMAGES: &str = "Selected pictures";
/// Description of the map for those who cannot see it.
pub const MAP_DESCRIPTION: &str =
    "Every picture is a point, coloured by its group; pictures that look alike lie near each other.";
/// Title of the curve over the number of clusters.
pub const CURVE: &str = "How many groups?";
/// Description of the curve for those who cannot see it.
pub const CURVE_DESCRIPTION: &str = "The mean silhouette for every number of groups that was tried; higher is better.";
/// Before the proposed numbers of clusters.
pub const PROPOSALS: &str = "Worth a look:";
/// Title of the silhouette plot.
pub const SILHOUETTES: &str = "How well pictures fit";
/// Description of the silhouette plot for those who cannot see it.
pub const SILHOUETTES_DESCRIPTION: &str =
    "Every picture is a bar as long as its silhouette, group by group; the line is the mean of all.";

/// Button that saves a chart in a file format.
pub fn save_as(format: &str) -> String {
    format!("Save as {format}")
}

/// Button that groups into `k` clusters, with the silhouette they would have.
pub fn proposal(k: usize, silhouette: Option<f32>) -> String {
    format!("{} · {}", super::cluster_count(k), super::two_places(silhouette))
}
