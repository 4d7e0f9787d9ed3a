//! The page's side of the graphics processor's worker: gathers pictures into batches, keeps few of them under way, and
//! gives every picture back when the worker fails.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use futures_channel::oneshot;
use js_sys::{Array, Float32Array, Promise, Uint8Array};
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::error::GpuError;
use crate::protocol::{FromGpu, GPU_BATCH_PICTURES, ToGpu};
use crate::web::engine::store::Embedding;
use crate::web::engine::worker::{GpuWorker, Report};
use crate::web::failure::Failure;
use crate::web::wire::{Envelope, bulk_as};

/// While one batch is computed the next lies ready. More would only take memory.
pub const BATCHES_IN_FLIGHT: usize = 2;
/// A worker that is silent for this long over the batch that it has to answer next is taken for hung, in milliseconds. A
/// batch of the largest pictures takes a third of it in software.
const SILENCE_MS: i32 = 60_000;

/// A picture's features, or nothing where the graphics processor is lost.
type Reply = oneshot::Sender<Option<Float32Array>>;

/// What the worker needs to start.
pub struct GpuProgram {
    /// Absolute URL of the worker's module.
    pub module_url: String,
    /// The weights file.
    pub weights: Uint8Array,
    /// The SHA-256 it must have, in hexadecimal.
    pub expected_sha256: Option<String>,
}

/// A picture that waits for its batch.
struct Picture {
    rgb_hwc_u8: Uint8Array,
    embedding: Embedding,
    reply: Reply,
}

/// Pictures at the worker. Nobody waits for one whose reply is gone.
struct Batch {
    id: u32,
    replies: Vec<Option<Reply>>,
}

#[derive(Clone)]
enum Condition {
    Starting,
    Running,
    Lost(Failure),
}

struct State {
    this: Weak<RefCell<State>>,
    program: GpuProgram,
    worker: Option<GpuWorker>,
    condition: Condition,
    starting: Vec<oneshot::Sender<Result<(), Failure>>>,
    /// Pictures that will come, or not: a batch that is not full waits for them.
    expected: usize,
    queue: VecDeque<Picture>,
    /// In the order in which they were sent and are answered.
    in_flight: VecDeque<Batch>,
    last_id: u32,
    on_loss: Option<Box<dyn FnOnce(Failure)>>,
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
                expected: 0,
                queue: VecDeque::new(),
                in_flight: VecDeque::new(),
                last_id: 0,
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
    pub async fn started(&self) -> Result<(), Failure> {
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
        receiver.await.unwrap_or_else(|_| Err(Failure::cancelled()))
    }

    /// Whether it failed. It does not come back.
    pub fn is_lost(&self) -> bool {
        matches!(self.state.borrow().condition, Condition::Lost(_))
    }

    /// Calls `tell` with a `webgpu-lost` should it fail from here on.
    pub fn on_loss(&self, tell: impl FnOnce(Failure) + 'static) {
        self.state.borrow_mut().on_loss = Some(Box::new(tell));
    }

    /// Announces a picture, so that the others of its batch wait for it.
    pub fn expect(&self) -> Expected {
        self.state.borrow_mut().expected += 1;
        Expected { state: self.state.clone() }
    }

    /// The features of an announced picture (`[size_px, size_px, 3]`), or nothing when the graphics processor is lost: the
    /// picture is the lanes' then.
    ///
    /// # Errors
    /// `cancelled`.
    pub async fn embed(
        &self,
        announced: Expected,
        rgb_hwc_u8: Uint8Array,
        embedding: Embedding,
    ) -> Result<Option<Float32Array>, Failure> {
        if self.is_lost() {
            return Ok(None);
        }
        let (reply, receiver) = oneshot::channel();
        self.state.borrow_mut().queue.push_back(Picture { rgb_hwc_u8, embedding, reply });
        // After the picture is in the queue: with the last announcement's end a batch is sent as it is.
        drop(announced);
        receiver.await.map_err(|_| Failure::cancelled())
    }

    /// Forgets every picture: whoever waits for one learns that it was cancelled.
    pub fn cancel(&self) {
        let mut state = self.state.borrow_mut();
        state.starting.clear();
        state.queue.clear();
        for batch in &mut state.in_flight {
            batch.replies.fill_with(|| None);
        }
    }
}

