//! What a worker keeps between requests, so that a worker that replaces it gets the same.

use std::collections::BTreeMap;

use shoal_browser::wire::{WireError, to_js};
use shoal_protocol::{Effect, KeptState, MatrixId, PutRows, Request};
use wasm_bindgen::JsValue;

use super::points::Points;

/// What a worker keeps. Clones are handles to the same values.
#[derive(Clone, Default)]
pub struct Kept {
    matrices: BTreeMap<MatrixId, Points>,
    /// The requests that made the rest, in the order in which the worker handled them.
    requests: Vec<(KeptState, Message)>,
}

/// A request's name and body.
#[derive(Clone)]
pub struct Message {
    /// The name.
    pub name: &'static str,
    /// The body.
    pub body: JsValue,
}

impl Kept {
    /// Whether the worker keeps anything that an operation in progress needs.
    pub fn is_in_use(&self) -> bool {
        !self.matrices.is_empty() || self.requests.iter().any(|(state, _)| *state != KeptState::Classifier)
    }

    /// The worker gets a matrix, which replaces one of the same id.
    pub fn put(&mut self, matrix: MatrixId, points: Points) {
        self.matrices.insert(matrix, points);
    }

    /// The worker loses a matrix.
    pub fn remove(&mut self, matrix: MatrixId) {
        self.matrices.remove(&matrix);
    }

    /// The worker loses every matrix, and a layout, which is computed from one.
    pub fn remove_matrices(&mut self) {
        self.matrices.clear();
        self.end(KeptState::Layout);
    }

    /// The worker handled a request.
    pub fn record(&mut self, effect: Effect, message: Message) {
        match effect {
            Effect::Nothing => {}
            Effect::Begins(state) => {
                self.end(state);
                self.requests.push((state, message));
            }
            Effect::Advances(state) => self.requests.push((state, message)),
            Effect::Ends(state) => self.end(state),
        }
    }

    fn end(&mut self, ended: KeptState) {
        self.requests.retain(|(state, _)| *state != ended);
    }

    /// The requests that give a worker without any state the same. They are made one at a time, since all rows of a matrix at
    /// once would take as much memory as the matrix.
    pub fn messages(self) -> impl Iterator<Item = Result<Message, WireError>> {
        let rows = self.matrices.into_iter().flat_map(|(matrix, points)| points.into_messages(matrix));
        let rows = rows.map(|rows| Ok(Message { name: PutRows::NAME, body: to_js(&rows)? }));
        rows.chain(self.requests.into_iter().map(|(_, message)| Ok(message)))
    }
}
