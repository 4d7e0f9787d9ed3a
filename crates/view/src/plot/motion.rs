//! Whether a map is being moved: meanwhile it is drawn thinned out.

use std::time::Duration;

use leptos::prelude::*;

/// A map rests when it was not moved for this long.
const REST: Duration = Duration::from_millis(160);
/// More points than this are thinned out while the map is moved.
const MOST_WHILE_MOVED: usize = 2000;

/// Handles, copied freely.
#[derive(Clone, Copy)]
pub struct Motion {
    moving: RwSignal<bool>,
    moves: StoredValue<u64>,
}

impl Motion {
    /// A map at rest.
    pub fn new() -> Self {
        Self { moving: RwSignal::new(false), moves: StoredValue::new(0) }
    }

    /// The map was moved.
    pub fn moved(self) {
        self.moves.update_value(|moves| *moves += 1);
        let own = self.moves.get_value();
        if !self.moving.get_untracked() {
            self.moving.set(true);
        }
        set_timeout(
            move || {
                // The map may be gone by then.
                if self.moves.try_get_value() == Some(own) {
                    self.moving.set(false);
                }
            },
            REST,
        );
    }

    /// Every how many of `count` points one is drawn.
    pub fn step(self, count: usize) -> usize {
        if self.moving.get() { count.div_ceil(MOST_WHILE_MOVED).max(1) } else { 1 }
    }
}
