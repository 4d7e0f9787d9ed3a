//! A cluster as a person knows it: its name, and whether it is to stay as it is.

use serde::{Deserialize, Serialize};

use crate::collection::clustering::default_name;

/// The most characters of a name; what is longer is cut.
pub const MAX_NAME_CHARACTERS: usize = 120;

/// Where a cluster's name comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NameOrigin {
    /// It says no more than which cluster this is: `Group 1`.
    Default,
    /// The program found it in the pictures.
    Suggested,
    /// A person, or a folder, named it so. No suggestion replaces it.
    Given,
}

/// A cluster, apart from its pictures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterState {
    /// Its id, never used for another cluster.
    pub id: u32,
    /// Its name: 1 to [`MAX_NAME_CHARACTERS`] characters, none of them a control character.
    pub name: String,
    /// Where the name comes from.
    pub name_origin: NameOrigin,
    /// Whether it holds all its pictures.
    pub locked: bool,
}

impl ClusterState {
    /// A new cluster; one without a name, which must be clean, gets the default one.
    pub(super) fn new(id: u32, name: Option<String>, locked: bool) -> Self {
        let name_origin = if name.is_some() { NameOrigin::Given } else { NameOrigin::Default };
        Self { id, name: name.unwrap_or_else(|| default_name(id)), name_origin, locked }
    }
}

/// A name without control characters and without blanks around it, cut to [`MAX_NAME_CHARACTERS`]; `None` when nothing is
/// left.
pub(crate) fn clean_name(name: &str) -> Option<String> {
    let printable: String = name.chars().filter(|character| !character.is_control()).collect();
    let cut: String = printable.trim().chars().take(MAX_NAME_CHARACTERS).collect();
    let name = cut.trim_end();
    (!name.is_empty()).then(|| name.to_owned())
}
