//! The workers: a queue of jobs served by a few workers, any of which may crash without taking the others along.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::{Rc, Weak};

use futures_channel::oneshot;
use js_sys::{Array, Uint8Array};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use crate::worker::{ComputeWorker, Report};
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::Envelope;
use shoal_protocol::{FromWorker, ModelSummary, ToWorker};

/// While one picture is decoded by the browser, the worker embeds another.
const JOBS_PER_WORKER: usize = 2;
/// A worker that crashed this often without finishing anything is given up.
const MOST_CRASHES: u32 = 3;

/// An answer and its bulk.
pub type Reply = (FromWorker, Array);

/// What a worker needs to start.
pub struct WorkerProgram {
    /// Absolute URL of the worker's module.
    pub module_url: String,
    /// The weights file.
    pub weights: Uint8Array,
    /// The SHA-256 it must have, in hexadecimal.
    pub expected_sha256: Option<String>,
}

/// What the first worker told when it was ready.
#[derive(Clone)]
pub struct Started {
    /// The network.
    pub model: ModelSummary,
    /// Time to embed one picture of the default size, in milliseconds.
    pub cpu_ms: f64,
}

/// A job on its way to a worker and back.
struct Job {
    message: ToWorker,
    file: Option<File>,
    bulk: Array,
    /// The one worker it must run on.
    worker: Option<usize>,
    /// It was in flight when a worker crashed: it runs by itself, to tell who was to blame.
    suspect: bool,
    reply: Option<oneshot::Sender<Result<Reply, ApiError>>>,
}

struct Slot {
    worker: Option<ComputeWorker>,
    /// Tells this worker's reports from those of the one that it replaced.
    serial: u32,
    ready: bool,
    crashes: u32,
    in_flight: HashMap<u32, Job>,
}

struct State {
    program: WorkerProgram,
    workers: Vec<Slot>,
    queue: VecDeque<Job>,
    last_id: u32,
    started: Option<Result<Started, ApiError>>,
    waiting: Vec<oneshot::Sender<Result<Started, ApiError>>>,
}

/// The pool. Dropping it ends its workers.
pub struct Pool {
    state: Rc<RefCell<State>>,
}

impl Pool {
    /// Starts `workers` workers; [`Self::started`] tells when the first is ready.
    pub fn open(program: WorkerProgram, workers: usize) -> Self {
        let state = State {
            program,
            workers: Vec::new(),
            queue: VecDeque::new(),
            last_id: 0,
            started: None,
            waiting: Vec::new(),
        };
        let pool = Self { state: Rc::new(RefCell::new(state)) };
        pool.resize(workers);
        pool
    }

    /// Waits until the first worker is ready.
    pub async fn started(&self) -> Result<Started, ApiError> {
        let receiver = {
            let mut state = self.state.borrow_mut();
            if let Some(started) = &state.started {
                return started.clone();
            }
            let (sender, receiver) = oneshot::channel();
            state.waiting.push(sender);
            receiver
        };
        receiver.await.unwrap_or_else(|_| Err(ApiError::cancelled()))
    }

    /// Adds or ends workers so that there are this many. To be called while nothing runs.
    pub fn resize(&self, workers: usize) {
        let mut state = self.state.borrow_mut();
        state.workers.truncate(workers);
        while state.workers.len() < workers {
            state.workers.push(Slot { worker: None, serial: 0, ready: false, crashes: 0, in_flight: HashMap::new() });
            let index = state.workers.len() - 1;
            state.launch(index, &Rc::downgrade(&self.state));
        }
    }

    /// The weights file and the SHA-256 that it must have, in hexadecimal.
    pub fn weights(&self) -> (Uint8Array, Option<String>) {
        let state = self.state.borrow();
        (state.program.weights.clone(), state.program.expected_sha256.clone())
    }

    /// How many workers there are.
    pub fn workers(&self) -> usize {
        self.state.borrow().workers.len()
    }

    /// Whether any worker is left, or may yet come.
    pub fn is_alive(&self) -> bool {
        self.state.borrow().workers.iter().any(|worker| worker.worker.is_some())
    }

