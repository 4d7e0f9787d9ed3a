//! Texts of the exports, and of source files that an export lacks.

use shoal_engine::FolderReport;

use super::counted;

/// Label of the export panel.
pub const EXPORT: &str = "Export";
/// Heading.
pub const MORE_EXPORTS: &str = "More ways to save";
/// Button.
pub const SAVE_INTO_FOLDER: &str = "Save into a folder…";
/// Hint.
pub const SAVE_INTO_FOLDER_HINT: &str =
    "Copies the groups into a folder of your choice. It overwrites nothing; run it again to continue where it stopped";
/// Check box.
pub const KEEP_FOLDERS: &str = "Keep my folders within the groups";
/// Hint.
pub const KEEP_FOLDERS_HINT: &str = "trip/day1/a.jpg goes to Group 1/trip/day1/a.jpg instead of Group 1/a.jpg";
/// Check box.
pub const INCLUDE_UNREADABLE: &str = "Include unreadable files";
/// Hint.
pub const INCLUDE_UNREADABLE_HINT: &str =
    "These files go into a folder called unread, with a table of the reasons, so that nothing is left behind";
/// Button that asks the browser for access to the folders whose handles are stored.
pub const RESTORE_ACCESS: &str = "Restore access";
/// Button that has the user choose the folder again.
pub const CHOOSE_SOURCE_FOLDER: &str = "Choose the folder";

/// How many source files are not available, and what to do about it.
pub fn missing_source_files(count: usize, has_folders: bool) -> String {
    let missing = counted(count, "original is", "originals are");
    let remedy = if has_folders { "restore access, or drop the folder again" } else { "drop the folder again" };
    format!("{missing} not available: {remedy}.")
}

/// Notice: the result of an export into a folder.
pub fn exported_to_folder(report: &FolderReport) -> String {
    let present = if report.present > 0 { format!(", {} there already", report.present) } else { String::new() };
    format!("{} copied{present}.", counted(report.written, "file", "files"))
}

/// Toast: a file has been handed to the browser's downloads.
pub fn downloaded_file(name: &str) -> String {
    format!("{name} saved")
}

/// How many files an export skipped.
pub fn skipped_files(count: usize) -> String {
    format!("{} could not be copied", counted(count, "file", "files"))
}
