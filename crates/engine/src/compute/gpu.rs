//! The page's side of the GPU's worker: it starts the worker, sends it batches, and hands over to the workers when it fails.

use std::cell::RefCell;
use std::rc::{Rc, Weak};

use futures_channel::oneshot;
use js_sys::{Float32Array, Uint8Array};
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::{Answer, Posted, from_js, to_js};
use shoal_browser::yielding::sleep_awake;
use shoal_protocol::{EmbedBatch, EmbeddedBatch, GpuError, OpenGpu, Request};
use wasm_bindgen_futures::spawn_local;

use super::batches::{Batch, Batches};
use super::error::ComputeError;
use super::program_worker::{Program, ProgramWorker, Report};
use super::signs::SILENCE_MS as START_SILENCE_MS;
use crate::settings::Embedding;

/// How long the worker may take to open the device or to answer the oldest batch before it counts as hung, in milliseconds in
/// which the page runs. On a software implementation, a batch of the largest images takes a third of this.
const SILENCE_MS: i32 = 60_000;
/// How often the worker is started, if its program does not arrive.
const STARTS_MAX: u32 = 2;
/// The id of the request that opens the device. The ids of batches count up from 1.
const OPEN_ID: u32 = 0;

#[derive(Clone)]
enum Condition {
    Starting,
    Running,
    Lost(ApiError),
}

struct State {
    this: Weak<RefCell<State>>,
    program: Program,
    worker: Option<ProgramWorker>,
    /// How often the worker may still be started.
    starts_left: u32,
    condition: Condition,
    starting: Vec<oneshot::Sender<Result<(), ApiError>>>,
    batches: Batches,
    on_loss: Option<Box<dyn FnOnce(ApiError)>>,
}

/// The GPU's worker. Dropping this ends it.
pub struct Gpu {
    state: Rc<RefCell<State>>,
}

/// The announcement of an image. While it exists, a batch that is not full is not sent.
pub struct Announced {
    state: Rc<RefCell<State>>,
}

impl Gpu {
    /// Starts the worker; [`Self::opened`] resolves when it can be used.
    pub fn open(program: Program) -> Self {
        let state = Rc::new_cyclic(|this| {
            RefCell::new(State {
                this: this.clone(),
                program,
                worker: None,
                starts_left: STARTS_MAX,
                condition: Condition::Starting,
                starting: Vec::new(),
                batches: Batches::default(),
                on_loss: None,
            })
        });
        state.borrow_mut().launch();
        Self { state }
    }

    /// Waits until the device is open and has loaded the network.
    ///
    /// # Errors
    /// `webgpu-unavailable`, `cancelled`.
    pub async fn opened(&self) -> Result<(), ApiError> {
        let receiver = {
            let mut state = self.state.borrow_mut();
            match &state.condition {
                Condition::Running => return Ok(()),
                Condition::Lost(error) => return Err(error.clone()),
                Condition::Starting => {
                    let (sender, receiver) = oneshot::channel();
                    state.starting.push(sender);
                    receiver
                }
            }
        };
        receiver.await.unwrap_or_else(|_| Err(ApiError::cancelled()))
    }

    /// Whether it has failed. A lost GPU stays lost.
    pub fn is_lost(&self) -> bool {
        matches!(self.state.borrow().condition, Condition::Lost(_))
    }

    /// Calls `on_loss` with a `webgpu-lost` error if it fails from now on.
    pub fn on_loss(&self, on_loss: impl FnOnce(ApiError) + 'static) {
        self.state.borrow_mut().on_loss = Some(Box::new(on_loss));
    }

    /// Announces an image, so that its batch waits for it.
    pub fn announce(&self) -> Announced {
        self.state.borrow_mut().batches.announce();
        Announced { state: self.state.clone() }
    }

    /// The features of an announced image, shape `[size_px, size_px, 3]`; `None` if the GPU is lost and the image must be
    /// embedded elsewhere.
    ///
    /// # Errors
    /// `cancelled`.
    pub async fn embed(
        &self,
        announced: Announced,
        rgb_hwc_u8: Uint8Array,
        embedding: Embedding,
    ) -> Result<Option<Float32Array>, ApiError> {
        if self.is_lost() {
            return Ok(None);
        }
        let (reply, receiver) = oneshot::channel();
        self.state.borrow_mut().batches.push(rgb_hwc_u8, embedding, reply);
        // After the push, since dropping the last announcement sends the batch as it is.
        drop(announced);
        receiver.await.map_err(|_| ApiError::cancelled())
    }

    /// Drops every image; callers that wait for one get `cancelled`.
    pub fn cancel(&self) {
        let mut state = self.state.borrow_mut();
        state.starting.clear();
        state.batches.cancel();
    }
}

impl Drop for Announced {
    fn drop(&mut self) {
        let mut state = self.state.borrow_mut();
        state.batches.settle();
        state.dispatch();
    }
}