    /// Runs a job on whichever worker is free.
    pub async fn run(&self, message: ToWorker, file: Option<File>, bulk: Array) -> Result<Reply, ApiError> {
        self.enqueue(message, file, bulk, None).await
    }

    /// Runs a job on one worker, after the jobs that were sent to that worker before.
    pub async fn run_on(&self, worker: usize, message: ToWorker, bulk: Array) -> Result<Reply, ApiError> {
        self.enqueue(message, None, bulk, Some(worker)).await
    }

    /// Runs a job about a file on one worker, after the jobs that were sent to that worker before.
    pub async fn run_on_file(&self, worker: usize, message: ToWorker, file: File) -> Result<Reply, ApiError> {
        self.enqueue(message, Some(file), Array::new(), Some(worker)).await
    }

    /// Sends a job to one worker, after the jobs that were sent there before, and does not wait for it. A worker that is gone
    /// is passed over.
    pub fn post_to(&self, worker: usize, message: ToWorker) {
        let mut state = self.state.borrow_mut();
        if state.workers.get(worker).is_some_and(|worker| worker.worker.is_some()) {
            let bulk = Array::new();
            state.queue.push_back(Job { message, file: None, bulk, worker: Some(worker), suspect: false, reply: None });
            state.dispatch();
        }
    }

    /// Forgets every job: whoever waits for one learns that it was cancelled.
    pub fn cancel(&self) {
        let mut state = self.state.borrow_mut();
        state.queue.clear();
        for job in state.workers.iter_mut().flat_map(|worker| worker.in_flight.values_mut()) {
            job.reply = None;
        }
    }

    async fn enqueue(
        &self,
        message: ToWorker,
        file: Option<File>,
        bulk: Array,
        worker: Option<usize>,
    ) -> Result<Reply, ApiError> {
        let is_gone =
            |worker: usize| self.state.borrow().workers.get(worker).is_none_or(|worker| worker.worker.is_none());
        if !self.is_alive() || worker.is_some_and(is_gone) {
            return Err(ApiError::new("worker-failed", "no worker is left to do this"));
        }
        let (sender, receiver) = oneshot::channel();
        {
            let mut state = self.state.borrow_mut();
            state.queue.push_back(Job { message, file, bulk, worker, suspect: false, reply: Some(sender) });
            state.dispatch();
        }
        let (message, bulk) = receiver.await.unwrap_or_else(|_| Err(ApiError::cancelled()))?;
        match message {
            FromWorker::Failed { code, message } => Err(ApiError { code, message }),
            message => Ok((message, bulk)),
        }
    }
}

impl State {
    fn launch(&mut self, index: usize, pool: &Weak<RefCell<State>>) {
        let slot = &mut self.workers[index];
        slot.ready = false;
        slot.serial += 1;
        let serial = slot.serial;
        let pool = pool.clone();
        let report = move |report: Report| {
            let pool = pool.clone();
            // Handled after the worker's own callback has returned, since it may end that very worker.
            spawn_local(async move {
                if let Some(state) = pool.upgrade() {
                    state.borrow_mut().receive(index, serial, report, &pool);
                }
            });
        };
        match ComputeWorker::start(&self.program.module_url, report) {
            Ok(worker) => slot.worker = Some(worker),
            Err(failure) => self.give_up(index, failure),
        }
    }

    fn receive(&mut self, index: usize, serial: u32, report: Report, pool: &Weak<RefCell<State>>) {
        if self.workers.get(index).is_none_or(|worker| worker.serial != serial) {
            return;
        }
        match report {
            Report::Crashed(words) => self.restart(index, &words, pool),
            Report::Message(Envelope { message: FromWorker::Ready, .. }) => self.load(index),
            Report::Message(Envelope { message: FromWorker::Started { model, cpu_ms }, .. }) => {
                self.workers[index].ready = true;
                self.tell_started(Ok(Started { model, cpu_ms }));
            }
            Report::Message(Envelope { id, message, bulk, .. }) => {
                let worker = &mut self.workers[index];
                match worker.in_flight.remove(&id) {
                    Some(job) => {
                        worker.crashes = 0;
                        job.answer(Ok((message, bulk)));
                    }
                    None => {
                        if let FromWorker::Failed { code, message } = message {
                            self.give_up(index, ApiError { code, message });
                        }
                    }
                }
            }
        }
        self.dispatch();
    }

