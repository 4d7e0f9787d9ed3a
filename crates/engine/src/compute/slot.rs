//! A worker's place in the pool: the worker and, when that has crashed, the one that replaces it.

use std::collections::BTreeMap;

use shoal_browser::api_error::ApiError;
use shoal_browser::wire::WireError;

use super::job::Job;
use super::kept::{Kept, Message};
use super::program_worker::ProgramWorker;

/// Two, since the worker embeds one image while the browser decodes another.
pub const JOBS_PER_WORKER: usize = 2;
/// A worker whose program has more memory than this, in bytes, is replaced as soon as it keeps nothing that is worth it: the
/// memory of a program never shrinks.
const PROGRAM_BYTES_MAX: f64 = (512 << 20) as f64;
/// How often in a row a worker may fail to start before its jobs fail: once, and once more.
const STARTS_MAX: u32 = 2;
/// The delay before a worker is started again after it has crashed twice for no known reason, in milliseconds. It doubles with
/// every further crash.
const BACK_OFF_MS: i32 = 250;
/// The longest delay before a worker is started again, in milliseconds.
const BACK_OFF_MS_MAX: i32 = 30_000;

/// What the worker of a slot is doing.
pub enum Phase {
    /// There is none: the next one starts after a delay.
    Waiting,
    /// Its program is loaded.
    Starting,
    /// It loads the network, by the request of this id.
    Loading(u32),
    /// It gets what its predecessor kept, by the request of this id and those that follow.
    Restoring(u32, Box<dyn Iterator<Item = Result<Message, WireError>>>),
    /// It takes jobs.
    Ready,
}

/// A place for a worker.
pub struct Slot {
    /// The worker, unless the next one is still to be started.
    pub worker: Option<ProgramWorker>,
    /// Distinguishes this worker's reports from those of the worker that it replaced.
    pub serial: u32,
    /// What the worker is doing.
    pub phase: Phase,
    /// The jobs that it runs, by request id, in the order in which they were sent.
    pub in_flight: BTreeMap<u32, Job>,
    /// What it keeps, or will keep when it is ready.
    pub kept: Kept,
    /// How much memory its program has, in bytes.
    pub program_bytes: f64,
    /// How often in a row a worker has crashed here before it was ready.
    failed_starts: u32,
    /// How often in a row a worker has crashed here without a known cause.
    unexplained_crashes: u32,
    /// Why its jobs fail, from when no worker can be started until one is ready.
    pub failure: Option<ApiError>,
}

impl Slot {
    /// A slot whose worker is to be started.
    pub fn new() -> Self {
        Self {
            worker: None,
            serial: 0,
            phase: Phase::Waiting,
            in_flight: BTreeMap::new(),
            kept: Kept::default(),
            program_bytes: 0.0,
            failed_starts: 0,
            unexplained_crashes: 0,
            failure: None,
        }
    }

    /// The worker takes jobs from here on.
    pub fn start_succeeded(&mut self) {
        self.phase = Phase::Ready;
        self.failed_starts = 0;
        self.failure = None;
    }

    /// The worker has crashed. `is_explained` says whether a job was found to be the cause. Returns whether it has failed to
    /// start too often.
    pub fn crashed(&mut self, is_explained: bool) -> bool {
        self.worker = None;
        if !matches!(self.phase, Phase::Ready) {
            self.failed_starts += 1;
        }
        self.unexplained_crashes = if is_explained { 0 } else { self.unexplained_crashes + 1 };
        self.phase = Phase::Waiting;
        self.failed_starts >= STARTS_MAX
    }

    /// The worker has finished a job.
    pub fn job_finished(&mut self) {
        self.unexplained_crashes = 0;
    }

    /// How long to wait before the next worker is started, in milliseconds.
    pub fn back_off_ms(&self) -> i32 {
        let doublings = match self.unexplained_crashes {
            0 | 1 if self.failure.is_none() => return 0,
            crashes => crashes.saturating_sub(2).min(10),
        };
        (BACK_OFF_MS << doublings).min(BACK_OFF_MS_MAX)
    }

    /// Whether the worker is to be replaced as soon as it has finished its jobs, because of its memory.
    fn is_bloated(&self) -> bool {
        self.program_bytes > PROGRAM_BYTES_MAX && !self.kept.is_in_use()
    }

    /// Whether the worker is to be replaced now, because of its memory.
    pub fn must_be_recycled(&self) -> bool {
        self.is_bloated() && self.in_flight.is_empty() && matches!(self.phase, Phase::Ready)
    }

    /// Whether the worker can take this job now.
    pub fn can_take(&self, job: &Job) -> bool {
        let runs_suspect = self.in_flight.values().any(|job| job.is_suspect);
        matches!(self.phase, Phase::Ready)
            && !self.is_bloated()
            && !runs_suspect
            && self.in_flight.len() < JOBS_PER_WORKER
            && (!job.is_suspect || self.in_flight.is_empty())
    }
}
