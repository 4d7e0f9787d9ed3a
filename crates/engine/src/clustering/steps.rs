//! Progress of the search for clusters.

use std::cell::Cell;

use crate::events::Stage;
use crate::operation::Operation;

/// Counts steps, and emits progress.
pub struct Steps<'a> {
    operation: &'a Operation,
    done: Cell<usize>,
    total: usize,
}

impl<'a> Steps<'a> {
    /// Progress with `total` steps, none of which is done.
    pub fn new(operation: &'a Operation, total: usize) -> Self {
        operation.progress(Stage::Clustering, 0, total);
        Self { operation, done: Cell::new(0), total }
    }

    /// Marks one more step as done.
    pub fn advance(&self) {
        self.done.set(self.done.get() + 1);
        self.operation.progress(Stage::Clustering, self.done.get().min(self.total), self.total);
    }
}
