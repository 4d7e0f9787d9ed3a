//! The buttons of a map: tools and zoom.

use leptos::prelude::*;

use crate::text;

/// The zoom factor of one key press or click.
pub const ZOOM_STEP: f64 = 1.3;

/// What dragging with the primary button or one finger does on the map in two dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// Selects in a rectangle; a finger scrolls the page.
    Box,
    /// Selects in a loop drawn by hand.
    Lasso,
    /// Pans the map.
    Hand,
}

/// The buttons that zoom in, zoom out and fit the map.
#[component]
pub fn ZoomButtons(
    zoom: impl Fn(f64) + Copy + Send + 'static,
    fit: impl Fn() + Copy + Send + 'static,
) -> impl IntoView {
    let button = move |label: &'static str, name: &'static str, factor: f64| {
        view! { <button type="button" aria-label=name title=name on:click=move |_| zoom(factor)>{label}</button> }
    };
    view! {
        {button("−", text::ZOOM_OUT, 1.0 / ZOOM_STEP)}
        {button("+", text::ZOOM_IN, ZOOM_STEP)}
        <button type="button" aria-label=text::FIT_MAP title=text::FIT_MAP on:click=move |_| fit()>{text::FIT}</button>
    }
}

/// The tools of the map in two dimensions, and the switch between points and images. Pressing the active tool returns to
/// [`Tool::Box`].
#[component]
pub fn Tools(
    tool: RwSignal<Tool>,
    shows_images: impl Fn() -> bool + Copy + Send + 'static,
    toggle_images: impl Fn() + Copy + Send + 'static,
) -> impl IntoView {
    let button = move |own: Tool, label: &'static str, hint: &'static str| {
        let is_active = move || tool.get() == own;
        let press = move |_| tool.update(|tool| *tool = if *tool == own { Tool::Box } else { own });
        view! {
            <button type="button" aria-pressed=move || is_active().to_string() title=hint on:click=press>{label}</button>
        }
    };
    view! {
        {button(Tool::Lasso, text::LASSO, text::LASSO_HINT)}
        {button(Tool::Hand, text::HAND, text::HAND_HINT)}
        <button
            type="button"
            aria-pressed=move || shows_images().to_string()
            title=text::SHOW_IMAGES_HINT
            on:click=move |_| toggle_images()
        >
            {text::SHOW_IMAGES}
        </button>
    }
}
