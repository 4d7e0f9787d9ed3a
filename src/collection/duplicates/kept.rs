//! Groups of duplicates of which the user kept every image. They are remembered by content, so that they are not offered again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::collection::content_hash;

/// The most groups that are remembered.
const GROUPS_MAX: usize = 100_000;
/// The most images of a group that is remembered.
const IMAGES_MAX: usize = 1000;

/// The SHA-256 of a file.
type Content = [u8; 32];

/// Groups of files that are all kept.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(from = "Vec<Vec<String>>", into = "Vec<Vec<String>>")]
pub struct KeptGroups {
    /// The groups by number, each in ascending order.
    groups: BTreeMap<u32, Vec<Content>>,
    /// The numbers of the groups with a file.
    by_content: HashMap<Content, BTreeSet<u32>>,
    next: u32,
}

impl KeptGroups {
    /// Remembers a group of 2 to 1000 files, and forgets those that are part of it. No more than 100,000 groups are remembered.
    pub fn keep(&mut self, mut contents: Vec<Content>) {
        contents.sort_unstable();
        if !(2..=IMAGES_MAX).contains(&contents.len()) || self.covers(&contents) || self.groups.len() >= GROUPS_MAX {
            return;
        }
        let touched: BTreeSet<u32> =
            contents.iter().filter_map(|content| self.by_content.get(content)).flatten().copied().collect();
        for number in touched {
            if self.groups.get(&number).is_some_and(|known| is_part(known, &contents)) {
                self.forget(number);
            }
        }
        for content in &contents {
            self.by_content.entry(*content).or_default().insert(self.next);
        }
        self.groups.insert(self.next, contents);
        self.next += 1;
    }

    /// Remembers the groups of another list.
    pub fn extend(&mut self, others: Self) {
        others.groups.into_values().for_each(|contents| self.keep(contents));
    }

    /// Whether all of these files, identical ones counted, were kept in one group.
    pub fn covers(&self, contents: &[Content]) -> bool {
        let numbers = contents.first().and_then(|first| self.by_content.get(first)).into_iter().flatten();
        numbers.filter_map(|number| self.groups.get(number)).any(|known| is_part(contents, known))
    }

    /// Forgets all groups.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The number of groups.
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether no group is remembered.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    fn forget(&mut self, number: u32) {
        for content in self.groups.remove(&number).into_iter().flatten() {
            if let Some(numbers) = self.by_content.get_mut(&content) {
                numbers.remove(&number);
            }
        }
    }
}

impl PartialEq for KeptGroups {
    fn eq(&self, other: &Self) -> bool {
        let groups = |kept: &Self| kept.groups.values().cloned().collect::<BTreeSet<_>>();
        groups(self) == groups(other)
    }
}

/// Whether `whole` has every element of `part` at least as often.
fn is_part(part: &[Content], whole: &[Content]) -> bool {
    let mut counts: BTreeMap<&Content, usize> = BTreeMap::new();
    whole.iter().for_each(|content| *counts.entry(content).or_default() += 1);
    part.iter().all(|content| match counts.get_mut(content) {
        Some(count) if *count > 0 => {
            *count -= 1;
            true
        }
        _ => false,
    })
}

impl From<Vec<Vec<String>>> for KeptGroups {
    /// Ignores groups with a text that is no SHA-256 in hexadecimal.
    fn from(texts: Vec<Vec<String>>) -> Self {
        let mut kept = Self::default();
        for group in texts {
            if let Some(contents) = group.iter().map(|text| content_hash::from_hex(text)).collect() {
                kept.keep(contents);
            }
        }
        kept
    }
}

impl From<KeptGroups> for Vec<Vec<String>> {
    fn from(kept: KeptGroups) -> Self {
        kept.groups.values().map(|group| group.iter().map(content_hash::to_hex).collect()).collect()
    }
}
