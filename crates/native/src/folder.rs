//! The files below folders, with the paths that the page gives them.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use shoal::collection::{Rejection, is_ignored};

use crate::NativeError;

/// A file that may be an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its path: the name of the folder that was given, the folders below it, and the file's name, with `/` between them.
    pub path: String,
    /// Its place on disk.
    pub file: PathBuf,
    /// Its number of bytes.
    pub byte_size: u64,
    /// When it was last modified, if the file system says so.
    pub modified: Option<SystemTime>,
}

/// What [`list`] found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The files in path order.
    pub files: Vec<Listed>,
    /// What could not be opened.
    pub rejected: Vec<Rejection>,
}

/// All files in `sources`, which are folders and files, without the files that operating systems leave behind and without
/// everything at or below one of `excluded`. Links to folders are not followed, as they may form cycles. Folders of the same
/// name are numbered: `trip`, `trip (2)`.
///
/// # Errors
/// [`NativeError::Unreadable`] for a source; what cannot be read below it is in [`Listing::rejected`].
pub fn list(sources: &[PathBuf], excluded: &[PathBuf]) -> Result<Listing, NativeError> {
    let excluded: Vec<PathBuf> = excluded.iter().filter_map(|path| fs::canonicalize(path).ok()).collect();
    let mut walk = Walk { excluded, ..Walk::default() };
    let mut names = HashSet::new();
    let mut roots = HashSet::new();
    for source in sources {
        let root = fs::canonicalize(source).map_err(NativeError::unreadable(source))?;
        if !roots.insert(root.clone()) {
            continue;
        }
        let wanted = root.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let numbered = (2_u64..).map(|number| format!("{wanted} ({number})"));
        let Some(name) = std::iter::once(wanted.clone()).chain(numbered).find(|name| !names.contains(name)) else {
            continue;
        };
        names.insert(name.clone());
        if root.is_dir() {
            // Read here, because an unreadable source is an error of its own.
            let entries = fs::read_dir(&root).map_err(NativeError::unreadable(source))?;
            walk.folder(&name, entries);
        } else {
            walk.file(name, root);
        }
    }
    let Walk { mut listing, .. } = walk;
    listing.files.sort_by(|one, other| one.path.cmp(&other.path));
    let mut before: Option<String> = None;
    let mut twice = Vec::new();
    // Names that are not Unicode may agree once they are shown.
    listing.files.retain(|file| {
        let is_first = before.as_deref() != Some(&file.path);
        if !is_first {
            twice.push(rejection(file.path.clone(), "another file has the same name in Unicode".into()));
        }
        before = Some(file.path.clone());
        is_first
    });
    listing.rejected.extend(twice);
    Ok(listing)
}

#[derive(Default)]
struct Walk {
    listing: Listing,
    excluded: Vec<PathBuf>,
}

impl Walk {
    fn folder(&mut self, path: &str, entries: fs::ReadDir) {
        let mut below = Vec::new();
        for entry in entries {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.listing.rejected.push(rejection(path.to_owned(), error.to_string()));
                    continue;
                }
            };
            let name = entry.file_name().to_string_lossy().into_owned();
            if is_ignored(&name) || self.excluded.contains(&entry.path()) {
                continue;
            }
            let path = format!("{path}/{name}");
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => below.push((path, entry.path())),
                // A link to a folder.
                Ok(_) if entry.path().is_dir() => {}
                Ok(_) => self.file(path, entry.path()),
                Err(error) => self.listing.rejected.push(rejection(path, error.to_string())),
            }
        }
        for (path, folder) in below {
            match fs::read_dir(&folder) {
                Ok(entries) => self.folder(&path, entries),
                Err(error) => self.listing.rejected.push(rejection(path, error.to_string())),
            }
        }
    }

    fn file(&mut self, path: String, file: PathBuf) {
        match fs::metadata(&file) {
            // A pipe would be waited for without end.
            Ok(facts) if !facts.is_file() => {}
            Ok(facts) => {
                let (byte_size, modified) = (facts.len(), facts.modified().ok());
                self.listing.files.push(Listed { path, file, byte_size, modified });
            }
            Err(error) => self.listing.rejected.push(rejection(path, error.to_string())),
        }
    }
}

/// A file or folder that cannot be read.
pub(crate) fn rejection(path: String, reason: String) -> Rejection {
    Rejection { path, code: "file-unreadable".into(), reason }
}

/// The file at `path` of a listing, which is in path order.
pub fn find<'a>(files: &'a [Listed], path: &str) -> Option<&'a Listed> {
    files.binary_search_by(|file| file.path.as_str().cmp(path)).ok().map(|index| &files[index])
}

/// Whether `inner` is `outer` or below it.
pub fn is_within(inner: &Path, outer: &Path) -> bool {
    match (fs::canonicalize(inner), fs::canonicalize(outer)) {
        (Ok(inner), Ok(outer)) => inner.starts_with(outer),
        _ => false,
    }
}
