//! Texts about what the page stores in the browser.

use shoal_engine::CacheState;

/// Check box.
pub const REMEMBER: &str = "Remember my groups in this browser";
/// Button.
pub const FORGET: &str = "Forget everything";
/// The same button after the first press.
pub const CONFIRM_FORGET: &str = "Press again to forget pictures and groups";
/// Notice.
pub const FORGOTTEN: &str = "Nothing is remembered in this browser any more.";

/// What the check box alone does not say.
pub fn memory_state(state: CacheState) -> Option<&'static str> {
    match state {
        CacheState::Off | CacheState::On => None,
        CacheState::OtherTab => Some("Open in another tab: this one will not be remembered."),
        CacheState::OptedOut => Some("Nothing new is remembered. What is stored stays until it is forgotten."),
        CacheState::Refused => Some("This browser does not let the page remember anything."),
        CacheState::ErasedElsewhere => {
            Some("Everything was forgotten in another tab. Reload the page to have it remember again.")
        }
    }
}
