//! The lanes: a queue of jobs served by a few workers, any of which may crash without taking the others along.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::rc::{Rc, Weak};

use futures_channel::oneshot;
use js_sys::{Array, Uint8Array};
use wasm_bindgen_futures::spawn_local;
use web_sys::File;

use crate::worker::{LaneWorker, Report};
use shoal_browser::failure::Failure;
use shoal_browser::wire::Envelope;
use shoal_protocol::{FromLane, ModelSummary, ToLane};

/// While one picture is decoded by the browser, the lane embeds another.
const JOBS_PER_LANE: usize = 2;
/// A lane that crashed this often without finishing anything is given up.
const MOST_CRASHES: u32 = 3;

/// An answer and its bulk.
pub type Reply = (FromLane, Array);

/// What a lane needs to start.
pub struct LaneProgram {
    /// Absolute URL of the worker's module.
    pub module_url: String,
    /// The weights file.
    pub weights: Uint8Array,
    /// The SHA-256 it must have, in hexadecimal.
    pub expected_sha256: Option<String>,
}

/// What the first lane told when it was ready.
#[derive(Clone)]
pub struct Started {
    /// The network.
    pub model: ModelSummary,
    /// Time to embed one picture of the default size, in milliseconds.
    pub cpu_ms: f64,
}

/// A job on its way to a lane and back.
struct Job {
    message: ToLane,
    file: Option<File>,
    bulk: Array,
    /// The one lane it must run on.
    lane: Option<usize>,
    /// It was in flight when a lane crashed: it runs by itself, to tell who was to blame.
    suspect: bool,
    reply: Option<oneshot::Sender<Result<Reply, Failure>>>,
}

struct Lane {
    worker: Option<LaneWorker>,
    /// Tells this worker's reports from those of the one that it replaced.
    serial: u32,
    ready: bool,
    crashes: u32,
    in_flight: HashMap<u32, Job>,
}

struct State {
    program: LaneProgram,
    lanes: Vec<Lane>,
    queue: VecDeque<Job>,
    last_id: u32,
    started: Option<Result<Started, Failure>>,
    waiting: Vec<oneshot::Sender<Result<Started, Failure>>>,
}

/// The pool. Dropping it ends its workers.
pub struct Pool {
    state: Rc<RefCell<State>>,
}

impl Pool {
    /// Starts `lanes` workers; [`Self::started`] tells when the first is ready.
    pub fn open(program: LaneProgram, lanes: usize) -> Self {
        let state = State {
            program,
            lanes: Vec::new(),
            queue: VecDeque::new(),
            last_id: 0,
            started: None,
            waiting: Vec::new(),
        };
        let pool = Self { state: Rc::new(RefCell::new(state)) };
        pool.resize(lanes);
        pool
    }

    /// Waits until the first lane is ready.
    pub async fn started(&self) -> Result<Started, Failure> {
        let receiver = {
            let mut state = self.state.borrow_mut();
            if let Some(started) = &state.started {
                return started.clone();
            }
            let (sender, receiver) = oneshot::channel();
            state.waiting.push(sender);
            receiver
        };
        receiver.await.unwrap_or_else(|_| Err(Failure::cancelled()))
    }

    /// Adds or ends lanes so that there are this many. To be called while nothing runs.
    pub fn resize(&self, lanes: usize) {
        let mut state = self.state.borrow_mut();
        state.lanes.truncate(lanes);
        while state.lanes.len() < lanes {
            state.lanes.push(Lane { worker: None, serial: 0, ready: false, crashes: 0, in_flight: HashMap::new() });
            let index = state.lanes.len() - 1;
            state.launch(index, &Rc::downgrade(&self.state));
        }
    }

    /// The weights file and the SHA-256 that it must have, in hexadecimal.
    pub fn weights(&self) -> (Uint8Array, Option<String>) {
        let state = self.state.borrow();
        (state.program.weights.clone(), state.program.expected_sha256.clone())
    }

    /// How many lanes there are.
    pub fn lanes(&self) -> usize {
        self.state.borrow().lanes.len()
    }

    /// Whether any lane is left, or may yet come.
    pub fn is_alive(&self) -> bool {
        self.state.borrow().lanes.iter().any(|lane| lane.worker.is_some())
    }

    /// Runs a job on whichever lane is free.
    pub async fn run(&self, message: ToLane, file: Option<File>, bulk: Array) -> Result<Reply, Failure> {
        self.enqueue(message, file, bulk, None).await
    }

    /// Runs a job on one lane, after the jobs that were sent to that lane before.
    pub async fn run_on(&self, lane: usize, message: ToLane, bulk: Array) -> Result<Reply, Failure> {
        self.enqueue(message, None, bulk, Some(lane)).await
    }

    /// Runs a job about a file on one lane, after the jobs that were sent to that lane before.
    pub async fn run_on_file(&self, lane: usize, message: ToLane, file: File) -> Result<Reply, Failure> {
        self.enqueue(message, Some(file), Array::new(), Some(lane)).await
    }

    /// Sends a job to one lane, after the jobs that were sent there before, and does not wait for it. A lane that is gone
    /// is passed over.
    pub fn post_to(&self, lane: usize, message: ToLane) {
        let mut state = self.state.borrow_mut();
        if state.lanes.get(lane).is_some_and(|lane| lane.worker.is_some()) {
            let bulk = Array::new();
            state.queue.push_back(Job { message, file: None, bulk, lane: Some(lane), suspect: false, reply: None });
            state.dispatch();
        }
    }

    /// Forgets every job: whoever waits for one learns that it was cancelled.
    pub fn cancel(&self) {
        let mut state = self.state.borrow_mut();
        state.queue.clear();
        for job in state.lanes.iter_mut().flat_map(|lane| lane.in_flight.values_mut()) {
            job.reply = None;
        }
    }

