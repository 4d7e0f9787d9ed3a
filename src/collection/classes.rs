//! The classes that pictures had before, when they come in several folders.

use std::collections::BTreeSet;

/// The folder that each picture lies in, as a class to compare a clustering with.
///
/// Returns the folders' full paths in byte order, and for each of `paths` the index of its folder. `None` when that says
/// nothing: with fewer than two folders, or with a picture that lies in none.
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
