//! The folders that a person already sorted pictures into.

use std::collections::{BTreeMap, BTreeSet};

/// A folder with its pictures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// Its name; as much of its path as tells it from the others.
    pub name: String,
    /// The rows of its pictures, ascending.
    pub rows: Vec<usize>,
}

/// The folders of `paths`, in the byte order of their paths.
///
/// A picture in no folder is in none of them, and neither is one that lies beside the folders of the folder that was
/// dropped: it is still to be sorted.
pub fn folders<P: AsRef<str>>(paths: &[P]) -> Vec<Folder> {
    let folder_of = |path: &P| path.as_ref().rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let all: Vec<Option<String>> = paths.iter().map(folder_of).collect();
    let roots_with_folders: BTreeSet<&str> =
        all.iter().flatten().filter_map(|folder| folder.split_once('/')).map(|(root, _)| root).collect();
    let mut rows: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (row, folder) in all.iter().enumerate() {
        if let Some(folder) = folder
            && !roots_with_folders.contains(folder.as_str())
        {
            rows.entry(folder).or_default().push(row);
        }
    }
    let names = names(&rows.keys().copied().collect::<Vec<_>>());
    rows.into_values().zip(names).map(|(rows, name)| Folder { name, rows }).collect()
}

/// The shortest ends of these paths that are all different.
fn names(folders: &[&str]) -> Vec<String> {
    let end = |folder: &str, parts: usize| {
        let from = folder.rmatch_indices('/').nth(parts - 1).map_or(0, |(index, _)| index + 1);
        folder[from..].to_owned()
    };
    let deepest = folders.iter().map(|folder| folder.split('/').count()).max().unwrap_or(1);
    let mut names: Vec<String> = folders.iter().map(|folder| end(folder, 1)).collect();
    for parts in 2..=deepest {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for name in &names {
            *counts.entry(name.clone()).or_default() += 1;
        }
        for (name, folder) in names.iter_mut().zip(folders) {
            if counts.get(name).is_some_and(|&count| count > 1) {
                *name = end(folder, parts);
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::folders;

    fn named(paths: &[&str]) -> Vec<(String, Vec<usize>)> {
        folders(paths).into_iter().map(|folder| (folder.name, folder.rows)).collect()
    }

    #[test]
    fn what_lies_beside_the_folders_is_in_none() {
        let paths = ["t/a.jpg", "t/cats/1.jpg", "t/cats/2.jpg", "t/dogs/1.jpg", "t/dogs/old/3.jpg", "lone.jpg"];
        let expected = [("cats", vec![1, 2]), ("dogs", vec![3]), ("old", vec![4])];
        assert_eq!(named(&paths), expected.map(|(name, rows)| (name.to_owned(), rows)));
    }

    #[test]
    fn a_dropped_folder_without_folders_is_one() {
        assert_eq!(named(&["t/a", "u/b/c", "t/d"]), [("t".to_owned(), vec![0, 2]), ("b".to_owned(), vec![1])]);
        assert_eq!(named(&["a", "b"]), []);
    }

    #[test]
    fn names_are_as_long_as_they_must_be() {
        let names: Vec<String> =
            folders(&["t/x/cats/1", "t/y/cats/1", "t/dogs/1"]).into_iter().map(|folder| folder.name).collect();
        assert_eq!(names, ["dogs", "x/cats", "y/cats"]);
    }
}