    async fn enqueue(
        &self,
        message: ToLane,
        file: Option<File>,
        bulk: Array,
        lane: Option<usize>,
    ) -> Result<Reply, Failure> {
        let is_gone = |lane: usize| self.state.borrow().lanes.get(lane).is_none_or(|lane| lane.worker.is_none());
        if !self.is_alive() || lane.is_some_and(is_gone) {
            return Err(Failure::new("lane-failed", "no worker is left to do this"));
        }
        let (sender, receiver) = oneshot::channel();
        {
            let mut state = self.state.borrow_mut();
            state.queue.push_back(Job { message, file, bulk, lane, suspect: false, reply: Some(sender) });
            state.dispatch();
        }
        let (message, bulk) = receiver.await.unwrap_or_else(|_| Err(Failure::cancelled()))?;
        match message {
            FromLane::Failed { code, message } => Err(Failure { code, message }),
            message => Ok((message, bulk)),
        }
    }
}

impl State {
    fn launch(&mut self, index: usize, pool: &Weak<RefCell<State>>) {
        let lane = &mut self.lanes[index];
        lane.ready = false;
        lane.serial += 1;
        let serial = lane.serial;
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
        match LaneWorker::start(&self.program.module_url, report) {
            Ok(worker) => lane.worker = Some(worker),
            Err(failure) => self.give_up(index, failure),
        }
    }

    fn receive(&mut self, index: usize, serial: u32, report: Report, pool: &Weak<RefCell<State>>) {
        if self.lanes.get(index).is_none_or(|lane| lane.serial != serial) {
            return;
        }
        match report {
            Report::Crashed(words) => self.restart(index, &words, pool),
            Report::Message(Envelope { message: FromLane::Ready, .. }) => self.load(index),
            Report::Message(Envelope { message: FromLane::Started { model, cpu_ms }, .. }) => {
                self.lanes[index].ready = true;
                self.tell_started(Ok(Started { model, cpu_ms }));
            }
            Report::Message(Envelope { id, message, bulk, .. }) => {
                let lane = &mut self.lanes[index];
                match lane.in_flight.remove(&id) {
                    Some(job) => {
                        lane.crashes = 0;
                        job.answer(Ok((message, bulk)));
                    }
                    None => {
                        if let FromLane::Failed { code, message } = message {
                            self.give_up(index, Failure { code, message });
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
            message: ToLane::Start { expected_sha256: self.program.expected_sha256.clone() },
            file: None,
            bulk: Array::of1(&self.program.weights),
        };
        if let Some(Err(failure)) = self.lanes[index].worker.as_ref().map(|worker| worker.post(envelope)) {
            self.give_up(index, failure);
        }
    }

    fn tell_started(&mut self, started: Result<Started, Failure>) {
        let first = self.started.get_or_insert(started).clone();
        for waiting in self.waiting.drain(..) {
            // Whoever stopped waiting need not be told.
            let _ = waiting.send(first.clone());
        }
    }

    /// Replaces a lane that crashed. Its jobs get one more try, each alone; those that had it are to blame.
    fn restart(&mut self, index: usize, words: &str, pool: &Weak<RefCell<State>>) {
        let failure = Failure::new("lane-crashed", format!("the worker ended unexpectedly: {words}"));
        let lane = &mut self.lanes[index];
        lane.worker = None;
        lane.crashes += 1;
        let crashes = lane.crashes;
        for (_, mut job) in lane.in_flight.drain() {
            if job.suspect || job.lane.is_some() {
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

    /// A lane cannot be had. When it was the last, nobody may wait any longer.
    fn give_up(&mut self, index: usize, failure: Failure) {
        let lane = &mut self.lanes[index];
        lane.worker = None;
        lane.ready = false;
        lane.crashes = MOST_CRASHES;
        let mut lost: Vec<Job> = lane.in_flight.drain().map(|(_, job)| job).collect();
        let all_lost = self.lanes.iter().all(|lane| lane.worker.is_none());
        let (doomed, kept) = self.queue.drain(..).partition(|job| all_lost || job.lane == Some(index));
        self.queue = kept;
        lost.extend(Vec::from(doomed));
        lost.into_iter().for_each(|job| job.answer(Err(failure.clone())));
        if all_lost {
            self.tell_started(Err(failure));
        }
    }

    fn dispatch(&mut self) {
        for index in 0..self.lanes.len() {
            while let Some(position) = self.next_job_for(index) {
                let Some(job) = self.queue.remove(position) else { break };
                self.last_id += 1;
                let envelope = Envelope {
                    id: self.last_id,
                    message: job.message.clone(),
                    file: job.file.clone(),
                    bulk: job.bulk.clone(),
                };
                let lane = &mut self.lanes[index];
                match lane.worker.as_ref().map(|worker| worker.post(envelope)) {
                    Some(Ok(())) => drop(lane.in_flight.insert(self.last_id, job)),
                    Some(Err(failure)) => job.answer(Err(failure)),
                    None => break,
                }
            }
        }
    }

    /// The queue's first job that this lane may take.
    fn next_job_for(&self, index: usize) -> Option<usize> {
        let lane = &self.lanes[index];
        let busy_alone = lane.in_flight.values().any(|job| job.suspect);
        if !lane.ready || busy_alone || lane.in_flight.len() >= JOBS_PER_LANE {
            return None;
        }
        self.queue.iter().position(|job| {
            job.lane.is_none_or(|wanted| wanted == index) && (!job.suspect || lane.in_flight.is_empty())
        })
    }
}

impl Job {
    fn answer(self, reply: Result<Reply, Failure>) {
        if let Some(sender) = self.reply {
            // Whoever stopped waiting need not be told.
            let _ = sender.send(reply);
        }
    }
}
