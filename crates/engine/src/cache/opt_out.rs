//! The user's opt-out, which outlives the page.

use web_sys::Storage;

/// The key of the opt-out in `localStorage`.
const KEY: &str = "shoal-remember";
const OFF: &str = "off";

/// Whether the user opted out.
pub fn is_opted_out() -> bool {
    storage().and_then(|storage| storage.get_item(KEY).ok().flatten()).is_some_and(|value| value == OFF)
}

/// Stores whether the user opted out.
pub fn set_opted_out(is_opted_out: bool) {
    if let Some(storage) = storage() {
        // A browser that cannot store this cannot store anything else either.
        let _ = if is_opted_out { storage.set_item(KEY, OFF) } else { storage.remove_item(KEY) };
    }
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
