//! The worker pool: a queue of jobs served by a few workers.

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::Uint8Array;
use shoal_browser::api_error::ApiError;
use shoal_protocol::LoadedNetwork;
use wasm_bindgen::JsValue;

use super::error::ComputeError;
use super::pool_state::{Job, PoolState, Slot};
use super::program_worker::Program;

/// The pool. Dropping it ends its workers.
pub struct WorkerPool {
    state: Rc<RefCell<PoolState>>,
}

impl WorkerPool {
    /// Starts `workers` workers; [`Self::loaded`] resolves when the first is ready.
    pub fn open(program: Program, workers: usize) -> Self {
        let pool = Self { state: Rc::new(RefCell::new(PoolState::new(program))) };
        pool.resize(workers);
        pool
    }

    /// Waits until the first worker has loaded the network.
    pub async fn loaded(&self) -> Result<LoadedNetwork, ApiError> {
        let receiver = {
            let mut state = self.state.borrow_mut();
            if let Some(loaded) = &state.loaded {
                return loaded.clone();
            }
            let (sender, receiver) = oneshot::channel();
            state.waiting.push(sender);
            receiver
        };
        receiver.await.unwrap_or_else(|_| Err(ApiError::cancelled()))
    }

    /// Starts or ends workers so that there are this many. Must not be called while a job runs.
    pub fn resize(&self, workers: usize) {
        let mut state = self.state.borrow_mut();
        state.slots.truncate(workers);
        for index in state.slots.len()..workers {
            state.slots.push(Slot::default());
            state.launch(index, &Rc::downgrade(&self.state));
        }
    }

    /// The weights file, and the SHA-256 that it must have, in hexadecimal.
    pub fn weights(&self) -> (Uint8Array, Option<String>) {
        let state = self.state.borrow();
        (state.program.weights.clone(), state.program.expected_sha256.clone())
    }

    /// How many workers there are.
    pub fn len(&self) -> usize {
        self.state.borrow().slots.len()
    }

    /// Whether any worker runs or starts.
    pub fn is_alive(&self) -> bool {
        self.state.borrow().slots.iter().any(|slot| slot.worker.is_some())
    }

    /// Runs a job, after the jobs that were sent to the same worker before.
    pub async fn run(&self, name: &'static str, body: JsValue, worker: Option<usize>) -> Result<JsValue, ApiError> {
        if !self.is_alive() || worker.is_some_and(|worker| !self.has_worker(worker)) {
            return Err(ComputeError::NoWorker.into());
        }
        let (sender, receiver) = oneshot::channel();
        self.enqueue(Job::new(name, body, worker, Some(sender)));
        receiver.await.unwrap_or_else(|_| Err(ApiError::cancelled()))
    }

    /// Sends a job to one worker without waiting for it. Does nothing when that worker is gone.
    pub fn send(&self, name: &'static str, body: JsValue, worker: usize) {
        if self.has_worker(worker) {
            self.enqueue(Job::new(name, body, Some(worker), None));
        }
    }

    /// Drops every job; callers that wait for one get `cancelled`.
    pub fn cancel(&self) {
        let mut state = self.state.borrow_mut();
        state.queue.clear();
        for job in state.slots.iter_mut().flat_map(|slot| slot.in_flight.values_mut()) {
            job.reply = None;
        }
    }

    fn has_worker(&self, worker: usize) -> bool {
        self.state.borrow().slots.get(worker).is_some_and(|slot| slot.worker.is_some())
    }

    fn enqueue(&self, job: Job) {
        let mut state = self.state.borrow_mut();
        state.queue.push_back(job);
        state.dispatch();
    }
}
