//! Where each file goes: one folder a cluster.

use std::collections::HashMap;

use super::file_names::{Kind, Names, safe_file_name, safe_folder_name};
use crate::collection::sidecars::renamed_with;
use crate::collection::{Assignment, Cluster};

/// The folder of pictures that are in no cluster.
pub const UNSORTED: &str = "unsorted";
/// The folder of what could not be read.
pub const UNREAD: &str = "unread";
/// The table's name, beside the folders.
pub const ASSIGNMENTS_CSV: &str = "assignments.csv";
/// The session's name, beside the folders.
pub const ASSIGNMENTS_JSON: &str = "assignments.json";
/// The name of the table of what was left out, beside the folders.
pub const LEFT_OUT_CSV: &str = "left-out.csv";
/// The name of the table that says why files are in [`UNREAD`], in that folder.
pub const REASONS_CSV: &str = "reasons.csv";

/// A file's place among the folders that are taken home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The file's path: a picture's is its path in the collection.
    pub path: String,
    /// Its folder and name: safe on every system, and unique even where case does not count.
    pub entry_name: String,
}

/// Gives files their places, one after the other. The same files in the same order have the same places.
#[derive(Clone, Debug)]
pub struct Planner {
    keep_folders: bool,
    cluster_folders: HashMap<u32, String>,
    /// The names that are taken in each folder.
    taken: HashMap<String, Names>,
    /// What folders are called that were kept, by the folder that they are kept in and their path.
    kept: HashMap<(String, String), String>,
}

impl Planner {
    /// A planner for these clusters. `keep_folders` keeps, below a cluster's folder, the folders that a file came in.
    pub fn new(clusters: &[Cluster], keep_folders: bool) -> Self {
        let mut names = Names::default();
        for taken in [UNSORTED, UNREAD, ASSIGNMENTS_CSV, ASSIGNMENTS_JSON, LEFT_OUT_CSV] {
            names.claim(taken, Kind::Folder);
        }
        let folder = |group: &Cluster| (group.id, names.claim(&safe_folder_name(&group.name), Kind::Folder));
        let cluster_folders = clusters.iter().map(folder).collect();
        let mut unread = Names::default();
        unread.claim(REASONS_CSV, Kind::File);
        Self { keep_folders, cluster_folders, taken: HashMap::from([(UNREAD.into(), unread)]), kept: HashMap::new() }
    }

    /// The places of a picture and of the sidecars at these paths, which stay beside it and named after it.
    pub fn place(&mut self, item: &Assignment, sidecars: &[&str]) -> (Placed, Vec<Placed>) {
        let top = item.cluster.and_then(|id| self.cluster_folders.get(&id)).map_or(UNSORTED, String::as_str).to_owned();
        self.place_in(&top, &item.path, sidecars)
    }

    /// The place of a file that could not be read.
    pub fn place_unread(&mut self, path: &str) -> Placed {
        self.place_in(UNREAD, path, &[]).0
    }

    fn place_in(&mut self, top: &str, path: &str, sidecars: &[&str]) -> (Placed, Vec<Placed>) {
        let folder = self.folder(top, path);
        let names = self.taken.entry(folder.clone()).or_default();
        let placed = |path: &str, name: String| Placed { path: path.into(), entry_name: format!("{folder}/{name}") };
        let wanted = safe_file_name(path);
        if sidecars.is_empty() {
            return (placed(path, names.claim(&wanted, Kind::File)), Vec::new());
        }
        let beside =
            |name: &str| sidecars.iter().map(|sidecar| safe_file_name(&renamed_with(sidecar, path, name))).collect();
        let (name, others) = names.claim_with(&wanted, beside);
        let others = sidecars.iter().zip(others).map(|(sidecar, name)| placed(sidecar, name)).collect();
        (placed(path, name), others)
    }

    /// The folder below `top` for the file at `path`.
    fn folder(&mut self, top: &str, path: &str) -> String {
        let mut folder = top.to_owned();
        if !self.keep_folders {
            return folder;
        }
        let folders = path.rsplit_once('/').map_or("", |(folders, _)| folders);
        for part in folders.split('/').filter(|part| !part.is_empty()) {
            let key = (folder, part.to_owned());
            folder = match self.kept.get(&key) {
                Some(known) => known.clone(),
                None => {
                    let names = self.taken.entry(key.0.clone()).or_default();
                    let below = format!("{}/{}", key.0, names.claim(&safe_folder_name(part), Kind::Folder));
                    self.kept.insert(key, below.clone());
                    below
                }
            };
        }
        folder
    }
}
