//! Texts about what the page stores in the browser.

use shoal_engine::Memory;

/// Check box.
pub const REMEMBER: &str = "Remember my groups in this browser";
/// Button.
pub const FORGET: &str = "Forget everything";
/// The same button after the first press.
pub const CONFIRM_FORGET: &str = "Press again to forget pictures and groups";
/// Notice.
pub const FORGOTTEN: &str = "Nothing is remembered in this browser any more.";

/// What the check box alone does not say.
pub fn memory_state(memory: Memory) -> Option<&'static str> {
    match memory {
        Memory::Off | Memory::On => None,
        Memory::ElsewhereOpen => Some("Open in another tab: this one will not be remembered."),
        Memory::SwitchedOff => Some("Nothing new is remembered. What is stored stays until it is forgotten."),
        Memory::Refused => Some("This browser does not let the page remember anything."),
        Memory::ForgottenElsewhere => {
            Some("Everything was forgotten in another tab. Reload the page to have it remember again.")
        }
    }
}
