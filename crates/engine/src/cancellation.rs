//! Ending what waits for something that may never happen.

use std::cell::RefCell;
use std::pin::pin;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use shoal_browser::api_error::ApiError;

/// What can be cancelled, any number of times.
#[derive(Default)]
pub struct Cancellation {
    /// Dropped by the next cancellation.
    waiting: RefCell<Vec<oneshot::Sender<()>>>,
}

impl Cancellation {
    /// Ends everything that waits.
    pub fn cancel(&self) {
        self.waiting.take();
    }

    /// Waits for `work`, or for the next cancellation, which drops it: for what may be left half done.
    ///
    /// # Errors
    /// `cancelled`.
    pub async fn or_cancelled<T>(&self, work: impl Future<Output = T>) -> Result<T, ApiError> {
        let (waiting, cancelled) = oneshot::channel();
        {
            let mut others = self.waiting.borrow_mut();
            others.retain(|other| !other.is_canceled());
            others.push(waiting);
        }
        match select(pin!(work), cancelled).await {
            Either::Left((output, _)) => Ok(output),
            Either::Right(_) => Err(ApiError::cancelled()),
        }
    }
}
