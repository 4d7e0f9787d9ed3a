//! The keyboard commands of a grid.

use std::collections::BTreeSet;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::grid::state::GridState;
use shoal::collection::Step;

impl GridState {
    /// Handles a key: moves the cursor, or acts on the selection.
    pub fn on_key(&self, event: &KeyboardEvent) {
        let state = self.state;
        let step = match event.key().as_str() {
            "ArrowLeft" => Some(Step::Left),
            "ArrowRight" => Some(Step::Right),
            "ArrowUp" => Some(Step::Up),
            "ArrowDown" => Some(Step::Down),
            "PageUp" => Some(Step::PageUp),
            "PageDown" => Some(Step::PageDown),
            "Home" => Some(Step::First),
            "End" => Some(Step::Last),
            _ => None,
        };
        let cursor = self.cursor.get_untracked();
        match (step, event.key().as_str()) {
            (Some(step), _) => self.move_cursor(step, event.shift_key()),
            (None, " ") => self.toggle(cursor),
            (None, "Enter") => self.open_lightbox(cursor),
            (None, "a" | "A") if event.ctrl_key() || event.meta_key() => {
                state.selected.set(self.paths(0..self.count()));
            }
            (None, _) if event.ctrl_key() || event.meta_key() || event.alt_key() => return,
            (None, "Escape") if state.selected.with_untracked(|selected| !selected.is_empty()) => {
                state.selected.set(BTreeSet::new());
            }
            (None, "Escape") => state.close_images(),
            (None, "m" | "M") => {
                self.select_cursor_if_none();
                self.open_move_menu();
            }
            (None, "k" | "K") => {
                self.select_cursor_if_none();
                state.pin_images(state.take_selection(), true);
            }
            (None, "Delete" | "Backspace") => {
                self.select_cursor_if_none();
                state.exclude(state.take_selection());
            }
            _ => return,
        }
        event.prevent_default();
    }

    /// Moves the cursor, scrolls to it, and extends the selection with Shift.
    fn move_cursor(&self, step: Step, extends_selection: bool) {
        let (layout, viewport_px) = (self.layout.get_untracked(), self.viewport_px.get_untracked());
        let index = layout.step(self.cursor.get_untracked(), step, viewport_px);
        self.cursor.set(index);
        self.hover(index);
        if extends_selection {
            self.select_to(index);
        } else {
            self.anchor.set_value(index);
        }
        if let Some(viewport) = self.viewport.get_untracked() {
            let scrolled_px = f64::from(viewport.scroll_top());
            // Rounded up: truncation would leave a fraction of a pixel of the row outside.
            viewport.set_scroll_top(layout.scroll_to(index, scrolled_px, viewport_px).ceil() as i32);
        }
    }

    fn select_cursor_if_none(&self) {
        if self.state.selected.with_untracked(BTreeSet::is_empty)
            && let Some(path) = self.path(self.cursor.get_untracked())
        {
            self.state.selected.set(BTreeSet::from([path]));
        }
    }

    /// Opens the menu of destinations, which is rendered once something is selected.
    fn open_move_menu(&self) {
        let Some(viewport) = self.viewport.get_untracked() else { return };
        request_animation_frame(move || {
            let root = viewport.closest(".shoal").ok().flatten();
            let button = root.and_then(|root| root.query_selector(".selection .menu > button").ok()?);
            if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
                button.click();
            }
        });
    }
}
