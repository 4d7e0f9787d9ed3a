//! The operation queue. Operations run one at a time, in the order in which they were requested; an operation that yields runs
//! when no other waits.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use futures_channel::oneshot;
use shoal_browser::api_error::ApiError;

use crate::cancellation::Cancellation;
use crate::events::{Event, Events, Stage};

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;

/// The queue. Clones are handles to the same queue.
#[derive(Clone)]
pub struct OperationQueue(Rc<State>);

struct State {
    events: Events,
    is_running: Cell<bool>,
    waiting: RefCell<VecDeque<oneshot::Sender<Permit>>>,
    yielding: RefCell<VecDeque<oneshot::Sender<Permit>>>,
    /// Incremented by every cancellation: an operation that started with a smaller number is cancelled.
    generation: Cell<u64>,
    /// Whether every operation is cancelled from here on.
    is_closed: Cell<bool>,
    cancellation: Cancellation,
    /// How many operations that count as busy run or wait.
    visible: Cell<usize>,
}

/// How an operation is queued.
#[derive(Clone, Copy, Debug, Default)]
struct Priority {
    /// Whether it is too short for `busy` events.
    is_quiet: bool,
    /// Whether every other operation runs first.
    yields: bool,
}

/// A running operation. No other runs until it is dropped.
pub struct Operation {
    queue: OperationQueue,
    generation: u64,
    // Dropped before the permit, so that `busy` events are in order.
    _busy: Option<Busy>,
    _permit: Permit,
}

/// A place in the queue. Dropping it leaves the queue.
pub struct Turn {
    token: CancellationToken,
    busy: Option<Busy>,
    place: Place,
}

enum Place {
    First(Permit),
    Waiting(oneshot::Receiver<Permit>),
}

/// The right to run. Dropping it passes it to the next operation.
struct Permit(OperationQueue);

/// While one exists, the engine counts as busy.
pub struct Busy(OperationQueue);

/// Detects cancellations that happen after it was created.
#[derive(Clone)]
pub struct CancellationToken {
    queue: OperationQueue,
    generation: u64,
}

impl OperationQueue {
    /// An empty queue that emits `busy` events.
    pub fn new(events: Events) -> Self {
        Self(Rc::new(State {
            events,
            is_running: Cell::new(false),
            waiting: RefCell::default(),
            yielding: RefCell::default(),
            generation: Cell::new(0),
            is_closed: Cell::new(false),
            cancellation: Cancellation::default(),
            visible: Cell::new(0),
        }))
    }

    /// Waits until this operation may run.
    ///
    /// # Errors
    /// `cancelled` when it was cancelled while it waited.
    pub async fn begin(&self) -> Result<Operation, ApiError> {
        self.begin_as(Priority::default()).await
    }

    /// As [`Self::begin`], for an operation too short for `busy` events.
    pub async fn begin_quietly(&self) -> Result<Operation, ApiError> {
        self.begin_as(Priority { is_quiet: true, yields: false }).await
    }

    /// As [`Self::begin`], for an operation that lets every other run first.
    pub async fn begin_after_others(&self, is_quiet: bool) -> Result<Operation, ApiError> {
        self.begin_as(Priority { is_quiet, yields: true }).await
    }

    /// Takes the next place in the queue, for a call that has something to do before its operation can begin: the calls that are
    /// made after it run after it.
    pub fn enqueue(&self) -> Turn {
        self.enqueue_as(Priority::default())
    }

    async fn begin_as(&self, priority: Priority) -> Result<Operation, ApiError> {
        self.enqueue_as(priority).begin().await
    }

    fn enqueue_as(&self, priority: Priority) -> Turn {
        // An operation that waits counts as busy too.
        let busy = (!priority.is_quiet).then(|| self.show_busy());
        Turn { token: self.token(), busy, place: self.place(priority.yields) }
    }

    /// Cancels every operation that runs or waits.
    pub fn cancel(&self) {
        self.0.generation.set(self.0.generation.get() + 1);
        self.0.cancellation.cancel();
    }

    /// Cancels every operation that runs or waits, and all later ones.
    pub fn close(&self) {
        self.0.is_closed.set(true);
        self.cancel();
    }

