//! The state of the worker pool: its workers, each of which may crash without harming the others, and its jobs.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Weak;

use futures_channel::oneshot;
use shoal::error::Coded;
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::{Answer, Posted, WireError, from_js, to_js};
use shoal_browser::yielding::sleep;
use shoal_protocol::{LoadNetwork, LoadedNetwork, Request};
use wasm_bindgen_futures::spawn_local;

use super::error::ComputeError;
use super::job::Job;
use super::kept::{Kept, Message};
use super::program_worker::{Program, ProgramWorker, Report};
use super::signs::SILENCE_MS;
use super::slot::{Phase, Slot};

/// The state of a pool.
pub struct PoolState {
    this: Weak<RefCell<PoolState>>,
    /// What the workers run.
    pub program: Program,
    /// The workers.
    pub slots: Vec<Slot>,
    /// The jobs that wait, first come, first served.
    pub queue: VecDeque<Job>,
    last_id: u32,
    /// What loading the network resulted in, once it has ended in the first worker.
    pub loaded: Option<Result<LoadedNetwork, ApiError>>,
    /// Waits for `loaded`.
    pub waiting: Vec<oneshot::Sender<Result<LoadedNetwork, ApiError>>>,
}

impl PoolState {
    /// A pool without workers. `this` is the state itself.
    pub fn new(this: Weak<RefCell<PoolState>>, program: Program) -> Self {
        let (queue, waiting) = (VecDeque::new(), Vec::new());
        Self { this, program, slots: Vec::new(), queue, last_id: 0, loaded: None, waiting }
    }

    /// Whether no worker can be started.
    pub fn is_lost(&self) -> bool {
        self.slots.iter().all(|slot| slot.failure.is_some())
    }

    /// Starts the worker of a slot.
    pub fn launch(&mut self, index: usize) {
        let slot = &mut self.slots[index];
        slot.serial += 1;
        slot.phase = Phase::Starting;
        slot.program_bytes = 0.0;
        let (serial, this) = (slot.serial, self.this.clone());
        let on_report = move |report: Report| {
            let this = this.clone();
            // Handled after the worker's callback has returned, since handling it may end that worker.
            spawn_local(async move {
                if let Some(state) = this.upgrade() {
                    state.borrow_mut().receive(index, serial, report);
                }
            });
        };
        match ProgramWorker::start(&self.program.module_url, on_report) {
            Ok(worker) => slot.worker = Some(worker),
            Err(error) => self.replace(index, error),
        }
    }

    /// Starts the worker of a slot after a delay, unless one is started before.
    fn launch_later(&mut self, index: usize) {
        let slot = &mut self.slots[index];
        slot.serial += 1;
        let (serial, delay_ms, this) = (slot.serial, slot.back_off_ms(), self.this.clone());
        spawn_local(async move {
            sleep(delay_ms).await;
            if let Some(state) = this.upgrade() {
                let mut state = state.borrow_mut();
                if state.slots.get(index).is_some_and(|slot| slot.serial == serial) {
                    state.launch(index);
                }
            }
        });
    }

    fn receive(&mut self, index: usize, serial: u32, report: Report) {
        let Some(slot) = self.slots.get_mut(index).filter(|slot| slot.serial == serial) else { return };
        match (report, &slot.phase) {
            (Report::Crashed(message), _) => self.replace(index, ComputeError::WorkerCrashed(message)),
            (Report::Silent, _) => self.replace(index, ComputeError::Silent { seconds: SILENCE_MS / 1000 }),
            (Report::Ready, _) => self.load(index),
            (Report::Answer(Answer { id, result, .. }), Phase::Loading(loading)) if id == *loading => {
                match result.and_then(|body| Ok(from_js::<LoadedNetwork>(body)?)) {
                    Ok(loaded) => {
                        let messages = slot.kept.clone().messages();
                        self.restore(index, Box::new(messages));
                        self.resolve_loaded(Ok(loaded));
                    }
                    // These weights cannot be loaded by any worker.
                    Err(error) if self.loaded.is_none() => self.give_up(index, error),
                    Err(error) => self.replace(index, error),
                }
            }
            (Report::Answer(Answer { id, .. }), Phase::Restoring(restoring, _)) if id == *restoring => {
                // A request that fails is left out: a job that needs what it would have restored fails with a reason.
                if let Phase::Restoring(_, messages) = std::mem::replace(&mut slot.phase, Phase::Starting) {
                    self.restore(index, messages);
                }
            }
            (Report::Answer(Answer { id, result, program_bytes }), _) => {
                slot.program_bytes = program_bytes;
                if let Some(job) = slot.in_flight.remove(&id) {
                    slot.job_finished();
                    if result.is_ok() {
                        slot.kept.record(job.effect, job.message.clone());
                    }
                    job.answer(result);
                }
                if slot.must_be_recycled() {
                    self.launch(index);
                }
            }
        }
        self.dispatch();
    }

