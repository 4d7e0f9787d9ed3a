//! The worker pool: a queue of jobs served by a few workers.

use std::cell::RefCell;
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::Uint8Array;
use shoal_browser::api_error::ApiError;
use shoal_protocol::{LoadedNetwork, Request};
use wasm_bindgen::JsValue;

use super::error::ComputeError;
use super::job::Job;
use super::kept::Kept;
use super::memory_budget::MemoryBudget;
use super::pool_state::PoolState;
use super::program_worker::Program;
use super::slot::Slot;
use crate::device::memory_gib;

/// The pool. Dropping it ends its workers.
pub struct WorkerPool {
    state: Rc<RefCell<PoolState>>,
    /// The memory for decoded images.
    pub memory: Rc<MemoryBudget>,
}

impl WorkerPool {
    /// Starts `workers` workers; [`Self::loaded`] resolves when the first is ready.
    pub fn open(program: Program, workers: usize) -> Self {
        let state = Rc::new_cyclic(|this| RefCell::new(PoolState::new(this.clone(), program)));
        let pool = Self { state, memory: Rc::new(MemoryBudget::new(memory_gib())) };
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

    /// The network, once a worker has loaded it.
    pub fn network(&self) -> Option<LoadedNetwork> {
        self.state.borrow().loaded.clone()?.ok()
    }

    /// Starts or ends workers so that there are this many. Must not be called while a job runs.
    pub fn resize(&self, workers: usize) {
        let mut state = self.state.borrow_mut();
        state.slots.truncate(workers);
        for index in state.slots.len()..workers {
            state.slots.push(Slot::new());
            state.launch(index);
        }
    }

    /// The weights file, and the SHA-256 that it must have, in hexadecimal.
    pub fn weights(&self) -> (Uint8Array, Option<String>) {
        let state = self.state.borrow();
        (state.program.weights.clone(), state.program.expected_sha256.clone())
    }

    /// How many workers there are, those included that are being replaced.
    pub fn len(&self) -> usize {
        self.state.borrow().slots.len()
    }

    /// Whether no worker can be started: every job fails.
    pub fn is_lost(&self) -> bool {
        self.state.borrow().is_lost()
    }

    /// Runs a job, on `worker` after the jobs that were sent to it before or, without one, on any.
    pub async fn run<R: Request>(&self, body: JsValue, worker: Option<usize>) -> Result<JsValue, ApiError> {
        let receiver = {
            let mut state = self.state.borrow_mut();
            if state.is_lost() {
                return Err(ComputeError::NoWorker.into());
            }
            if let Some(error) = worker.and_then(|worker| state.slots.get(worker)?.failure.clone()) {
                return Err(error);
            }
            let (sender, receiver) = oneshot::channel();
            state.queue.push_back(Job::new::<R>(body, worker, Some(sender)));
            state.dispatch();
            receiver
        };
        receiver.await.unwrap_or_else(|_| Err(ApiError::cancelled()))
    }

    /// Sends a job to one worker without waiting for it.
    pub fn send<R: Request>(&self, body: JsValue, worker: usize) {
        let mut state = self.state.borrow_mut();
        if state.slots.get(worker).is_some_and(|slot| slot.failure.is_none()) {
            state.queue.push_back(Job::new::<R>(body, Some(worker), None));
            state.dispatch();
        }
    }

    /// Changes what is recorded as kept by a worker, and by a worker that replaces it.
    pub fn change_kept(&self, worker: usize, change: impl FnOnce(&mut Kept)) {
        if let Some(slot) = self.state.borrow_mut().slots.get_mut(worker) {
            change(&mut slot.kept);
        }
    }

    /// Drops every job that something waits for; callers that wait for one, or for the network, get `cancelled`.
    pub fn cancel(&self) {
        self.state.borrow_mut().cancel();
    }
}
