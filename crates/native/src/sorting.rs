//! Sorting: copying or moving images into the folders of their clusters, in the layout of the page's zip. Nothing is
//! overwritten: a file that is there with the same bytes counts as present, and another one gets a number.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use shoal::archive::file_names::{Kind, numbered};
use shoal::archive::{Placed, Planner};
use shoal::collection::sidecars::FileKind;
use shoal::collection::{Clustering, Rejection, SidecarIndex};
use unicode_normalization::UnicodeNormalization;

use crate::folder::{self, Listed};
use crate::output::Draft;
use crate::{NativeError, Observer, Stage};

/// How many bytes of two files are compared at a time.
const COMPARED_BYTES: usize = 1 << 16;

/// How files are sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SortOptions {
    /// Whether files are moved instead of copied.
    pub moves: bool,
    /// Whether the folders that images came in are kept below the folders of their clusters.
    pub keep_folders: bool,
}

/// What became of the files, images and sidecars.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SortReport {
    /// The number of files that were copied or moved.
    pub written: usize,
    /// The number of files that were there already.
    pub present: usize,
    /// The files that were left out, and why.
    pub left_out: Vec<Rejection>,
    /// Whether the observer stopped the work before it was done.
    pub is_stopped: bool,
}

/// Sorts `files`, in path order, into folders in `target`: the images of `clustering`, and their sidecars.
///
/// # Errors
/// [`NativeError::Unwritable`] if a file cannot be written; what is done stays.
pub fn sort(
    clustering: &Clustering,
    files: &[Listed],
    target: &Path,
    options: SortOptions,
    observer: &dyn Observer,
) -> Result<SortReport, NativeError> {
    let sidecars = sidecars(clustering, files);
    let mut planner = Planner::new(&clustering.clusters, options.keep_folders, |name| name.nfc().collect());
    let mut planned: Vec<(Placed, Option<&Listed>)> = Vec::new();
    for (index, item) in clustering.items.iter().enumerate() {
        let own: &[&Listed] = sidecars.get(&index).map_or(&[], Vec::as_slice);
        let paths: Vec<&str> = own.iter().map(|file| file.path.as_str()).collect();
        let (placed, others) = planner.place(item, &paths);
        planned.push((placed, folder::find(files, &item.path)));
        planned.extend(others.into_iter().zip(own.iter().copied().map(Some)));
    }
    let mut report = SortReport::default();
    let total = planned.len();
    for (index, (placed, source)) in planned.into_iter().enumerate() {
        if observer.is_stopped() {
            report.is_stopped = true;
            break;
        }
        match put(&placed, source, target, options.moves)? {
            Put::Written => report.written += 1,
            Put::Present => report.present += 1,
            Put::LeftOut(code, reason) => {
                report.left_out.push(Rejection { path: placed.path, code: code.into(), reason });
            }
        }
        observer.progress(Stage::Sorting, index + 1, total);
    }
    Ok(report)
}

/// The sidecars among `files`, by the index of the item of their image.
fn sidecars<'a>(clustering: &Clustering, files: &'a [Listed]) -> HashMap<usize, Vec<&'a Listed>> {
    let index = SidecarIndex::new(clustering.items.iter().enumerate().map(|(index, item)| (&item.path, index)));
    let mut sidecars: HashMap<usize, Vec<&Listed>> = HashMap::new();
    for file in files {
        if FileKind::of(&file.path) != FileKind::Image
            && clustering.item(&file.path).is_none()
            && let Some(image) = index.image_of(&file.path)
        {
            sidecars.entry(image).or_default().push(file);
        }
    }
    sidecars
}

enum Put {
    Written,
    Present,
    LeftOut(&'static str, String),
}

fn put(placed: &Placed, source: Option<&Listed>, target: &Path, moves: bool) -> Result<Put, NativeError> {
    let wanted = target.join(&placed.entry_name);
    let Some(source) = source else {
        // Moved by an earlier run.
        let is_present = wanted.is_file();
        return Ok(if is_present { Put::Present } else { changed() });
    };
    if fs::metadata(&source.file).map_or(true, |facts| facts.len() != source.byte_size) {
        return Ok(changed());
    }
    let folder = wanted.parent().unwrap_or(target);
    fs::create_dir_all(folder).map_err(NativeError::unwritable(folder))?;
    let name = wanted.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for number in 1.. {
        let path = if number == 1 { wanted.clone() } else { folder.join(numbered(&name, number, Kind::File)) };
        if path.symlink_metadata().is_ok() {
            if !is_same(&source.file, &path).map_err(NativeError::unreadable(&path))? {
                continue;
            }
            if moves {
                remove(&source.file)?;
            }
            return Ok(Put::Present);
        }
        let written = if moves { move_file(source, &path) } else { copy(source, &path) };
        match written {
            // Another program was quicker.
            Err(NativeError::OutputExists(_)) => {}
            Err(NativeError::Unreadable { error, .. }) => {
                return Ok(Put::LeftOut("file-unreadable", format!("the file cannot be read: {error}")));
            }
            written => return written.map(|()| Put::Written),
        }
    }
    Ok(changed())
}

fn changed() -> Put {
    Put::LeftOut("file-changed", "the file has changed or disappeared".into())
}

fn move_file(source: &Listed, path: &Path) -> Result<(), NativeError> {
    // A second name for the same file, unlike renaming, never replaces another file.
    let is_link = source.file.is_symlink();
    match if is_link { Err(io::ErrorKind::Unsupported.into()) } else { fs::hard_link(&source.file, path) } {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(NativeError::OutputExists(path.to_owned()));
        }
        // Another disk, or a file system without such names.
        Err(_) => copy(source, path)?,
    }
    remove(&source.file)
}

fn remove(file: &Path) -> Result<(), NativeError> {
    fs::remove_file(file).map_err(NativeError::unwritable(file))
}

fn copy(source: &Listed, path: &Path) -> Result<(), NativeError> {
    let mut from = File::open(&source.file).map_err(NativeError::unreadable(&source.file))?;
    let mut draft = Draft::begin(path)?;
    let written = io::copy(&mut from, draft.file()).map_err(NativeError::unwritable(path))?;
    if written != source.byte_size {
        return Err(NativeError::unreadable(&source.file)(io::Error::other("its size has changed")));
    }
    if let Some(modified) = source.modified {
        draft.file().set_modified(modified).map_err(NativeError::unwritable(path))?;
    }
    draft.finish_new()
}

/// Whether two files have the same bytes.
fn is_same(one: &Path, other: &Path) -> io::Result<bool> {
    let facts = fs::metadata(other)?;
    if !facts.is_file() || facts.len() != fs::metadata(one)?.len() {
        return Ok(false);
    }
    let (mut one, mut other) = (File::open(one)?, File::open(other)?);
    let (mut left, mut right) = (vec![0; COMPARED_BYTES], vec![0; COMPARED_BYTES]);
    loop {
        let read = one.read(&mut left)?;
        if read == 0 {
            return Ok(other.read(&mut right)? == 0);
        }
        match other.read_exact(&mut right[..read]) {
            Ok(()) if left[..read] == right[..read] => {}
            Ok(()) => return Ok(false),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
            Err(error) => return Err(error),
        }
    }
}
