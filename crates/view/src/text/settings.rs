//! Texts of the settings, and of the session, features and weights files.

use shoal::backbones::Descriptor;
use shoal::cluster::methods::MethodInfo;
use shoal_engine::{Imported, Reopened};

use super::image_count;

/// Label of the settings bar.
pub const SETTINGS: &str = "How to group";
/// Label of the slider.
pub const K: &str = "Groups";
/// Label of the check box beside the slider.
pub const AUTOMATIC: &str = "choose for me";
/// Label.
pub const MORE_SETTINGS: &str = "More settings";
/// Mark of [`MORE_SETTINGS`], while what is shown was made with other settings.
pub const PENDING_SETTINGS: &str = "changed: group again to apply";
/// Label.
pub const FEATURES: &str = "Features used for grouping";
/// Choices of [`FEATURES`]: the preset's name and its label.
pub const FEATURE_PRESETS: [(&str, &str); 6] = [
    ("", "content (recommended)"),
    ("smooth", "content, smoothed over similar pictures"),
    ("spherical", "content, not smoothed"),
    ("umap", "content, refined with UMAP (slower)"),
    ("plain", "unchanged"),
    ("flat", "flattened at 64 px, as in the notebook"),
];
/// Label.
pub const METHOD: &str = "Method";
/// Label.
pub const NETWORK: &str = "Network";
/// Label.
pub const SIZE: &str = "Picture size";
/// Choice of [`SIZE`].
pub const DEFAULT_SIZE: &str = "automatic (recommended)";
/// Label.
pub const SEED: &str = "Seed";
/// Button.
pub const GROUP_AGAIN: &str = "Group again";
/// Button.
pub const ADOPT_FOLDERS: &str = "Start from my folders";
/// Hint.
pub const ADOPT_FOLDERS_HINT: &str =
    "Your folders become locked groups; pictures outside them can then join the nearest one";
/// Button.
pub const OPEN_SESSION: &str = "Open session";
/// Hint.
pub const SESSION_HINT: &str = "Groups, names and locks in a file: add the same pictures another day, then open it";
/// Button.
pub const OPEN_FEATURES: &str = "Open features";
/// Hint.
pub const FEATURES_HINT: &str =
    "The network's features in a file that NumPy can read: open it another day, then add the same pictures";
/// Button.
pub const USE_WEIGHTS: &str = "Use other weights…";
/// Button.
pub const OWN_WEIGHTS: &str = "Use Shoal's own weights";
/// Hint.
pub const WEIGHTS_HINT: &str = "A MobileNetV2 or EfficientNet-Lite0 as .safetensors or .pth, such as torchvision's; every picture is analysed again";

/// A choice of [`METHOD`].
pub fn method(info: &MethodInfo) -> String {
    format!("{}: {}", info.label, info.hint)
}

/// A choice of [`NETWORK`].
pub fn network(descriptor: &Descriptor) -> String {
    format!("{}: {}", descriptor.label, descriptor.hint)
}

/// A choice of [`SIZE`].
pub fn size(size_px: u32) -> String {
    format!("{size_px} px")
}

/// Notice: the result of opening a session.
pub fn session_opened(session: &Reopened) -> String {
    let details = listed(&[(session.missing.len(), "missing"), (session.changed.len(), "changed since")]);
    format!("Session opened: {} matched{details}.", image_count(session.matched))
}

/// Notice: the result of opening a features file.
pub fn features_opened(imported: &Imported) -> String {
    let details = listed(&[
        (imported.reused, "reused"),
        (imported.missing.len(), "not here yet: add those pictures, and they are matched"),
        (imported.changed.len(), "changed since"),
    ]);
    format!("Features of {} opened{details}.", image_count(imported.rows))
}

/// Notice: which weights file is used.
pub fn weights_used(file_name: &str) -> String {
    format!("Pictures are analysed with {file_name}. Names are suggested only with Shoal's own weights.")
}

/// The counts that are not zero, each after a comma.
fn listed(counts: &[(usize, &str)]) -> String {
    counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!(", {count} {what}")).collect()
}