impl State {
    fn launch(&mut self) {
        self.starts_left -= 1;
        let this = self.this.clone();
        let on_report = move |report: Report| {
            let this = this.clone();
            // Handled after the worker's callback has returned, since handling it may end that worker.
            spawn_local(async move {
                if let Some(state) = this.upgrade() {
                    state.borrow_mut().receive(report);
                }
            });
        };
        match ProgramWorker::start(&self.program.module_url, on_report) {
            Ok(worker) => self.worker = Some(worker),
            Err(error) => self.lose(error),
        }
    }

    fn receive(&mut self, report: Report) {
        match report {
            Report::Crashed(message) => self.lose(ComputeError::WorkerCrashed(message)),
            Report::Silent if self.starts_left > 0 => self.launch(),
            Report::Silent => self.lose(ComputeError::Silent { seconds: START_SILENCE_MS / 1000 }),
            Report::Ready => self.open(),
            Report::Answer(Answer { result: Err(error), .. }) => self.lose(error),
            Report::Answer(Answer { id: OPEN_ID, .. }) => {
                self.condition = Condition::Running;
                for waiting in self.starting.drain(..) {
                    // The receiver may be gone.
                    let _ = waiting.send(Ok(()));
                }
            }
            Report::Answer(Answer { id, result: Ok(body), .. }) => match from_js::<EmbeddedBatch>(body) {
                Ok(reply) => self.answer(id, &reply.features),
                Err(error) => self.lose(error),
            },
        }
    }

    fn open(&mut self) {
        let request =
            OpenGpu { weights: self.program.weights.clone(), expected_sha256: self.program.expected_sha256.clone() };
        match self.post(OPEN_ID, &request, ProgramWorker::post) {
            Ok(()) => self.lose_if_silent(|state| matches!(state.condition, Condition::Starting)),
            Err(error) => self.lose(error),
        }
    }

    /// Sends every batch that can be sent.
    fn dispatch(&mut self) {
        while let Some(Batch { id, embedding, rgb_nhwc_u8 }) = self.batches.next() {
            let Embedding { features, size_px } = embedding;
            let request = EmbedBatch { rgb_nhwc_u8, size_px, features };
            match self.post(id, &request, ProgramWorker::post_transferring) {
                Ok(()) if self.batches.oldest() == Some(id) => self.watch(),
                Ok(()) => {}
                Err(error) => self.lose(error),
            }
        }
    }

    fn post<R: Request>(
        &self,
        id: u32,
        request: &R,
        post: impl FnOnce(&ProgramWorker, Posted) -> Result<(), ApiError>,
    ) -> Result<(), ApiError> {
        let worker = self.worker.as_ref().ok_or(ComputeError::NoWorker)?;
        post(worker, Posted { id, name: R::NAME.into(), body: to_js(request)? })
    }

    /// Gives up the GPU if the oldest batch is not answered in time.
    fn watch(&self) {
        if let Some(oldest) = self.batches.oldest() {
            self.lose_if_silent(move |state| state.batches.oldest() == Some(oldest));
        }
    }

    fn lose_if_silent(&self, is_waiting: impl Fn(&Self) -> bool + 'static) {
        let this = self.this.clone();
        spawn_local(async move {
            sleep_awake(SILENCE_MS).await;
            if let Some(state) = this.upgrade() {
                let mut state = state.borrow_mut();
                if is_waiting(&state) {
                    state.lose(ComputeError::Silent { seconds: SILENCE_MS / 1000 });
                }
            }
        });
    }

    fn answer(&mut self, id: u32, features: &Float32Array) {
        if !self.batches.answer(id, features) {
            return self.lose(ComputeError::OutOfOrder);
        }
        self.watch();
        self.dispatch();
    }

    /// Ends the worker and replies to every image with `None`.
    fn lose(&mut self, cause: impl Into<ApiError>) {
        self.worker = None;
        self.batches.fail_all();
        let wrap: fn(String) -> GpuError = match &self.condition {
            Condition::Starting => GpuError::Unavailable,
            Condition::Running => GpuError::Lost,
            Condition::Lost(_) => return,
        };
        // Drivers append details that mean nothing to a user.
        let cause = cause.into().first_line();
        let wrapped = ApiError::from(wrap(cause.message.clone()));
        // A GPU error that the worker reported itself is not wrapped again.
        let error = if cause.code == wrapped.code { cause } else { wrapped };
        self.condition = Condition::Lost(error.clone());
        for waiting in self.starting.drain(..) {
            // The receiver may be gone.
            let _ = waiting.send(Err(error.clone()));
        }
        if let Some(on_loss) = self.on_loss.take() {
            // In a separate task, since it may call back.
            spawn_local(async move { on_loss(error) });
        }
    }
}
