//! Actions that change what is shown: image panel, search, lightbox, selection.

use std::collections::BTreeSet;

use leptos::prelude::*;

use crate::image_sets::items_of;
use crate::state::{ImageSet, LightboxImage, State};
use shoal::collection::ImageOrder;

impl State {
    /// Opens the image panel on a set.
    pub fn show_images(self, set: ImageSet) {
        self.shown_set.set(Some(set));
    }

    /// Closes the image panel, and ends a search that it shows.
    pub fn close_images(self) {
        if self.shown_set.get_untracked() == Some(ImageSet::SearchResults) {
            self.search.set(String::new());
        }
        self.shown_set.set(None);
    }

    /// Searches images by text and shows the results; blank text ends the search.
    pub fn search_for(self, query: String) {
        let set = if query.trim().is_empty() { None } else { Some(ImageSet::SearchResults) };
        self.search.set(query);
        if set.is_some() || self.shown_set.get_untracked() == Some(ImageSet::SearchResults) {
            self.shown_set.set(set);
        }
    }

    /// Opens the lightbox on the image at `path`, to step through the set in the order in which closest images come first.
    pub fn open_lightbox(self, path: &str, set: ImageSet) {
        let siblings = untrack(|| {
            self.clustering.with(|clustering| {
                let items = clustering.iter().flat_map(|one| items_of(self, one, set, ImageOrder::Closeness));
                items.map(|item| item.path.clone()).collect()
            })
        });
        self.lightbox.set(Some(LightboxImage { path: path.to_owned(), siblings }));
    }

    /// Selects the image at `path`, or deselects it.
    pub fn toggle_selected(self, path: &str) {
        self.selected.update(|selected| {
            if !selected.remove(path) {
                selected.insert(path.to_owned());
            }
        });
    }

    /// Steps the lightbox by `offset` images, within the siblings of the current one.
    pub fn step_lightbox(self, offset: isize) {
        self.lightbox.update(|image| {
            if let Some(image) = image
                && let Some(index) = image.siblings.iter().position(|path| *path == image.path)
                && let Some(path) = index.checked_add_signed(offset).and_then(|index| image.siblings.get(index))
            {
                image.path = path.clone();
            }
        });
    }

    /// Returns the selection and clears it.
    pub fn take_selection(self) -> Vec<String> {
        let paths = self.selected.get_untracked().into_iter().collect();
        self.selected.set(BTreeSet::new());
        paths
    }
}
