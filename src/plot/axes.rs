//! Titles of the axes of maps.

/// `PC 1 (23 % of variance)`, or `PC 1` where the share is unknown.
pub(super) fn axis_title(axis: usize, explained: [Option<f32>; 3]) -> String {
    axis_title_with(axis, explained, " of variance")
}

/// `PC 1 (23 %)`, where there is little room.
pub(super) fn short_axis_title(axis: usize, explained: [Option<f32>; 3]) -> String {
    axis_title_with(axis, explained, "")
}

fn axis_title_with(axis: usize, explained: [Option<f32>; 3], of_what: &str) -> String {
    match explained[axis].filter(|share| share.is_finite()) {
        Some(share) => format!("PC {} ({:.0} %{of_what})", axis + 1, 100.0 * share),
        None => format!("PC {}", axis + 1),
    }
}
