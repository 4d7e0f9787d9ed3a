//! Actions of the user: methods of [`State`] that call the engine. Its events update the signals.

mod collection;
mod editing;
mod exporting;
mod navigation;

use crate::state::State;
use shoal_browser::api_error::ApiError;

impl State {
    /// Reports a failed call to the engine. A successful one needs nothing here: its events have updated the state.
    pub fn report_failure<T>(self, result: Result<T, ApiError>) {
        if let Err(error) = result {
            self.engine().report(&error);
        }
    }
}
