//! What came along with the pictures: their sidecars, and the files that could not be read.

use std::collections::{BTreeMap, HashMap};

use web_sys::File;

use crate::sources::Found;
use shoal::collection::{ImageId, Rejection};

/// A file that could not be read.
#[derive(Clone)]
pub struct Unread {
    /// Why.
    pub rejection: Rejection,
    /// The file, where one could be had at all.
    pub file: Option<File>,
}

/// Files that are no pictures of the collection, but were dropped with them.
#[derive(Default)]
pub struct Beside {
    sidecars: HashMap<ImageId, Vec<Found>>,
    unread: BTreeMap<String, Unread>,
}

impl Beside {
    /// Keeps a file with the picture that it belongs to; one that is there already is renewed.
    pub fn attach(&mut self, picture: ImageId, found: Found) {
        self.unread.remove(&found.path);
        let sidecars = self.sidecars.entry(picture).or_default();
        match sidecars.iter_mut().find(|known| known.path == found.path) {
            Some(known) => *known = found,
            None => sidecars.push(found),
        }
    }

    /// The files that belong to a picture.
    pub fn sidecars(&self, picture: ImageId) -> &[Found] {
        self.sidecars.get(&picture).map_or(&[], Vec::as_slice)
    }

    /// How many files belong to pictures.
    pub fn sidecar_count(&self) -> usize {
        self.sidecars.values().map(Vec::len).sum()
    }

    /// Keeps what could not be read.
    pub fn refuse(&mut self, rejection: Rejection, file: Option<File>) {
        self.unread.insert(rejection.path.clone(), Unread { rejection, file });
    }

    /// A file of this path was read after all.
    pub fn accept(&mut self, path: &str) {
        self.unread.remove(path);
    }

    /// What could not be read, in path order.
    pub fn unread(&self) -> impl ExactSizeIterator<Item = &Unread> {
        self.unread.values()
    }
}
