//! The editable state of a cluster: its name, and whether it is locked.

use serde::{Deserialize, Serialize};

use crate::collection::clustering::default_name;

/// The most characters of a name; longer names are cut.
pub const MAX_NAME_CHARACTERS: usize = 120;

/// Where a cluster's name comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NameOrigin {
    /// The default name, which only numbers the cluster: `Group 1`.
    Default,
    /// Suggested from what the images show.
    Suggested,
    /// Given by the user or taken from a folder. No suggestion replaces it.
    Given,
}

/// A cluster without its images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClusterState {
    /// The id, never used for another cluster.
    pub id: u32,
    /// The name: 1 to [`MAX_NAME_CHARACTERS`] characters, none of them a control character.
    pub name: String,
    /// Where the name comes from.
    pub name_origin: NameOrigin,
    /// Whether the cluster pins all its images.
    pub locked: bool,
}

impl ClusterState {
    /// A new cluster with this clean name, or with the default name if there is none.
    pub(super) fn new(id: u32, name: Option<String>, locked: bool) -> Self {
        let name_origin = if name.is_some() { NameOrigin::Given } else { NameOrigin::Default };
        Self { id, name: name.unwrap_or_else(|| default_name(id)), name_origin, locked }
    }
}

/// The name without control characters and surrounding whitespace, cut to [`MAX_NAME_CHARACTERS`]; `None` if nothing is
/// left.
pub(crate) fn clean_name(name: &str) -> Option<String> {
    let printable: String = name.chars().filter(|character| !character.is_control()).collect();
    let cut: String = printable.trim().chars().take(MAX_NAME_CHARACTERS).collect();
    let name = cut.trim_end();
    (!name.is_empty()).then(|| name.to_owned())
}
