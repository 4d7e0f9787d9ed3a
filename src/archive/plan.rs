//! The layout of an export: one folder per cluster.

use std::collections::HashMap;

use super::file_names::{Kind, Normalize, PATH_UNITS_MAX, UniqueNames, safe_file_name, safe_folder_name};
use crate::collection::sidecars::renamed_with;
use crate::collection::{Assignment, Cluster};

/// The folder of images that are in no cluster.
pub const UNASSIGNED_FOLDER: &str = "unsorted";
/// The folder of files that could not be read.
pub const UNREADABLE_FOLDER: &str = "unread";
/// The table of assignments, next to the folders.
pub const ASSIGNMENTS_CSV: &str = "assignments.csv";
/// The session file, next to the folders.
pub const ASSIGNMENTS_JSON: &str = "assignments.json";
/// The table of files that were left out, next to the folders.
pub const LEFT_OUT_CSV: &str = "left-out.csv";
/// The table in [`UNREADABLE_FOLDER`] that says why each file could not be read.
pub const REASONS_CSV: &str = "reasons.csv";

/// A file's place in an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The file's path; for an image, its path in the collection.
    pub path: String,
    /// The exported folder and name: safe on every operating system, and unique even if case and the composition of characters
    /// are ignored.
    pub entry_name: String,
}

impl Placed {
    /// Whether the exported path may be too long for Windows, because its folders are.
    pub fn is_long(&self) -> bool {
        self.entry_name.encode_utf16().count() > PATH_UNITS_MAX
    }
}

/// Assigns files their places, one after the other. The same files in the same order get the same places.
#[derive(Clone, Debug)]
pub struct Planner {
    keep_folders: bool,
    normalize: Normalize,
    cluster_folders: HashMap<u32, String>,
    /// The taken names in each folder.
    taken: HashMap<String, UniqueNames>,
    /// The names of the original folders below a cluster's folder, by parent and original name.
    original_folders: HashMap<(String, String), String>,
}

impl Planner {
    /// A planner for these clusters. With `keep_folders`, a file's original folders are kept below its cluster's folder.
    /// Names are compared as `normalize` returns them.
    pub fn new(clusters: &[Cluster], keep_folders: bool, normalize: Normalize) -> Self {
        let mut names = UniqueNames::in_folder("", normalize);
        for taken in [UNASSIGNED_FOLDER, UNREADABLE_FOLDER, ASSIGNMENTS_CSV, ASSIGNMENTS_JSON, LEFT_OUT_CSV] {
            names.claim(taken, Kind::Folder);
        }
        let folder = |cluster: &Cluster| (cluster.id, names.claim(&safe_folder_name(&cluster.name), Kind::Folder));
        let cluster_folders = clusters.iter().map(folder).collect();
        let mut unreadable = UniqueNames::in_folder(UNREADABLE_FOLDER, normalize);
        unreadable.claim(REASONS_CSV, Kind::File);
        Self {
            keep_folders,
            normalize,
            cluster_folders,
            taken: HashMap::from([(UNREADABLE_FOLDER.into(), unreadable)]),
            original_folders: HashMap::new(),
        }
    }

    /// Places an image together with its sidecars at these paths, which keep its folder and name.
    pub fn place(&mut self, item: &Assignment, sidecars: &[&str]) -> (Placed, Vec<Placed>) {
        let top = item
            .cluster
            .and_then(|id| self.cluster_folders.get(&id))
            .map_or(UNASSIGNED_FOLDER, String::as_str)
            .to_owned();
        self.place_in(&top, &item.path, sidecars)
    }

    /// Places a file that could not be read.
    pub fn place_unreadable(&mut self, path: &str) -> Placed {
        self.place_in(UNREADABLE_FOLDER, path, &[]).0
    }

    fn place_in(&mut self, top: &str, path: &str, sidecars: &[&str]) -> (Placed, Vec<Placed>) {
        let folder = self.folder(top, path);
        let names = self.names_in(&folder);
        let placed = |path: &str, name: String| Placed { path: path.into(), entry_name: format!("{folder}/{name}") };
        let wanted = safe_file_name(path);
        if sidecars.is_empty() {
            return (placed(path, names.claim(&wanted, Kind::File)), Vec::new());
        }
        let sidecar_names =
            |name: &str| sidecars.iter().map(|sidecar| safe_file_name(&renamed_with(sidecar, path, name))).collect();
        let (name, others) = names.claim_with_sidecars(&wanted, sidecar_names);
        let others = sidecars.iter().zip(others).map(|(sidecar, name)| placed(sidecar, name)).collect();
        (placed(path, name), others)
    }

    fn names_in(&mut self, folder: &str) -> &mut UniqueNames {
        let none = || UniqueNames::in_folder(folder, self.normalize);
        self.taken.entry(folder.to_owned()).or_insert_with(none)
    }

    /// The folder below `top` for the file at `path`, including its original folders if they are kept.
    fn folder(&mut self, top: &str, path: &str) -> String {
        let mut folder = top.to_owned();
        if !self.keep_folders {
            return folder;
        }
        let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
        for part in folders.split('/').filter(|part| !part.is_empty()) {
            let key = (folder, part.to_owned());
            folder = match self.original_folders.get(&key) {
                Some(known) => known.clone(),
                None => {
                    let below =
                        format!("{}/{}", key.0, self.names_in(&key.0).claim(&safe_folder_name(part), Kind::Folder));
                    self.original_folders.insert(key, below.clone());
                    below
                }
            };
        }
        folder
    }
}
