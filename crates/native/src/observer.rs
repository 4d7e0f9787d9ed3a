//! Progress and cancellation.

use crate::NativeError;

/// What an operation is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Embedding images.
    Embedding,
    /// Writing a features file, in rows.
    Writing,
    /// Reading a features file, in rows.
    Reading,
    /// Clustering, in steps of any duration.
    Clustering,
    /// Copying or moving files.
    Sorting,
}

/// Who wants to know how far an operation is, and may stop it. Called from several threads.
pub trait Observer: Sync {
    /// Whether the operation should stop as soon as what is done can be kept.
    fn is_stopped(&self) -> bool;

    /// `done` of `total` steps of a stage are done.
    fn progress(&self, stage: Stage, done: usize, total: usize);

    /// Ends an operation that has nothing to keep.
    ///
    /// # Errors
    /// [`NativeError::Stopped`] if the operation should stop.
    fn check(&self) -> Result<(), NativeError> {
        if self.is_stopped() { Err(NativeError::Stopped) } else { Ok(()) }
    }
}

/// Shows nothing and never stops.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn is_stopped(&self) -> bool {
        false
    }

    fn progress(&self, _: Stage, _: usize, _: usize) {}
}