    /// Whether an operation of this generation is cancelled.
    fn has_cancelled(&self, generation: u64) -> bool {
        self.0.is_closed.get() || generation != self.0.generation.get()
    }

    /// A token that detects cancellations from this moment on.
    pub fn token(&self) -> CancellationToken {
        CancellationToken { queue: self.clone(), generation: self.0.generation.get() }
    }

    /// Makes the engine count as busy until the returned guard is dropped.
    pub fn show_busy(&self) -> Busy {
        if self.0.visible.replace(self.0.visible.get() + 1) == 0 {
            self.0.events.emit(Event::Busy(true));
        }
        Busy(self.clone())
    }

    fn place(&self, yields: bool) -> Place {
        if !self.0.is_running.replace(true) {
            return Place::First(Permit(self.clone()));
        }
        let (sender, receiver) = oneshot::channel();
        let waiting = if yields { &self.0.yielding } else { &self.0.waiting };
        waiting.borrow_mut().push_back(sender);
        Place::Waiting(receiver)
    }
}

impl Turn {
    /// Detects the cancellations since the place was taken.
    pub fn token(&self) -> &CancellationToken {
        &self.token
    }

    /// Waits until the operation may run.
    ///
    /// # Errors
    /// `cancelled` when it was cancelled while it waited.
    pub async fn begin(self) -> Result<Operation, ApiError> {
        let Self { token, busy, place } = self;
        let permit = match place {
            Place::First(permit) => permit,
            // Never cancelled, since the queue outlives its waiters and drops no sender unused.
            Place::Waiting(permit) => permit.await.unwrap_or_else(|oneshot::Canceled| Permit(token.queue.clone())),
        };
        if token.is_cancelled() {
            // In the same order as for an operation that ran.
            drop(busy);
            drop(permit);
            return Err(ApiError::cancelled());
        }
        Ok(Operation { queue: token.queue, generation: token.generation, _busy: busy, _permit: permit })
    }
}

impl Operation {
    /// Whether the operation is cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.queue.has_cancelled(self.generation)
    }

    /// Fails with `cancelled` when the operation is cancelled.
    pub fn check(&self) -> Result<(), ApiError> {
        if self.is_cancelled() { Err(ApiError::cancelled()) } else { Ok(()) }
    }

    /// Whether another operation, one that does not yield, is waiting.
    pub fn is_waited_for(&self) -> bool {
        !self.queue.0.waiting.borrow().is_empty()
    }

    /// The engine's events.
    pub fn events(&self) -> &Events {
        &self.queue.0.events
    }

    /// Makes the engine count as busy until the returned guard is dropped.
    pub fn show_busy(&self) -> Busy {
        self.queue.show_busy()
    }

    /// Emits an event.
    pub fn emit(&self, event: Event) {
        self.events().emit(event);
    }

    /// Emits a `progress` event.
    pub fn progress(&self, stage: Stage, done: usize, total: usize) {
        self.events().progress(stage, done, total);
    }
}

impl CancellationToken {
    /// Whether there was a cancellation since the token was created.
    pub fn is_cancelled(&self) -> bool {
        self.queue.has_cancelled(self.generation)
    }

    /// Waits for `work`, or for the next cancellation, which drops it: for what may be left half done.
    ///
    /// # Errors
    /// `cancelled`.
    pub async fn or_cancelled<T>(&self, work: impl Future<Output = T>) -> Result<T, ApiError> {
        if self.is_cancelled() {
            return Err(ApiError::cancelled());
        }
        self.queue.0.cancellation.or_cancelled(work).await
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let state = &self.0.0;
        let next = state.waiting.borrow_mut().pop_front();
        let next = next.or_else(|| state.yielding.borrow_mut().pop_front());
        state.is_running.set(next.is_some());
        if let Some(next) = next {
            // If the receiver is gone, the permit is dropped at once, which passes it on.
            let _ = next.send(Permit(self.0.clone()));
        }
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        let state = &self.0.0;
        state.visible.set(state.visible.get() - 1);
        if state.visible.get() == 0 {
            state.events.emit(Event::Busy(false));
        }
    }
}
