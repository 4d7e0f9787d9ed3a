//! What could not be taken in, and how it is told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// A file that was not taken in, or not written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
pub struct Rejection {
    /// The file's path.
    pub path: String,
    /// The error's stable code.
    pub code: String,
    /// What happened, in words.
    pub reason: String,
}

/// Refusals of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RejectionGroup {
    /// The code they share.
    pub code: String,
    /// The reason they share; where reasons differ in numbers or details, those are left out.
    pub reason: String,
    /// Their paths, in the order they were handed in.
    pub paths: Vec<String>,
}

/// Gathers rejections by code and kind of reason, the largest group first and equal ones by code.
///
/// Two reasons are of one kind when they agree up to the first `: ` once numbers are left out.
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

/// A reason without what is particular to one file.
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
