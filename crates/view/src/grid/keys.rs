//! What keys do in a grid.

use std::collections::BTreeSet;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

use crate::grid::GridState;
use shoal::collection::Step;

impl GridState {
    pub(super) fn on_key(&self, event: &KeyboardEvent) {
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
            (Some(step), _) => self.go(step, event.shift_key()),
            (None, " ") => self.toggle(cursor),
            (None, "Enter") => self.look_at(cursor),
            (None, "a" | "A") if event.ctrl_key() || event.meta_key() => {
                state.selected.set(self.paths(0..self.count()));
            }
            (None, _) if event.ctrl_key() || event.meta_key() || event.alt_key() => return,
            (None, "Escape") if state.selected.with_untracked(|selected| !selected.is_empty()) => {
                state.selected.set(BTreeSet::new());
            }
            (None, "Escape") => state.close_opened(),
            (None, "m" | "M") => {
                self.select_cursor_if_none();
                self.open_move();
            }
            (None, "k" | "K") => {
                self.select_cursor_if_none();
                state.lock_pictures(state.take_selected(), true);
            }
            (None, "Delete" | "Backspace") => {
                self.select_cursor_if_none();
                state.move_to(state.take_selected(), None);
            }
            _ => return,
        }
        event.prevent_default();
    }

    fn go(&self, step: Step, selecting: bool) {
        let (layout, window_px) = (self.layout.get_untracked(), self.window_px.get_untracked());
        let to = layout.step(self.cursor.get_untracked(), step, window_px);
        self.cursor.set(to);
        self.point_at(to);
        if selecting {
            self.select_to(to);
        } else {
            self.anchor.set_value(to);
        }
        if let Some(window) = self.window.get_untracked() {
            let scrolled_px = f64::from(window.scroll_top());
            // Truncated, a fraction of a pixel of the row would stay outside.
            window.set_scroll_top(layout.scroll_to(to, scrolled_px, window_px).ceil() as i32);
        }
    }

    fn select_cursor_if_none(&self) {
        if self.state.selected.with_untracked(BTreeSet::is_empty)
            && let Some(path) = self.path(self.cursor.get_untracked())
        {
            self.state.selected.set(BTreeSet::from([path]));
        }
    }

    /// Opens the places to move to, which are there once something is selected.
    fn open_move(&self) {
        let Some(window) = self.window.get_untracked() else { return };
        request_animation_frame(move || {
            let root = window.closest(".shoal").ok().flatten();
            let button = root.and_then(|root| root.query_selector(".selection .menu > button").ok()?);
            if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
                button.click();
            }
        });
    }
}
