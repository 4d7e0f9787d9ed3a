//! The operation queue. Operations run one at a time, in the order in which they were requested; an operation that yields runs
//! when no other waits.

use std::cell::{Cell, RefCell};
use std::collections::{HashSet, VecDeque};
use std::future::poll_fn;
use std::pin::pin;
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
    /// The call in which code runs that may take a place.
    current_call: Cell<Option<CallId>>,
    /// The call of the operation that runs.
    running_call: Cell<Option<CallId>>,
    /// The calls that were aborted and have not ended.
    aborted_calls: RefCell<HashSet<CallId>>,
    cancellation: Cancellation,
    /// How many operations that count as busy run or wait.
    visible: Cell<usize>,
}

/// Identifies a call that can be aborted by itself.
pub type CallId = u32;

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
    token: CancellationToken,
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
    call: Option<CallId>,
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
            current_call: Cell::new(None),
            running_call: Cell::new(None),
            aborted_calls: RefCell::default(),
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

    /// Runs `work`, whose operations belong to the call `call` and end when that is aborted.
    pub async fn in_call<T>(&self, call: CallId, work: impl Future<Output = T>) -> T {
        let mut work = pin!(work);
        let output = poll_fn(|context| {
            let outer = self.0.current_call.replace(Some(call));
            let polled = work.as_mut().poll(context);
            self.0.current_call.set(outer);
            polled
        })
        .await;
        self.0.aborted_calls.borrow_mut().remove(&call);
        output
    }

    /// Cancels the operations of one call. Returns whether one of them runs.
    pub fn abort(&self, call: CallId) -> bool {
        self.0.aborted_calls.borrow_mut().insert(call);
        self.0.cancellation.cancel();
        self.0.running_call.get() == Some(call)
    }

    /// A token that detects cancellations from this moment on.
    pub fn token(&self) -> CancellationToken {
        let (generation, call) = (self.0.generation.get(), self.0.current_call.get());
        CancellationToken { queue: self.clone(), generation, call }
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
            // Never closed, since the queue outlives its waiters and drops no sender unused.
            Place::Waiting(permit) => match token.or_cancelled(permit).await {
                Ok(permit) => permit.unwrap_or_else(|oneshot::Canceled| Permit(token.queue.clone())),
                Err(error) => return Err(error),
            },
        };
        if token.is_cancelled() {
            // In the same order as for an operation that ran.
            drop(busy);
            drop(permit);
            return Err(ApiError::cancelled());
        }
        token.queue.0.running_call.set(token.call);
        Ok(Operation { token, _busy: busy, _permit: permit })
    }
}

impl Operation {
    /// Whether the operation is cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Fails with `cancelled` when the operation is cancelled.
    pub fn check(&self) -> Result<(), ApiError> {
        if self.is_cancelled() { Err(ApiError::cancelled()) } else { Ok(()) }
    }

    /// Whether another operation, one that does not yield, is waiting.
    pub fn is_waited_for(&self) -> bool {
        !self.token.queue.0.waiting.borrow().is_empty()
    }

    /// The engine's events.
    pub fn events(&self) -> &Events {
        &self.token.queue.0.events
    }

    /// Makes the engine count as busy until the returned guard is dropped.
    pub fn show_busy(&self) -> Busy {
        self.token.queue.show_busy()
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
        let state = &self.queue.0;
        let is_aborted = self.call.is_some_and(|call| state.aborted_calls.borrow().contains(&call));
        state.is_closed.get() || self.generation != state.generation.get() || is_aborted
    }

    /// Waits for `work`, or for the next cancellation, which drops it: for what may be left half done.
    ///
    /// # Errors
    /// `cancelled`.
    pub async fn or_cancelled<T>(&self, work: impl Future<Output = T>) -> Result<T, ApiError> {
        let mut work = pin!(work);
        loop {
            if self.is_cancelled() {
                return Err(ApiError::cancelled());
            }
            // A cancellation may be that of another call.
            if let Ok(output) = self.queue.0.cancellation.or_cancelled(work.as_mut()).await {
                return Ok(output);
            }
        }
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let state = &self.0.0;
        state.running_call.set(None);
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
