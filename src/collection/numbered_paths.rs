//! Paths with a number, which tell apart files of one path and different contents: `trip (2)/a.jpg`, `a (2).jpg`.
//!
//! Thousands of files may share a path (some phones call every picture `image.jpg`), so that the first free number is kept
//! instead of being counted up to for each of them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The first number; the path itself stands for 1.
const FIRST: u64 = 2;

/// The numbered paths of a collection, by the path without number, with the id and the content hash of each.
#[derive(Clone, Debug)]
pub(super) struct NumberedPaths<Id>(HashMap<String, Numbers<Id>>);

impl<Id> Default for NumberedPaths<Id> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

/// The numbers of one path.
#[derive(Clone, Debug)]
struct Numbers<Id> {
    taken: BTreeSet<u64>,
    by_content: BTreeMap<([u8; 32], u64), Id>,
    /// The number after the taken ones, apart from `holes`.
    next: u64,
    /// The free numbers below `next`.
    holes: BTreeSet<u64>,
}

impl<Id: Copy> NumberedPaths<Id> {
    /// Notes that `path` is taken. Ignores a path without number.
    pub fn insert(&mut self, path: &str, sha256: &[u8; 32], id: Id) {
        let Some((base, number)) = split(path) else { return };
        let numbers = self.0.entry(base).or_insert_with(Numbers::none);
        numbers.taken.insert(number);
        numbers.by_content.insert((*sha256, number), id);
        numbers.holes.remove(&number);
        while numbers.taken.contains(&numbers.next) {
            numbers.next += 1;
        }
    }

    /// Notes that `path`, taken by an image of this content, is free.
    pub fn remove(&mut self, path: &str, sha256: &[u8; 32]) {
        let Some((base, number)) = split(path) else { return };
        let Some(numbers) = self.0.get_mut(&base) else { return };
        numbers.taken.remove(&number);
        numbers.by_content.remove(&(*sha256, number));
        if number < numbers.next {
            numbers.holes.insert(number);
        }
        if numbers.taken.is_empty() {
            self.0.remove(&base);
        }
    }

    /// Notes that every path is free.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// `path` with the lowest free number.
    pub fn first_free(&self, path: &str) -> String {
        numbered(path, self.0.get(path).map_or(FIRST, |numbers| numbers.first_free()))
    }

    /// The image of this content that has `path` with a number below the lowest free one.
    pub fn with_content(&self, path: &str, sha256: &[u8; 32]) -> Option<Id> {
        let numbers = self.0.get(path)?;
        let range = (*sha256, FIRST)..(*sha256, numbers.first_free());
        numbers.by_content.range(range).next().map(|(_, id)| *id)
    }
}

impl<Id> Numbers<Id> {
    fn none() -> Self {
        Self { taken: BTreeSet::new(), by_content: BTreeMap::new(), next: FIRST, holes: BTreeSet::new() }
    }

    fn first_free(&self) -> u64 {
        self.holes.first().copied().unwrap_or(self.next)
    }
}

/// `path` with a number after its first folder or, if it has none, before the file's extension.
fn numbered(path: &str, number: u64) -> String {
    if let Some((folder, rest)) = path.split_once('/') {
        return format!("{folder} ({number})/{rest}");
    }
    match path.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() => format!("{stem} ({number}).{extension}"),
        _ => format!("{path} ({number})"),
    }
}

/// The path and the number that [`numbered`] makes `path` of.
fn split(path: &str) -> Option<(String, u64)> {
    let (before, separator, after) = match path.split_once('/') {
        Some((folder, rest)) => (folder, "/", rest),
        None => match path.rsplit_once('.') {
            Some((stem, extension)) if !stem.is_empty() => (stem, ".", extension),
            _ => (path, "", ""),
        },
    };
    let (base, number) = before.strip_suffix(')')?.rsplit_once(" (")?;
    let (base, number) = (format!("{base}{separator}{after}"), number.parse().ok()?);
    // Not so for `a (02).jpg`, nor for ` (2).jpg`.
    (number >= FIRST && numbered(&base, number) == path).then_some((base, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_where_it_is_put() {
        for base in ["a.jpg", "a.b.jpg", "plain", ".hidden", "trip/a.jpg", "trip (1)/day (2)/a.jpg", "a (2).jpg"] {
            for number in [2, 10, u64::MAX] {
                assert_eq!(split(&numbered(base, number)), Some((base.to_owned(), number)), "{base}");
            }
        }
        for path in
            ["a (1).jpg", "a (02).jpg", " (2).jpg", "a(2).jpg", "a (2)b.jpg", "trip/a (2).jpg", "a (-2).jpg", ""]
        {
            assert_eq!(split(path), None, "{path}");
        }
    }
}
