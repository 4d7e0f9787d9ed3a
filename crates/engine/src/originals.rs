//! The originals: which are at hand, and what cannot be done without them.

use web_sys::File;

use crate::{Engine, Event};
use shoal::collection::ImageId;
use shoal_browser::api_error::ApiError;

/// The failure of what needs originals that are away.
pub(super) fn originals_missing(count: usize) -> ApiError {
    let (originals, are) = if count == 1 { ("original", "is") } else { ("originals", "are") };
    let message = format!("{count} {originals} {are} not at hand, and this needs them: drop the folder again");
    ApiError::new("originals-missing", message)
}

impl Engine {
    /// How many pictures' originals are away.
    pub fn away(&self) -> usize {
        self.0.store.borrow().away_count()
    }

    /// The originals of these pictures, in their order.
    ///
    /// # Errors
    /// `originals-missing` when one of them is away.
    pub(super) fn originals(&self, ids: &[ImageId]) -> Result<Vec<File>, ApiError> {
        let store = self.0.store.borrow();
        let files: Vec<File> = ids.iter().filter_map(|&id| store.file_of(id).cloned()).collect();
        if files.len() < ids.len() { Err(originals_missing(ids.len() - files.len())) } else { Ok(files) }
    }

    /// Tells everyone what the collection is, after a change that was not told picture by picture.
    pub(super) fn tell_collection(&self) {
        self.tell(Event::Collection { pictures: self.len(), away: self.away() });
    }
}
