//! The worker pool: a queue of jobs served by a few workers, each of which may crash without harm to the others.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::{Rc, Weak};

use futures_channel::oneshot;
use js_sys::Uint8Array;
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::{Answer, Posted, from_js, to_js};
use shoal_protocol::{LoadNetwork, LoadedNetwork, Request};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::error::ComputeError;
use super::program_worker::{ProgramWorker, Report};

/// While the browser decodes one image, the worker embeds another.
const JOBS_PER_WORKER: usize = 2;
/// A worker that crashed this often without finishing a job is given up.
const CRASHES_MAX: u32 = 3;

/// What a worker needs to start.
pub struct WorkerProgram {
    /// Absolute URL of the worker's module.
    pub module_url: String,
    /// The weights file.
    pub weights: Uint8Array,
    /// The SHA-256 that it must have, in hexadecimal.
    pub expected_sha256: Option<String>,
}

/// A request on its way to a worker and back.
pub struct Job {
    /// The request's name.
    pub name: &'static str,
    /// The request.
    pub body: JsValue,
    /// The worker that must run it; `None` for any.
    pub worker: Option<usize>,
    /// It was in flight when a worker crashed: it runs alone, to find the cause.
    is_suspect: bool,
    reply: Option<oneshot::Sender<Result<JsValue, ApiError>>>,
}

struct Slot {
    worker: Option<ProgramWorker>,
    /// Tells this worker's reports from those of the one that it replaced.
    serial: u32,
    is_ready: bool,
    crashes: u32,
    in_flight: HashMap<u32, Job>,
    /// The id of the request that loads the network.
    loading: Option<u32>,
}

struct State {
    program: WorkerProgram,
    slots: Vec<Slot>,
    queue: VecDeque<Job>,
    last_id: u32,
    loaded: Option<Result<LoadedNetwork, ApiError>>,
    waiting: Vec<oneshot::Sender<Result<LoadedNetwork, ApiError>>>,
}

/// The pool. Dropping it ends its workers.
pub struct WorkerPool {
    state: Rc<RefCell<State>>,
}