    fn load(&mut self, index: usize) {
        let request = LoadNetwork {
            weights: self.program.weights.clone(),
            expected_sha256: self.program.expected_sha256.clone(),
        };
        let posted = to_js(&request)
            .map_err(ApiError::from)
            .and_then(|body| self.post(index, &Message { name: LoadNetwork::NAME, body }));
        match posted {
            Ok(id) => self.slots[index].phase = Phase::Loading(id),
            Err(error) => self.replace(index, error),
        }
    }

    /// Sends the next of these messages, which give the worker what its predecessor kept.
    fn restore(&mut self, index: usize, mut messages: Box<dyn Iterator<Item = Result<Message, WireError>>>) {
        match messages.next().map(|message| self.post(index, &message?)) {
            None => self.slots[index].start_succeeded(),
            Some(Ok(id)) => self.slots[index].phase = Phase::Restoring(id, messages),
            Some(Err(error)) => self.replace(index, error),
        }
    }

    /// Posts a request. Returns its id.
    fn post(&mut self, index: usize, message: &Message) -> Result<u32, ApiError> {
        self.last_id += 1;
        let request = Posted { id: self.last_id, name: message.name.into(), body: message.body.clone() };
        let worker = self.slots[index].worker.as_ref().ok_or(ComputeError::NoWorker)?;
        worker.post(request).map(|()| self.last_id)
    }

    fn resolve_loaded(&mut self, loaded: Result<LoadedNetwork, ApiError>) {
        let first = self.loaded.get_or_insert(loaded).clone();
        for waiting in self.waiting.drain(..) {
            // The receiver may be gone.
            let _ = waiting.send(first.clone());
        }
    }

    /// Replaces a worker that crashed. Its jobs are retried once, each alone; a job that crashes a worker again has failed.
    fn replace(&mut self, index: usize, cause: impl Into<ApiError>) {
        let error = cause.into();
        let slot = &mut self.slots[index];
        let jobs = std::mem::take(&mut slot.in_flight).into_values();
        let (suspects, others): (Vec<Job>, Vec<Job>) = jobs.filter(Job::is_awaited).partition(|job| job.is_suspect);
        let has_failed = slot.crashed(!suspects.is_empty());
        suspects.into_iter().for_each(|job| job.answer(Err(error.clone())));
        // In their order, since a job may need what an earlier one has sent.
        for mut job in others.into_iter().rev() {
            job.is_suspect = true;
            self.queue.push_front(job);
        }
        if has_failed {
            self.give_up(index, error);
        } else {
            self.launch_later(index);
        }
    }

    /// Fails the jobs of a worker that cannot be started. It is tried again while another worker runs; if there is none,
    /// everything that waits fails.
    fn give_up(&mut self, index: usize, cause: ApiError) {
        let crashed = ComputeError::WorkerCrashed(String::new()).code();
        let error = if cause.code == crashed { ComputeError::WorkerFailed(cause.message).into() } else { cause };
        let slot = &mut self.slots[index];
        slot.worker = None;
        slot.phase = Phase::Waiting;
        slot.failure = Some(error.clone());
        slot.kept = Kept::default();
        let is_lost = self.is_lost();
        let (doomed, kept): (VecDeque<Job>, VecDeque<Job>) =
            self.queue.drain(..).partition(|job| is_lost || job.worker == Some(index));
        self.queue = kept;
        doomed.into_iter().for_each(|job| job.answer(Err(error.clone())));
        if is_lost {
            for slot in &mut self.slots {
                slot.worker = None;
                // So that none is started later.
                slot.serial += 1;
            }
            self.resolve_loaded(Err(error));
        } else {
            self.launch_later(index);
        }
    }

    /// Sends every job that a worker can take.
    pub fn dispatch(&mut self) {
        self.queue.retain(|job| !job.is_abandoned());
        for index in 0..self.slots.len() {
            while let Some(job) = self.next_job_for(index) {
                match self.post(index, &job.message) {
                    Ok(id) => drop(self.slots[index].in_flight.insert(id, job)),
                    Err(error) => job.answer(Err(error)),
                }
            }
        }
    }

    /// Takes the queue's first job that this worker may take.
    fn next_job_for(&mut self, index: usize) -> Option<Job> {
        let slot = &self.slots[index];
        let may_take = |job: &Job| job.worker.is_none_or(|wanted| wanted == index) && slot.can_take(job);
        let position = self.queue.iter().position(may_take)?;
        self.queue.remove(position)
    }

    /// Drops every job that something waits for, and no other; callers that wait for one, or for the network, get `cancelled`.
    pub fn cancel(&mut self) {
        self.queue.retain(|job| !job.is_awaited());
        self.slots.iter_mut().flat_map(|slot| slot.in_flight.values_mut()).for_each(Job::abandon);
        self.waiting.clear();
    }
}
