//! Classes of images, taken from the folders that they came in.

use std::collections::BTreeSet;

/// The folder that each image lies in, as the class to evaluate a clustering against.
///
/// Returns the folders' full paths in byte order, and for each of `paths` the index of its folder. Returns `None` for fewer
/// than two folders, or if an image lies in none.
pub fn classes<P: AsRef<str>>(paths: &[P]) -> Option<(Vec<String>, Vec<u32>)> {
    let folders: Vec<&str> =
        paths.iter().map(|path| path.as_ref().rsplit_once('/').map(|(folder, _)| folder)).collect::<Option<_>>()?;
    let distinct: Vec<&str> = folders.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    if distinct.len() < 2 {
        return None;
    }
    let labels = folders
        .iter()
        .map(|folder| distinct.binary_search(folder).ok().and_then(|index| u32::try_from(index).ok()))
        .collect::<Option<_>>()?;
    Some((distinct.into_iter().map(String::from).collect(), labels))
}
