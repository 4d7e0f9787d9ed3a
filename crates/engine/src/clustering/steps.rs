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
        self.advance_by(1);
    }

    /// Marks `count` more steps as done.
    pub fn advance_by(&self, count: usize) {
        self.reach(self.done.get() + count);
    }

    /// The next `count` steps, of which shares are done: call the result with the share that is done so far, from 0 to 1.
    pub fn next(&self, count: usize) -> impl Fn(f64) {
        let before = self.done.get();
        move |share| self.reach(before + (share * count as f64) as usize)
    }

    fn reach(&self, done: usize) {
        if done > self.done.get() {
            self.done.set(done);
            self.operation.progress(Stage::Clustering, done.min(self.total), self.total);
        }
    }
}
