//! Pictures that are dragged from where they are to a group.

use leptos::prelude::*;
use web_sys::DragEvent;

use crate::web::view::state::State;

/// What a drag of pictures carries, so that none is mistaken for a drag of files. The paths themselves stay in the page.
const KIND: &str = "application/x-shoal-pictures";

/// Where pictures can be put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Into a group, by its id.
    Group(u32),
    /// Into a group of their own.
    New,
    /// Into no group.
    Aside,
}

/// Begins to drag a picture: with all that are selected, where it is one of them.
pub fn start(state: State, event: &DragEvent, path: String) {
    let Some(transfer) = event.data_transfer() else { return };
    // What cannot be written is not carried, and `allow` refuses the drop.
    let _ = transfer.set_data(KIND, "");
    transfer.set_effect_allowed("move");
    let selected = state.selected.get_untracked();
    let paths = if selected.contains(&path) { selected.into_iter().collect() } else { vec![path] };
    // Not in this task: a page that changes while a drag begins makes Chromium end it.
    set_timeout(move || state.dragged.set(paths), std::time::Duration::ZERO);
}

/// Ends dragging, wherever the pictures were dropped.
pub fn end(state: State) {
    set_timeout(move || state.dragged.set(Vec::new()), std::time::Duration::ZERO);
}

/// Lets pictures be dropped where an event of a drag happened.
pub fn allow(state: State, event: &DragEvent) {
    if state.dragged.with_untracked(|dragged| !dragged.is_empty()) {
        event.prevent_default();
        if let Some(transfer) = event.data_transfer() {
            transfer.set_drop_effect("move");
        }
    }
}

/// Puts the dragged pictures where they were dropped.
pub fn finish(state: State, event: &DragEvent, place: Place) {
    let paths = state.dragged.get_untracked();
    if paths.is_empty() {
        return;
    }
    event.prevent_default();
    state.dragged.set(Vec::new());
    state.selected.update(|selected| selected.retain(|path| !paths.contains(path)));
    state.put(paths, place);
}
