//! Which files are no one's pictures and are passed over without a word.

use super::images::file_name;

/// Whether a file is one that an operating system left behind, or hidden: `.DS_Store`, `Thumbs.db`, `desktop.ini`
/// (in any case), whatever lies under `__MACOSX`, and every file or folder whose name begins with a dot.
///
/// `path` has `/` between its components. Such files are not reported as rejected.
pub fn skipped(path: &str) -> bool {
    let name = file_name(path);
    let left_behind = name.eq_ignore_ascii_case("thumbs.db") || name.eq_ignore_ascii_case("desktop.ini");
    left_behind
        || path.split('/').any(|component| component.starts_with('.') || component.eq_ignore_ascii_case("__MACOSX"))
}
