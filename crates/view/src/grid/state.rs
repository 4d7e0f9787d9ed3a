//! The state that the parts of one grid share, and its actions: hover, select, open in the lightbox.

use std::ops::Range;
use std::sync::Arc;

use leptos::{html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, MouseEvent};

use crate::grid::rows::{GridImage, TICK, cell_index};
use crate::state::{LightboxImage, State};
use shoal::collection::GridLayout;

/// The state of a grid. Its fields are handles, so that it is copied freely.
#[derive(Clone, Copy)]
pub struct GridState {
    /// The interface's state.
    pub state: State,
    /// The images, in order.
    pub images: Memo<Arc<Vec<GridImage>>>,
    /// The scrolling element.
    pub viewport: NodeRef<html::Div>,
    /// Where rows and cells lie.
    pub layout: Memo<GridLayout>,
    /// Height of the viewport, in CSS pixels.
    pub viewport_px: RwSignal<f64>,
    /// Index of the image at the keyboard's cursor.
    pub cursor: RwSignal<usize>,
    /// Index of the image where a selection with Shift starts.
    pub anchor: StoredValue<usize>,
}

impl GridState {
    /// The number of images.
    pub fn count(&self) -> usize {
        self.images.with_untracked(|images| images.len())
    }

    /// The path of the image at an index.
    pub fn path(&self, index: usize) -> Option<String> {
        self.images.with_untracked(|images| images.get(index).map(|image| image.path.clone()))
    }

    /// The paths of the images in a range; empty if the range exceeds the images.
    pub fn paths<C: FromIterator<String>>(&self, range: Range<usize>) -> C {
        self.images.with_untracked(|images| {
            let images = images.get(range).unwrap_or_default();
            images.iter().map(|image| image.path.clone()).collect()
        })
    }

    /// Calls `then` with the index of the cell in which an event happened, if any.
    pub fn with_cell(&self, event: &Event, then: impl FnOnce(usize)) {
        if let Some(index) = cell_of(event) {
            then(index);
        }
    }

    /// Hovers an image.
    pub fn hover(&self, index: usize) {
        self.state.hovered.set(self.path(index));
    }

    /// Opens an image in the lightbox.
    pub fn open_lightbox(&self, index: usize) {
        if let Some(path) = self.path(index) {
            self.state.lightbox.set(Some(LightboxImage { path, siblings: self.paths(0..self.count()) }));
        }
    }

    /// Handles a click: it opens an image. With Ctrl or Cmd, or on the image's tick, it selects one, and with Shift a range.
    pub fn on_click(&self, event: &MouseEvent) {
        let Some(index) = cell_of(event) else { return };
        if event.shift_key() {
            self.select_to(index);
        } else if event.ctrl_key() || event.meta_key() || is_on_tick(event) {
            self.toggle(index);
        } else {
            self.open_lightbox(index);
        }
        self.cursor.set(index);
        if let Some(viewport) = self.viewport.get_untracked() {
            // Clicks work without the focus.
            let _ = viewport.focus();
        }
    }

    /// Selects or deselects an image.
    pub fn toggle(&self, index: usize) {
        if let Some(path) = self.path(index) {
            self.anchor.set_value(index);
            self.state.toggle_selected(&path);
        }
    }

    /// Selects exactly the images from the anchor to `index`.
    pub fn select_to(&self, index: usize) {
        let anchor = self.anchor.get_value();
        // The list may have become shorter since the anchor was set.
        let end = (anchor.max(index) + 1).min(self.count());
        self.state.selected.set(self.paths(anchor.min(index).min(end)..end));
    }
}

fn is_on_tick(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.class_name() == TICK)
}

/// The index of the cell in which an event happened.
fn cell_of(event: &Event) -> Option<usize> {
    cell_index(&event.target()?.dyn_into::<Element>().ok()?)
}
