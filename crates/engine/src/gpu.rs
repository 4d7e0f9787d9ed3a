//! The page's side of the GPU's worker: starts it, keeps it at work, and gives every picture back when it
//! fails.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use futures_channel::oneshot;
use js_sys::{Array, Float32Array, Promise, Uint8Array};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::batches::{Batch, Batches};
use crate::embedding::Embedding;
use crate::worker::{GpuWorker, Report};
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::{Envelope, bulk_as};
use shoal_protocol::error::GpuError;
use shoal_protocol::{FromGpu, ToGpu};

/// A worker that is silent for this long over its start or the batch that it has to answer next is taken for hung, in
/// milliseconds. A batch of the largest pictures takes a third of it in software.
const SILENCE_MS: i32 = 60_000;

/// What the worker needs to start.
pub struct GpuProgram {
    /// Absolute URL of the worker's module.
    pub module_url: String,
    /// The weights file.
    pub weights: Uint8Array,
    /// The SHA-256 it must have, in hexadecimal.
    pub expected_sha256: Option<String>,
}

#[derive(Clone)]
enum Condition {
    Starting,
    Running,
    Lost(ApiError),
}

struct State {
    this: Weak<RefCell<State>>,
    program: GpuProgram,
    worker: Option<GpuWorker>,
    condition: Condition,
    starting: Vec<oneshot::Sender<Result<(), ApiError>>>,
    batches: Batches,
    on_loss: Option<Box<dyn FnOnce(ApiError)>>,
}

/// The worker. Dropping it ends it.
pub struct Gpu {
    state: Rc<RefCell<State>>,
}

/// The announcement of a picture. While it is there, a batch that is not full waits.
pub struct Expected {
    state: Rc<RefCell<State>>,
}

impl Gpu {
    /// Starts the worker; [`Self::started`] tells when it can be used.
    pub fn open(program: GpuProgram) -> Self {
        let state = Rc::new_cyclic(|this| {
            RefCell::new(State {
                this: this.clone(),
                program,
                worker: None,
                condition: Condition::Starting,
                starting: Vec::new(),
                batches: Batches::default(),
                on_loss: None,
            })
        });
        state.borrow_mut().launch();
        Self { state }
    }

    /// Waits until the device is open and the network on it.
    ///
    /// # Errors
    /// `webgpu-unavailable` when that cannot be, `cancelled`.
    pub async fn started(&self) -> Result<(), ApiError> {
        let receiver = {
            let mut state = self.state.borrow_mut();
            match &state.condition {
                Condition::Running => return Ok(()),
                Condition::Lost(failure) => return Err(failure.clone()),
                Condition::Starting => {
                    let (sender, receiver) = oneshot::channel();
                    state.starting.push(sender);
                    receiver
                }
            }
        };
        receiver.await.unwrap_or_else(|_| Err(ApiError::cancelled()))
    }

    /// Whether it failed. It does not come back.
    pub fn is_lost(&self) -> bool {
        matches!(self.state.borrow().condition, Condition::Lost(_))
    }

    /// Calls `tell` with a `webgpu-lost` should it fail from here on.
    pub fn on_loss(&self, tell: impl FnOnce(ApiError) + 'static) {
        self.state.borrow_mut().on_loss = Some(Box::new(tell));
    }

    /// Announces a picture, so that the others of its batch wait for it.
    pub fn expect(&self) -> Expected {
        self.state.borrow_mut().batches.announce();
        Expected { state: self.state.clone() }
    }

    /// The features of an announced picture (`[size_px, size_px, 3]`), or nothing when the GPU is lost: the
    /// picture is the workers' then.
    ///
    /// # Errors
    /// `cancelled`.
    pub async fn embed(
        &self,
        announced: Expected,
        rgb_hwc_u8: Uint8Array,
        embedding: Embedding,
    ) -> Result<Option<Float32Array>, ApiError> {
        if self.is_lost() {
            return Ok(None);
        }
        let (reply, receiver) = oneshot::channel();
        self.state.borrow_mut().batches.push(rgb_hwc_u8, embedding, reply);
        // Once the picture waits: with the last announcement's end a batch is sent as it is.
        drop(announced);
        receiver.await.map_err(|_| ApiError::cancelled())
    }

    /// Forgets every picture: whoever waits for one learns that it was cancelled.
    pub fn cancel(&self) {
        let mut state = self.state.borrow_mut();
        state.starting.clear();
        state.batches.forget();
    }
}

impl Drop for Expected {
    fn drop(&mut self) {
        let mut state = self.state.borrow_mut();
        state.batches.settle();
        state.dispatch();
    }
}

