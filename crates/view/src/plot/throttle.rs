//! Draws fewer points while a map moves.

use std::time::Duration;

use leptos::prelude::*;

/// A map is at rest after this long without a move.
const REST: Duration = Duration::from_millis(160);
/// The number of points drawn while the map moves.
const POINTS_WHILE_MOVING: usize = 2000;

/// Tracks whether a map is moving. Its fields are handles, so that it is copied freely.
#[derive(Clone, Copy)]
pub struct DrawThrottle {
    is_moving: RwSignal<bool>,
    move_count: StoredValue<u64>,
}

impl DrawThrottle {
    /// A map at rest.
    pub fn new() -> Self {
        Self { is_moving: RwSignal::new(false), move_count: StoredValue::new(0) }
    }

    /// Records a move. The map is at rest again once no other follows for a while.
    pub fn on_move(self) {
        self.move_count.update_value(|count| *count += 1);
        let own = self.move_count.get_value();
        if !self.is_moving.get_untracked() {
            self.is_moving.set(true);
        }
        set_timeout(
            move || {
                // `None` if the map was removed.
                if self.move_count.try_get_value() == Some(own) {
                    self.is_moving.set(false);
                }
            },
            REST,
        );
    }

    /// The stride over `count` points: 1 at rest, larger while the map moves.
    pub fn step(self, count: usize) -> usize {
        if self.is_moving.get() { count.div_ceil(POINTS_WHILE_MOVING).max(1) } else { 1 }
    }
}
