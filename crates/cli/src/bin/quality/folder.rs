//! The files below a folder, with the paths that the page would give them.

use std::path::{Path, PathBuf};
use std::{fs, io};

use shoal::collection::is_ignored;

/// A file that may be an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its path, starting with the folder's name, with `/` between the components.
    pub path: String,
    /// Its place on disk.
    pub file: PathBuf,
}

/// All files below `dir` in path order, without the files that operating systems leave behind. Links to folders are not
/// followed, as they may form cycles.
pub fn list(dir: &Path) -> io::Result<Vec<Listed>> {
    let root = fs::canonicalize(dir)?;
    let name = root.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut files = Vec::new();
    let mut open = vec![(name, root)];
    while let Some((path, dir)) = open.pop() {
        for entry in fs::read_dir(&dir)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_ignored(&name) {
                continue;
            }
            let path = format!("{path}/{name}");
            if entry.file_type()?.is_dir() {
                open.push((path, entry.path()));
            } else if !entry.path().is_dir() {
                files.push(Listed { path, file: entry.path() });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}
