//! The editable state of a cluster: its name, and whether it is locked.

use std::collections::HashSet;
use std::rc::Rc;

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
    /// A new cluster with this clean name or, without one, with the next default name.
    pub(super) fn new(id: u32, name: Option<String>, locked: bool, default_names: &mut DefaultNames) -> Self {
        let name_origin = if name.is_some() { NameOrigin::Given } else { NameOrigin::Default };
        Self { id, name: name.unwrap_or_else(|| default_names.next()), name_origin, locked }
    }
}

impl ClusterState {
    /// The name, if it was given.
    pub(super) fn given_name(&self) -> Option<Rc<str>> {
        (self.name_origin == NameOrigin::Given).then(|| self.name.as_str().into())
    }
}

/// Default names with the lowest numbers that are free.
#[derive(Clone, Debug, Default)]
pub(super) struct DefaultNames {
    taken: HashSet<String>,
    last: u32,
}

impl DefaultNames {
    /// Default names that differ from these names.
    pub fn besides<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self { taken: names.into_iter().map(str::to_owned).collect(), last: 0 }
    }

    /// The next default name.
    pub fn next(&mut self) -> String {
        loop {
            let name = default_name(self.last);
            self.last += 1;
            if !self.taken.contains(&name) {
                return name;
            }
        }
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
