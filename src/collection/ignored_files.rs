//! Files to ignore silently: hidden files, and those that operating systems leave behind.

use super::images::file_name;

/// Whether to ignore a file: `Thumbs.db` and `desktop.ini` in any case, everything below `__MACOSX`, and every file or folder
/// whose name begins with a dot, such as `.DS_Store`.
///
/// `path` has `/` between its components. Ignored files are not reported as rejected.
pub fn is_ignored(path: &str) -> bool {
    let name = file_name(path);
    let left_behind = name.eq_ignore_ascii_case("thumbs.db") || name.eq_ignore_ascii_case("desktop.ini");
    left_behind
        || path.split('/').any(|component| component.starts_with('.') || component.eq_ignore_ascii_case("__MACOSX"))
}