impl State {
    fn launch(&mut self) {
        let this = self.this.clone();
        let report = move |report: Report<FromGpu>| {
            let this = this.clone();
            // Handled after the worker's own callback has returned, since it may end that very worker.
            spawn_local(async move {
                if let Some(state) = this.upgrade() {
                    state.borrow_mut().receive(report);
                }
            });
        };
        match GpuWorker::start(&self.program.module_url, report) {
            Ok(worker) => self.worker = Some(worker),
            Err(failure) => self.lose(failure),
        }
    }

    fn receive(&mut self, report: Report<FromGpu>) {
        match report {
            Report::Crashed(words) => {
                self.lose(ApiError::new("worker-crashed", format!("its worker ended unexpectedly: {words}")));
            }
            Report::Message(Envelope { id, message, bulk, .. }) => match message {
                FromGpu::Ready => self.load(),
                FromGpu::Started => {
                    self.condition = Condition::Running;
                    for waiting in self.starting.drain(..) {
                        // Whoever stopped waiting need not be told.
                        let _ = waiting.send(Ok(()));
                    }
                }
                FromGpu::Embedded => match bulk_as(&bulk, 0) {
                    Ok(features) => self.answer(id, &features),
                    Err(failure) => self.lose(failure),
                },
                FromGpu::Failed { code, message } => self.lose(ApiError { code, message }),
            },
        }
    }

    fn load(&mut self) {
        let message = ToGpu::Start { expected_sha256: self.program.expected_sha256.clone() };
        let bulk = Array::of1(&self.program.weights);
        let posted = self.worker.as_ref().map(|worker| worker.post(Envelope { id: 0, message, file: None, bulk }));
        match posted {
            Some(Err(failure)) => self.lose(failure),
            _ => self.lose_after_silence(|state| matches!(state.condition, Condition::Starting)),
        }
    }

    /// Sends what can be sent.
    fn dispatch(&mut self) {
        while let Some(Batch { id, embedding: (features, size_px), rgb_hwc_u8 }) = self.batches.next() {
            let message = ToGpu::Embed { size_px, features };
            let envelope = Envelope { id, message, file: None, bulk: Array::of1(&rgb_hwc_u8) };
            match self.worker.as_ref().map(|worker| worker.post_moving(envelope)) {
                Some(Ok(())) if self.batches.oldest() == Some(id) => self.watch(),
                Some(Ok(())) => {}
                Some(Err(failure)) => self.lose(failure),
                None => self.lose(ApiError::new("worker-failed", "its worker is gone")),
            }
        }
    }

    /// Takes the worker for hung when the batch that it has to answer next does not come.
    fn watch(&self) {
        if let Some(oldest) = self.batches.oldest() {
            self.lose_after_silence(move |state| state.batches.oldest() == Some(oldest));
        }
    }

    fn lose_after_silence(&self, still_waits: impl Fn(&Self) -> bool + 'static) {
        let this = self.this.clone();
        spawn_local(async move {
            sleep(SILENCE_MS).await;
            if let Some(state) = this.upgrade() {
                let mut state = state.borrow_mut();
                if still_waits(&state) {
                    let words = format!("it was silent for {} seconds", SILENCE_MS / 1000);
                    state.lose(ApiError::new("worker-failed", words));
                }
            }
        });
    }

    fn answer(&mut self, id: u32, features: &Float32Array) {
        if !self.batches.answer(id, features) {
            return self.lose(ApiError::new("bad-message", "it answered out of turn"));
        }
        self.watch();
        self.dispatch();
    }

    /// Ends the worker and gives every picture back.
    fn lose(&mut self, cause: ApiError) {
        self.worker = None;
        self.batches.give_back();
        let error: fn(String) -> GpuError = match &self.condition {
            Condition::Starting => GpuError::Unavailable,
            Condition::Running => GpuError::Lost,
            Condition::Lost(_) => return,
        };
        // What follows the first line are the words of programmers to each other.
        let words = cause.message.lines().next().unwrap_or_default();
        let failure = ApiError::from(error(words.to_owned()));
        // What the worker says of its device needs no more words.
        let failure = if cause.code == failure.code { ApiError::new(&cause.code, words) } else { failure };
        self.condition = Condition::Lost(failure.clone());
        for waiting in self.starting.drain(..) {
            let _ = waiting.send(Err(failure.clone()));
        }
        if let Some(tell) = self.on_loss.take() {
            // Later, since whoever is told may call back.
            spawn_local(async move { tell(failure) });
        }
    }
}

/// Waits for this long.
async fn sleep(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            // A page that refuses a timer merely never takes the worker for hung.
            let _ = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
        }
    });
    // This promise is never rejected.
    let _ = JsFuture::from(promise).await;
}
