//! The folders that the user has already sorted images into.

use std::collections::{BTreeMap, BTreeSet};

/// A folder with its images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    /// The name: as much of the path's end as distinguishes the folder from the others.
    pub name: String,
    /// The rows of its images, ascending.
    pub rows: Vec<usize>,
}

/// The folders of `paths`, in the byte order of their paths.
///
/// An image in no folder is left out, and so is one directly in a dropped folder that has subfolders: the user has not sorted
/// it yet.
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

/// The shortest suffixes of these paths that are all different.
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
    fn images_next_to_subfolders_are_left_out() {
        let paths = ["t/a.jpg", "t/cats/1.jpg", "t/cats/2.jpg", "t/dogs/1.jpg", "t/dogs/old/3.jpg", "lone.jpg"];
        let expected = [("cats", vec![1, 2]), ("dogs", vec![3]), ("old", vec![4])];
        assert_eq!(named(&paths), expected.map(|(name, rows)| (name.to_owned(), rows)));
    }

    #[test]
    fn a_dropped_folder_without_subfolders_is_a_folder() {
        assert_eq!(named(&["t/a", "u/b/c", "t/d"]), [("t".to_owned(), vec![0, 2]), ("b".to_owned(), vec![1])]);
        assert_eq!(named(&["a", "b"]), []);
    }

    #[test]
    fn names_are_as_long_as_necessary() {
        let names: Vec<String> =
            folders(&["t/x/cats/1", "t/y/cats/1", "t/dogs/1"]).into_iter().map(|folder| folder.name).collect();
        assert_eq!(names, ["dogs", "x/cats", "y/cats"]);
    }
}