    fn load(&mut self, index: usize) {
        self.last_id += 1;
        let envelope = Envelope {
            id: self.last_id,
            message: ToWorker::Start { expected_sha256: self.program.expected_sha256.clone() },
            file: None,
            bulk: Array::of1(&self.program.weights),
        };
        if let Some(Err(failure)) = self.workers[index].worker.as_ref().map(|worker| worker.post(envelope)) {
            self.give_up(index, failure);
        }
    }

    fn tell_started(&mut self, started: Result<Started, ApiError>) {
        let first = self.started.get_or_insert(started).clone();
        for waiting in self.waiting.drain(..) {
            // Whoever stopped waiting need not be told.
            let _ = waiting.send(first.clone());
        }
    }

    /// Replaces a worker that crashed. Its jobs get one more try, each alone; those that had it are to blame.
    fn restart(&mut self, index: usize, words: &str, pool: &Weak<RefCell<State>>) {
        let failure = ApiError::new("worker-crashed", format!("the worker ended unexpectedly: {words}"));
        let worker = &mut self.workers[index];
        worker.worker = None;
        worker.crashes += 1;
        let crashes = worker.crashes;
        for (_, mut job) in worker.in_flight.drain() {
            if job.suspect || job.worker.is_some() {
                job.answer(Err(failure.clone()));
            } else {
                job.suspect = true;
                self.queue.push_front(job);
            }
        }
        if crashes >= MOST_CRASHES {
            self.give_up(index, failure);
        } else {
            self.launch(index, pool);
        }
    }

    /// A worker cannot be had. When it was the last, nobody may wait any longer.
    fn give_up(&mut self, index: usize, failure: ApiError) {
        let worker = &mut self.workers[index];
        worker.worker = None;
        worker.ready = false;
        worker.crashes = MOST_CRASHES;
        let mut lost: Vec<Job> = worker.in_flight.drain().map(|(_, job)| job).collect();
        let all_lost = self.workers.iter().all(|worker| worker.worker.is_none());
        let (doomed, kept) = self.queue.drain(..).partition(|job| all_lost || job.worker == Some(index));
        self.queue = kept;
        lost.extend(Vec::from(doomed));
        lost.into_iter().for_each(|job| job.answer(Err(failure.clone())));
        if all_lost {
            self.tell_started(Err(failure));
        }
    }

    fn dispatch(&mut self) {
        for index in 0..self.workers.len() {
            while let Some(position) = self.next_job_for(index) {
                let Some(job) = self.queue.remove(position) else { break };
                self.last_id += 1;
                let envelope = Envelope {
                    id: self.last_id,
                    message: job.message.clone(),
                    file: job.file.clone(),
                    bulk: job.bulk.clone(),
                };
                let worker = &mut self.workers[index];
                match worker.worker.as_ref().map(|worker| worker.post(envelope)) {
                    Some(Ok(())) => drop(worker.in_flight.insert(self.last_id, job)),
                    Some(Err(failure)) => job.answer(Err(failure)),
                    None => break,
                }
            }
        }
    }

    /// The queue's first job that this worker may take.
    fn next_job_for(&self, index: usize) -> Option<usize> {
        let worker = &self.workers[index];
        let busy_alone = worker.in_flight.values().any(|job| job.suspect);
        if !worker.ready || busy_alone || worker.in_flight.len() >= JOBS_PER_WORKER {
            return None;
        }
        self.queue.iter().position(|job| {
            job.worker.is_none_or(|wanted| wanted == index) && (!job.suspect || worker.in_flight.is_empty())
        })
    }
}

impl Job {
    fn answer(self, reply: Result<Reply, ApiError>) {
        if let Some(sender) = self.reply {
            // Whoever stopped waiting need not be told.
            let _ = sender.send(reply);
        }
    }
}
