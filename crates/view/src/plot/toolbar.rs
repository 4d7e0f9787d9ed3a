//! A map's buttons.

use leptos::prelude::*;

use crate::text;

/// One step of `+`, `-` and their buttons.
pub const ZOOM_STEP: f64 = 1.3;

/// What dragging with the first button or one finger does on the flat map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tool {
    /// Selects in a box; a finger scrolls the page.
    Box,
    /// Selects in a loop.
    Lasso,
    /// Moves the map.
    Hand,
}

/// Nearer, farther, and back to the whole.
#[component]
pub fn ZoomButtons(
    nearer: impl Fn(f64) + Copy + Send + 'static,
    whole: impl Fn() + Copy + Send + 'static,
) -> impl IntoView {
    let button = move |words: &'static str, name: &'static str, factor: f64| {
        view! { <button type="button" aria-label=name title=name on:click=move |_| nearer(factor)>{words}</button> }
    };
    view! {
        {button("−", text::FARTHER, 1.0 / ZOOM_STEP)}
        {button("+", text::NEARER, ZOOM_STEP)}
        <button type="button" aria-label=text::WHOLE_MAP_NAME title=text::WHOLE_MAP_NAME on:click=move |_| whole()>{text::WHOLE_MAP}</button>
    }
}

/// The flat map's tools. Pressed once more, a tool is put away.
#[component]
pub fn Tools(tool: RwSignal<Tool>, pictures: RwSignal<bool>) -> impl IntoView {
    let button = move |own: Tool, words: &'static str, hint: &'static str| {
        let pressed = move || tool.get() == own;
        let press = move |_| tool.update(|tool| *tool = if *tool == own { Tool::Box } else { own });
        view! {
            <button type="button" aria-pressed=move || pressed().to_string() title=hint on:click=press>{words}</button>
        }
    };
    view! {
        {button(Tool::Lasso, text::LASSO, text::LASSO_HINT)}
        {button(Tool::Hand, text::HAND, text::HAND_HINT)}
        <button
            type="button"
            aria-pressed=move || pictures.get().to_string()
            title=text::SHOW_PICTURES_HINT
            on:click=move |_| pictures.update(|shown| *shown = !*shown)
        >
            {text::SHOW_PICTURES}
        </button>
    }
}