impl WorkerPool {
    /// Starts `workers` workers; [`Self::loaded`] resolves when the first is ready.
    pub fn open(program: WorkerProgram, workers: usize) -> Self {
        let state =
            State { program, slots: Vec::new(), queue: VecDeque::new(), last_id: 0, loaded: None, waiting: Vec::new() };
        let pool = Self { state: Rc::new(RefCell::new(state)) };
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

    /// Starts or ends workers so that there are this many. To be called while no job runs.
    pub fn resize(&self, workers: usize) {
        let mut state = self.state.borrow_mut();
        state.slots.truncate(workers);
        while state.slots.len() < workers {
            state.slots.push(Slot {
                worker: None,
                serial: 0,
                is_ready: false,
                crashes: 0,
                in_flight: HashMap::new(),
                loading: None,
            });
            let index = state.slots.len() - 1;
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
        self.enqueue(Job { name, body, worker, is_suspect: false, reply: Some(sender) });
        receiver.await.unwrap_or_else(|_| Err(ApiError::cancelled()))
    }

    /// Sends a job to one worker without waiting for it. Does nothing when that worker is gone.
    pub fn send(&self, name: &'static str, body: JsValue, worker: usize) {
        if self.has_worker(worker) {
            self.enqueue(Job { name, body, worker: Some(worker), is_suspect: false, reply: None });
        }
    }

    /// Drops every job; whoever waits for one gets `cancelled`.
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

impl State {
    fn launch(&mut self, index: usize, pool: &Weak<RefCell<State>>) {
        let slot = &mut self.slots[index];
        slot.is_ready = false;
        slot.serial += 1;
        let serial = slot.serial;
        let pool = pool.clone();
        let on_report = move |report: Report| {
            let pool = pool.clone();
            // Handled after the worker's own callback has returned, since it may end that very worker.
            spawn_local(async move {
                if let Some(state) = pool.upgrade() {
                    state.borrow_mut().receive(index, serial, report, &pool);
                }
            });
        };
        match ProgramWorker::start(&self.program.module_url, on_report) {
            Ok(worker) => slot.worker = Some(worker),
            Err(error) => self.give_up(index, error),
        }
    }

    fn receive(&mut self, index: usize, serial: u32, report: Report, pool: &Weak<RefCell<State>>) {
        if self.slots.get(index).is_none_or(|slot| slot.serial != serial) {
            return;
        }
        match report {
            Report::Crashed(message) => self.restart(index, &message, pool),
            Report::Ready => self.load(index),
            Report::Answer(Answer { id, result }) if self.slots[index].loading == Some(id) => {
                self.slots[index].loading = None;
                match result.and_then(|body| Ok(from_js::<LoadedNetwork>(body)?)) {
                    Ok(loaded) => {
                        self.slots[index].is_ready = true;
                        self.resolve_loaded(Ok(loaded));
                    }
                    Err(error) => self.give_up(index, error),
                }
            }
            Report::Answer(Answer { id, result }) => {
                let slot = &mut self.slots[index];
                if let Some(job) = slot.in_flight.remove(&id) {
                    slot.crashes = 0;
                    job.answer(result);
                }
            }
        }
        self.dispatch();
    }

    fn load(&mut self, index: usize) {
        self.last_id += 1;
        let request = LoadNetwork {
            weights: self.program.weights.clone(),
            expected_sha256: self.program.expected_sha256.clone(),
        };
        let slot = &mut self.slots[index];
        slot.loading = Some(self.last_id);
        let posted = to_js(&request).map_err(ApiError::from).and_then(|body| match &slot.worker {
            Some(worker) => worker.post(Posted { id: self.last_id, name: LoadNetwork::NAME.into(), body }),
            None => Err(ComputeError::NoWorker.into()),
        });
        if let Err(error) = posted {
            self.give_up(index, error);
        }
    }

    fn resolve_loaded(&mut self, loaded: Result<LoadedNetwork, ApiError>) {
        let first = self.loaded.get_or_insert(loaded).clone();
        for waiting in self.waiting.drain(..) {
            // The receiver may be gone.
            let _ = waiting.send(first.clone());
        }
    }

    /// Replaces a worker that crashed. Its jobs get one more try, each alone; a job that had it caused the crash.
    fn restart(&mut self, index: usize, message: &str, pool: &Weak<RefCell<State>>) {
        let error = ApiError::from(ComputeError::WorkerCrashed(message.into()));
        let slot = &mut self.slots[index];
        slot.worker = None;
        slot.loading = None;
        slot.crashes += 1;
        let crashes = slot.crashes;
        for (_, mut job) in slot.in_flight.drain() {
            if job.is_suspect || job.worker.is_some() {
                job.answer(Err(error.clone()));
            } else {
                job.is_suspect = true;
                self.queue.push_front(job);
            }
        }
        if crashes >= CRASHES_MAX {
            self.give_up(index, error);
        } else {
            self.launch(index, pool);
        }
    }

    /// Gives a worker up. When it was the last, nobody waits any longer.
    fn give_up(&mut self, index: usize, error: ApiError) {
        let slot = &mut self.slots[index];
        slot.worker = None;
        slot.is_ready = false;
        slot.loading = None;
        slot.crashes = CRASHES_MAX;
        let mut lost: Vec<Job> = slot.in_flight.drain().map(|(_, job)| job).collect();
        let all_lost = self.slots.iter().all(|slot| slot.worker.is_none());
        let (doomed, kept) = self.queue.drain(..).partition(|job| all_lost || job.worker == Some(index));
        self.queue = kept;
        lost.extend(Vec::from(doomed));
        lost.into_iter().for_each(|job| job.answer(Err(error.clone())));
        if all_lost {
            self.resolve_loaded(Err(error));
        }
    }

    fn dispatch(&mut self) {
        for index in 0..self.slots.len() {
            while let Some(position) = self.next_job_for(index) {
                let Some(job) = self.queue.remove(position) else { break };
                self.last_id += 1;
                let request = Posted { id: self.last_id, name: job.name.into(), body: job.body.clone() };
                let slot = &mut self.slots[index];
                match slot.worker.as_ref().map(|worker| worker.post(request)) {
                    Some(Ok(())) => drop(slot.in_flight.insert(self.last_id, job)),
                    Some(Err(error)) => job.answer(Err(error)),
                    None => break,
                }
            }
        }
    }

    /// The position of the queue's first job that this worker may take.
    fn next_job_for(&self, index: usize) -> Option<usize> {
        let slot = &self.slots[index];
        let runs_suspect = slot.in_flight.values().any(|job| job.is_suspect);
        if !slot.is_ready || runs_suspect || slot.in_flight.len() >= JOBS_PER_WORKER {
            return None;
        }
        self.queue.iter().position(|job| {
            job.worker.is_none_or(|wanted| wanted == index) && (!job.is_suspect || slot.in_flight.is_empty())
        })
    }
}

impl Job {
    fn answer(self, result: Result<JsValue, ApiError>) {
        if let Some(sender) = self.reply {
            // The receiver may be gone.
            let _ = sender.send(result);
        }
    }
}
