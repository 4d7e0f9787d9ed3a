//! The theme and pixel density of the page, and the colours of clusters in both themes.

use shoal::plot::{Theme, colour, css_colour};

/// The theme that the system prefers.
pub fn theme() -> Theme {
    if dark_query().is_some_and(|query| query.matches()) { Theme::Dark } else { Theme::Light }
}

/// The media query that changes with the theme.
pub fn dark_query() -> Option<web_sys::MediaQueryList> {
    web_sys::window()?.match_media("(prefers-color-scheme: dark)").ok()?
}

/// Device pixels per CSS pixel.
pub fn device_pixel_ratio() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio())
}

/// The colour of a cluster's look, as a CSS value that follows the theme.
pub fn css_colour_of(look: u32) -> String {
    let [light, dark] = [Theme::Light, Theme::Dark].map(|theme| css_colour(colour(look, theme)));
    format!("light-dark({light}, {dark})")
}