impl Drop for Expected {
    fn drop(&mut self) {
        let mut state = self.state.borrow_mut();
        state.expected -= 1;
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
                self.lose(Failure::new("lane-crashed", format!("its worker ended unexpectedly: {words}")));
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
                FromGpu::Failed { code, message } => self.lose(Failure { code, message }),
            },
        }
    }

    fn load(&mut self) {
        let message = ToGpu::Start { expected_sha256: self.program.expected_sha256.clone() };
        let bulk = Array::of1(&self.program.weights);
        let posted = self.worker.as_ref().map(|worker| worker.post(Envelope { id: 0, message, file: None, bulk }));
        if let Some(Err(failure)) = posted {
            self.lose(failure);
        }
    }

    /// Sends what can be sent: full batches, and the rest when no other picture is expected.
    fn dispatch(&mut self) {
        while self.in_flight.len() < BATCHES_IN_FLIGHT
            && let Some(first) = self.queue.front()
        {
            let embedding = first.embedding;
            let alike = self.queue.iter().take(GPU_BATCH_PICTURES).take_while(|picture| picture.embedding == embedding);
            let count = alike.count();
            // A batch is also complete when the picture behind it is of another size.
            if count < GPU_BATCH_PICTURES && count == self.queue.len() && self.expected > 0 {
                break;
            }
            let pictures: Vec<Picture> = self.queue.drain(..count).collect();
            self.send(pictures, embedding);
        }
    }

    fn send(&mut self, pictures: Vec<Picture>, (features, size_px): Embedding) {
        let total = pictures.iter().map(|picture| picture.rgb_hwc_u8.length()).sum();
        let pixels = Uint8Array::new_with_length(total);
        let mut offset = 0;
        let mut replies = Vec::with_capacity(pictures.len());
        for Picture { rgb_hwc_u8, reply, .. } in pictures {
            pixels.set(&rgb_hwc_u8, offset);
            offset += rgb_hwc_u8.length();
            replies.push(Some(reply));
        }
        self.last_id += 1;
        let id = self.last_id;
        self.in_flight.push_back(Batch { id, replies });
        let message = ToGpu::Embed { size_px, features };
        let envelope = Envelope { id, message, file: None, bulk: Array::of1(&pixels) };
        match self.worker.as_ref().map(|worker| worker.post_moving(envelope)) {
            Some(Ok(())) => self.watch(),
            Some(Err(failure)) => self.lose(failure),
            None => self.lose(Failure::new("lane-failed", "its worker is gone")),
        }
    }

    /// Waits for the oldest batch, and takes the worker for hung when it does not come.
    fn watch(&self) {
        let Some(oldest) = self.in_flight.front().map(|batch| batch.id) else { return };
        let this = self.this.clone();
        spawn_local(async move {
            sleep(SILENCE_MS).await;
            if let Some(state) = this.upgrade() {
                let mut state = state.borrow_mut();
                if state.in_flight.front().is_some_and(|batch| batch.id == oldest) {
                    let words = format!("it was silent for {} seconds", SILENCE_MS / 1000);
                    state.lose(Failure::new("lane-failed", words));
                }
            }
        });
    }

    fn answer(&mut self, id: u32, features: &Float32Array) {
        let Some(batch) = self.in_flight.pop_front_if(|batch| batch.id == id) else {
            return self.lose(Failure::new("bad-message", "it answered out of turn"));
        };
        let columns = features.length() / batch.replies.len() as u32;
        for (row, reply) in (0_u32..).zip(batch.replies) {
            if let Some(reply) = reply {
                // Whoever stopped waiting need not be told.
                let _ = reply.send(Some(features.slice(row * columns, (row + 1) * columns)));
            }
        }
        self.watch();
        self.dispatch();
    }

    /// Ends the worker and gives every picture back.
    fn lose(&mut self, cause: Failure) {
        self.worker = None;
        for reply in self.in_flight.drain(..).flat_map(|batch| batch.replies).flatten() {
            let _ = reply.send(None);
        }
        for picture in self.queue.drain(..) {
            let _ = picture.reply.send(None);
        }
        let error: fn(String) -> GpuError = match &self.condition {
            Condition::Starting => GpuError::Unavailable,
            Condition::Running => GpuError::Lost,
            Condition::Lost(_) => return,
        };
        // What the worker says of its device needs no more words.
        let failure = Failure::from(error(cause.message.clone()));
        let failure = if cause.code == failure.code { cause } else { failure };
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
