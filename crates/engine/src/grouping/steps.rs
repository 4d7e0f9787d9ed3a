//! How far the search for groups is.

use std::cell::Cell;

use crate::{Engine, Stage};

/// Counts steps, and tells of each.
pub struct Steps<'a> {
    engine: &'a Engine,
    done: Cell<usize>,
    total: usize,
}

impl<'a> Steps<'a> {
    /// None of `total` steps is done.
    pub fn new(engine: &'a Engine, total: usize) -> Self {
        engine.progress(Stage::Clustering, 0, total);
        Self { engine, done: Cell::new(0), total }
    }

    /// One more is.
    pub fn done(&self) {
        self.done.set(self.done.get() + 1);
        self.engine.progress(Stage::Clustering, self.done.get().min(self.total), self.total);
    }
}
