//! The operation queue: operations run one after another, in the order in which they were asked for; those that yield to
//! others run when none else waits.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use futures_channel::oneshot;
use shoal_browser::api_error::ApiError;

use crate::events::{Event, Events, Stage};

/// The queue. Clones are handles to the same one.
#[derive(Clone)]
pub struct OperationQueue(Rc<State>);

struct State {
    events: Events,
    is_running: Cell<bool>,
    waiting: RefCell<VecDeque<oneshot::Sender<Permit>>>,
    yielding: RefCell<VecDeque<oneshot::Sender<Permit>>>,
    /// Incremented by every cancellation: an operation that began under a smaller number is cancelled.
    generation: Cell<u64>,
    /// How many operations that the user is to know of run or wait.
    visible: Cell<usize>,
}

/// How an operation waits and shows.
#[derive(Clone, Copy, Debug, Default)]
struct Manners {
    /// Too short for `busy` events.
    is_quiet: bool,
    /// Lets every other operation go first.
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

/// The right to run. Dropping it passes it on.
struct Permit(OperationQueue);

/// While one exists, the engine counts as busy.
pub struct Busy(OperationQueue);

/// Compares the moment at which it was taken with later cancellations.
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
            visible: Cell::new(0),
        }))
    }

    /// Waits until this operation may run.
    ///
    /// # Errors
    /// `cancelled` when it was cancelled while it waited.
    pub async fn begin(&self) -> Result<Operation, ApiError> {
        self.begin_as(Manners::default()).await
    }

    /// As [`Self::begin`], for an operation too short for `busy` events.
    pub async fn begin_quietly(&self) -> Result<Operation, ApiError> {
        self.begin_as(Manners { is_quiet: true, yields: false }).await
    }

    /// As [`Self::begin`], for an operation that lets every other go first.
    pub async fn begin_after_others(&self, is_quiet: bool) -> Result<Operation, ApiError> {
        self.begin_as(Manners { is_quiet, yields: true }).await
    }

    async fn begin_as(&self, manners: Manners) -> Result<Operation, ApiError> {
        let token = self.token();
        // Created before waiting, so that an operation that is cancelled while it waits is counted down as well.
        let busy = (!manners.is_quiet).then(|| self.show_busy());
        let permit = self.permit(manners.yields).await;
        if token.is_cancelled() {
            // In this order, as for an operation that ran.
            drop(busy);
            drop(permit);
            return Err(ApiError::cancelled());
        }
        Ok(Operation { queue: self.clone(), generation: token.generation, _busy: busy, _permit: permit })
    }

    /// Cancels every operation that runs or waits.
    pub fn cancel(&self) {
        self.0.generation.set(self.0.generation.get() + 1);
    }

    /// A token of this moment.
    pub fn token(&self) -> CancellationToken {
        CancellationToken { queue: self.clone(), generation: self.0.generation.get() }
    }

    /// Lets the engine count as busy until the result is dropped.
    pub fn show_busy(&self) -> Busy {
        if self.0.visible.replace(self.0.visible.get() + 1) == 0 {
            self.0.events.emit(Event::Busy(true));
        }
        Busy(self.clone())
    }

    async fn permit(&self, yields: bool) -> Permit {
        if !self.0.is_running.replace(true) {
            return Permit(self.clone());
        }
        let (sender, receiver) = oneshot::channel();
        let waiting = if yields { &self.0.yielding } else { &self.0.waiting };
        waiting.borrow_mut().push_back(sender);
        // The queue lives as long as anyone who waits in it and drops no sender; taking what is free is then right.
        receiver.await.unwrap_or_else(|oneshot::Canceled| Permit(self.clone()))
    }
}

impl Operation {
    /// Whether the operation is cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.generation != self.queue.0.generation.get()
    }

    /// Fails with `cancelled` when the operation is cancelled.
    pub fn check(&self) -> Result<(), ApiError> {
        if self.is_cancelled() { Err(ApiError::cancelled()) } else { Ok(()) }
    }

    /// Whether another operation waits that does not yield.
    pub fn is_waited_for(&self) -> bool {
        !self.queue.0.waiting.borrow().is_empty()
    }

    /// The events.
    pub fn events(&self) -> &Events {
        &self.queue.0.events
    }

    /// Lets the engine count as busy until the result is dropped.
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
    /// Whether anything was cancelled since.
    pub fn is_cancelled(&self) -> bool {
        self.generation != self.queue.0.generation.get()
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        let state = &self.0.0;
        let next = state.waiting.borrow_mut().pop_front();
        let next = next.or_else(|| state.yielding.borrow_mut().pop_front());
        state.is_running.set(next.is_some());
        if let Some(next) = next {
            // A receiver that is gone drops the permit at once, which passes it on.
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
