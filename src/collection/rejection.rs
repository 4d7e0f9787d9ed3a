//! Rejected files, and their grouping by reason.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A file that was not added, or not exported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Rejection {
    /// The file's path.
    pub path: String,
    /// The error's stable code.
    pub code: String,
    /// A description of what happened.
    pub reason: String,
}

/// Rejections of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectionGroup {
    /// The shared code.
    pub code: String,
    /// The shared reason, without numbers and details in which the reasons differ.
    pub reason: String,
    /// The files' paths, in the order of the rejections.
    pub paths: Vec<String>,
}

/// Groups rejections by code and kind of reason, the largest group first and equally large ones by code.
///
/// Two reasons are of one kind if they agree up to the first `: `, ignoring numbers.
pub fn group_by_code(rejections: &[Rejection]) -> Vec<RejectionGroup> {
    let mut groups: BTreeMap<(&str, String), RejectionGroup> = BTreeMap::new();
    for rejection in rejections {
        let kind = kind_of(&rejection.reason);
        let group = groups.entry((&rejection.code, kind.clone())).or_insert_with(|| RejectionGroup {
            code: rejection.code.clone(),
            reason: rejection.reason.clone(),
            paths: Vec::new(),
        });
        if group.reason != rejection.reason {
            group.reason = kind;
        }
        group.paths.push(rejection.path.clone());
    }
    let mut groups: Vec<RejectionGroup> = groups.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.paths.len()));
    groups
}

/// A reason without the details of one file.
fn kind_of(reason: &str) -> String {
    let general = reason.split_once(": ").map_or(reason, |(general, _)| general);
    let mut kind = String::with_capacity(general.len());
    for character in general.chars() {
        if !character.is_ascii_digit() {
            kind.push(character);
        } else if !kind.ends_with('…') {
            kind.push('…');
        }
    }
    kind
}
