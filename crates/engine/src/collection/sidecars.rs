//! Files that came with the images: sidecars, and files that could not be read.

use std::collections::{BTreeMap, HashMap};

use shoal::collection::{ImageId, Rejection};
use web_sys::File;

use super::stored_image::SourceFile;

/// A file that could not be read.
#[derive(Clone)]
pub struct UnreadableFile {
    /// Why.
    pub rejection: Rejection,
    /// The file, if the browser could open it.
    pub file: Option<File>,
}

/// The files that were dropped with the images but are not images of the collection.
#[derive(Default)]
pub struct Sidecars {
    by_image: HashMap<ImageId, Vec<SourceFile>>,
    unreadable: BTreeMap<String, UnreadableFile>,
}

impl Sidecars {
    /// Attaches a file to the image that it belongs to, replacing one with the same path.
    pub fn attach(&mut self, image: ImageId, source: SourceFile) {
        self.unreadable.remove(&source.path);
        let sidecars = self.by_image.entry(image).or_default();
        match sidecars.iter_mut().find(|known| known.path == source.path) {
            Some(known) => *known = source,
            None => sidecars.push(source),
        }
    }

    /// The files that belong to an image.
    pub fn of(&self, image: ImageId) -> &[SourceFile] {
        self.by_image.get(&image).map_or(&[], Vec::as_slice)
    }

    /// How many sidecars there are.
    pub fn len(&self) -> usize {
        self.by_image.values().map(Vec::len).sum()
    }

    /// Adds a file that could not be read.
    pub fn reject(&mut self, rejection: Rejection, file: Option<File>) {
        self.unreadable.insert(rejection.path.clone(), UnreadableFile { rejection, file });
    }

    /// Removes a file that was read after all.
    pub fn accept(&mut self, path: &str) {
        self.unreadable.remove(path);
    }

    /// The files that could not be read, in path order.
    pub fn unreadable(&self) -> impl ExactSizeIterator<Item = &UnreadableFile> {
        self.unreadable.values()
    }
}
