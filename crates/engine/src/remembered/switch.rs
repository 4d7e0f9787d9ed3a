//! The person's own choice, which outlives the page, and forgetting everything.

use web_sys::Storage;

use crate::Engine;
use crate::remembered::Memory;
use crate::remembered::database::Database;
use shoal_browser::api_error::ApiError;

/// Where the choice is kept, by the browser's plain storage.
const KEY: &str = "shoal-remember";
const OFF: &str = "off";

/// Whether the person switched remembering off.
pub fn is_switched_off() -> bool {
    storage().and_then(|storage| storage.get_item(KEY).ok().flatten()).is_some_and(|value| value == OFF)
}

impl Engine {
    /// Switches remembering off, which keeps what is stored, or on again.
    pub fn switch_memory(&self, on: bool) {
        if let Some(storage) = storage() {
            // Where the choice cannot be kept, nothing else can.
            let _ = if on { storage.remove_item(KEY) } else { storage.set_item(KEY, OFF) };
        }
        if !on {
            self.stop_remembering(Memory::SwitchedOff);
        } else if !self.memory().is_on() {
            self.0.remembered.is_changed.set(!self.is_empty());
            self.begin_remembering();
        }
    }

    /// Empties the collection and everything that this browser keeps of this program, from any of its tabs. The choice
    /// whether to remember stays.
    ///
    /// # Errors
    /// `storage-unavailable` where the browser refuses.
    pub async fn forget(&self) -> Result<(), ApiError> {
        self.clear();
        let remembered = &self.0.remembered;
        remembered.epoch.set(remembered.epoch.get() + 1);
        remembered.is_changed.set(false);
        remembered.is_full.set(false);
        if let Some(database) = remembered.database.take() {
            database.close();
        }
        Database::delete().await
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
