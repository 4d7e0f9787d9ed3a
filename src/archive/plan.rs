//! Where each picture goes: one folder a cluster.

use std::collections::HashMap;

use super::names::{Kind, Names, safe_file_name, safe_folder_name};
use crate::library::Outcome;

/// The folder of pictures that are in no cluster.
pub const UNSORTED: &str = "unsorted";
/// The table's name, beside the folders.
pub const ASSIGNMENTS_CSV: &str = "assignments.csv";
/// The session's name, beside the folders.
pub const ASSIGNMENTS_JSON: &str = "assignments.json";

/// A picture's place among the folders that are taken home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The picture's path in the collection.
    pub path: String,
    /// Its folder and name: safe on every system, and unique even where case does not count.
    pub entry_name: String,
}

/// Gives every picture a name in the folder of its cluster, in the order of the outcome's items.
pub fn plan(outcome: &Outcome) -> Vec<Placed> {
    let mut folder_names = Names::default();
    for taken in [UNSORTED, ASSIGNMENTS_CSV, ASSIGNMENTS_JSON] {
        folder_names.claim(taken, Kind::Folder);
    }
    let folders: HashMap<u32, String> = outcome
        .clusters
        .iter()
        .map(|group| (group.id, folder_names.claim(&safe_folder_name(&group.name), Kind::Folder)))
        .collect();
    let mut file_names: HashMap<&str, Names> = HashMap::new();
    outcome
        .items
        .iter()
        .map(|item| {
            let folder = item.cluster.and_then(|id| folders.get(&id)).map_or(UNSORTED, String::as_str);
            let file = file_names.entry(folder).or_default().claim(&safe_file_name(&item.path), Kind::File);
            Placed { path: item.path.clone(), entry_name: format!("{folder}/{file}") }
        })
        .collect()
}
