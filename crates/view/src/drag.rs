//! Pictures that are dragged from where they are to a group.

use leptos::prelude::*;
use web_sys::DragEvent;

use crate::in_turn::in_own_task;
use crate::state::State;

/// What a drag of pictures carries, so that none is mistaken for a drag of files. The paths themselves stay in the page.
const KIND: &str = "application/x-shoal-pictures";

/// Where pictures can be put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Into a group, by its id.
    Cluster(u32),
    /// Into a group of their own.
    New,
    /// Into no group.
    Aside,
}

/// Begins to drag a picture: with all that are selected, where it is one of them.
pub fn start(state: State, event: &DragEvent, path: String) {
    let Some(transfer) = event.data_transfer() else { return };
    // What cannot be written is not carried, and a target refuses the drop.
    let _ = transfer.set_data(KIND, "");
    transfer.set_effect_allowed("move");
    let selected = state.selected.get_untracked();
    let paths = if selected.contains(&path) { selected.into_iter().collect() } else { vec![path] };
    // Not in this task: a page that changes while a drag begins makes Chromium end it.
    in_own_task(move || state.dragged.set(paths));
}

/// Ends dragging, wherever the pictures were dropped.
pub fn end(state: State) {
    in_own_task(move || state.dragged.set(Vec::new()));
}

/// Something that pictures can be dropped on: handles, copied freely.
#[derive(Clone, Copy)]
pub struct Target {
    state: State,
    place: Place,
    /// Whether pictures are held over it.
    pub over: RwSignal<bool>,
}

impl Target {
    /// What pictures are dropped on to be put in `place`.
    pub fn new(state: State, place: Place) -> Self {
        Self { state, place, over: RwSignal::new(false) }
    }

    /// Something is dragged over it: pictures can be dropped.
    pub fn on_over(self, event: &DragEvent) {
        let pictures = self.state.dragged.with_untracked(|dragged| !dragged.is_empty());
        self.over.set(pictures);
        if pictures {
            event.prevent_default();
            if let Some(transfer) = event.data_transfer() {
                transfer.set_drop_effect("move");
            }
        }
    }

    /// What was dragged has left it, or it has gone itself.
    pub fn on_leave(self) {
        self.over.try_set(false);
    }

    /// Puts the pictures that are dropped where they belong.
    pub fn on_drop(self, event: &DragEvent) {
        let Self { state, place, over } = self;
        over.set(false);
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
        state.put(paths, place);
    }
}
