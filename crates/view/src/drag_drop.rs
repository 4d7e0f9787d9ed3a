//! Drag and drop of images onto clusters.

use leptos::prelude::*;
use web_sys::DragEvent;

use crate::render_queue::in_next_task;
use crate::state::{Destination, State};

/// The data type of a drag of images, which tells it from a drag of files. The paths stay in the page.
const DATA_TYPE: &str = "application/x-shoal-pictures";

/// Starts dragging an image, together with the selection if it is selected.
pub fn start(state: State, event: &DragEvent, path: String) {
    let Some(transfer) = event.data_transfer() else { return };
    // Without data the drag has no effect: targets refuse the drop.
    let _ = transfer.set_data(DATA_TYPE, "");
    transfer.set_effect_allowed("move");
    let selected = state.selected.get_untracked();
    let paths = if selected.contains(&path) { selected.into_iter().collect() } else { vec![path] };
    // Not in this task: Chromium ends a drag if the page changes while it starts.
    in_next_task(move || state.dragged.set(paths));
}

/// Ends the drag, wherever the images were dropped.
pub fn end(state: State) {
    in_next_task(move || state.dragged.set(Vec::new()));
}

/// An element that images can be dropped on. Its fields are handles, so that it is copied freely.
#[derive(Clone, Copy)]
pub struct DropTarget {
    state: State,
    destination: Destination,
    /// Whether images are dragged over it.
    pub is_over: RwSignal<bool>,
}

impl DropTarget {
    /// A target that moves images to `destination`.
    pub fn new(state: State, destination: Destination) -> Self {
        Self { state, destination, is_over: RwSignal::new(false) }
    }

    /// Handles `dragover`: accepts images and nothing else.
    pub fn on_over(self, event: &DragEvent) {
        let has_images = self.state.dragged.with_untracked(|dragged| !dragged.is_empty());
        self.is_over.set(has_images);
        if has_images {
            event.prevent_default();
            if let Some(transfer) = event.data_transfer() {
                transfer.set_drop_effect("move");
            }
        }
    }

    /// Handles `dragleave`. By then the target's signals may be disposed.
    pub fn on_leave(self) {
        self.is_over.try_set(false);
    }

    /// Handles `drop`: moves the dragged images to the destination.
    pub fn on_drop(self, event: &DragEvent) {
        let Self { state, destination, is_over } = self;
        is_over.set(false);
        let paths = state.dragged.get_untracked();
        if paths.is_empty() {
            return;
        }
        event.prevent_default();
        state.dragged.set(Vec::new());
        state.selected.update(|selected| {
            for path in &paths {
                selected.remove(path);
            }
        });
        state.move_images(paths, destination);
    }
}
