//! The state of the worker pool: its workers, each of which may crash without harming the others, and its jobs.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::Weak;

use futures_channel::oneshot;
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::{Answer, Posted, from_js, to_js};
use shoal_protocol::{LoadNetwork, LoadedNetwork, Request};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

use super::error::ComputeError;
use super::program_worker::{Program, ProgramWorker, Report};

/// Two, since the worker embeds one image while the browser decodes another.
const JOBS_PER_WORKER: usize = 2;
/// A worker is given up once it has crashed this often without finishing a job.
const CRASHES_MAX: u32 = 3;

/// Receives a job's reply.
pub type JobReply = oneshot::Sender<Result<JsValue, ApiError>>;

/// A request that is queued or in flight.
pub struct Job {
    /// The request's name.
    pub name: &'static str,
    /// The request.
    pub body: JsValue,
    /// The worker that must run it; `None` for any.
    pub worker: Option<usize>,
    /// Whether it was in flight when a worker crashed: it then runs alone, to find the cause.
    is_suspect: bool,
    /// Receives the reply; `None` if nothing waits for it.
    pub reply: Option<JobReply>,
}

/// A place for a worker, which is replaced when it crashes.
#[derive(Default)]
pub struct Slot {
    /// The worker, unless it was given up.
    pub worker: Option<ProgramWorker>,
    /// Distinguishes this worker's reports from those of the worker that it replaced.
    serial: u32,
    /// Whether it has loaded the network.
    is_ready: bool,
    /// How often it has crashed since it last finished a job.
    crashes: u32,
    /// The jobs that it runs, by request id.
    pub in_flight: HashMap<u32, Job>,
    /// The id of the request that loads the network.
    loading: Option<u32>,
}

/// The state of a pool.
pub struct PoolState {
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
    /// A pool without workers.
    pub fn new(program: Program) -> Self {
        Self { program, slots: Vec::new(), queue: VecDeque::new(), last_id: 0, loaded: None, waiting: Vec::new() }
    }

    /// Starts the worker of a slot. `pool` is this state, for the worker's reports.
    pub fn launch(&mut self, index: usize, pool: &Weak<RefCell<PoolState>>) {
        let slot = &mut self.slots[index];
        slot.is_ready = false;
        slot.serial += 1;
        let serial = slot.serial;
        let pool = pool.clone();
        let on_report = move |report: Report| {
            let pool = pool.clone();
            // Handled after the worker's callback has returned, since handling it may end that worker.
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

    fn receive(&mut self, index: usize, serial: u32, report: Report, pool: &Weak<RefCell<PoolState>>) {
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

    /// Replaces a worker that crashed. Its jobs are retried once, each alone; a job that crashes a worker again has failed.
    fn restart(&mut self, index: usize, message: &str, pool: &Weak<RefCell<PoolState>>) {
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

    /// Gives up a worker. If it was the last one, everything that waits fails.
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

    /// Sends every job that a worker can take.
    pub fn dispatch(&mut self) {
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
    /// A job for `worker` or, if that is `None`, for any worker.
    pub fn new(name: &'static str, body: JsValue, worker: Option<usize>, reply: Option<JobReply>) -> Self {
        Self { name, body, worker, is_suspect: false, reply }
    }

    fn answer(self, result: Result<JsValue, ApiError>) {
        if let Some(sender) = self.reply {
            // The receiver may be gone.
            let _ = sender.send(result);
        }
    }
}
