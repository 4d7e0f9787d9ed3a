//! A request that is queued or in flight.

use futures_channel::oneshot;
use shoal_browser::api_error::ApiError;
use shoal_protocol::{Effect, Request};
use wasm_bindgen::JsValue;

use super::kept::Message;

/// Receives a job's reply.
pub type JobReply = oneshot::Sender<Result<JsValue, ApiError>>;

/// A request that is queued or in flight.
pub struct Job {
    /// The request.
    pub message: Message,
    /// What it changes in what the worker keeps.
    pub effect: Effect,
    /// The worker that must run it; `None` for any.
    pub worker: Option<usize>,
    /// Whether it was in flight when a worker crashed: it then runs alone, to find the cause.
    pub is_suspect: bool,
    reply: Option<JobReply>,
}

impl Job {
    /// A job for `worker` or, if that is `None`, for any worker. Without `reply` nothing waits for it.
    pub fn new<R: Request>(body: JsValue, worker: Option<usize>, reply: Option<JobReply>) -> Self {
        Self { message: Message { name: R::NAME, body }, effect: R::EFFECT, worker, is_suspect: false, reply }
    }

    /// Whether something waits for its reply.
    pub fn is_awaited(&self) -> bool {
        self.reply.as_ref().is_some_and(|reply| !reply.is_canceled())
    }

    /// Whether something waited for its reply, and waits no more.
    pub fn is_abandoned(&self) -> bool {
        self.reply.as_ref().is_some_and(JobReply::is_canceled)
    }

    /// Nothing waits for it from here on: who waits for it gets `cancelled`.
    pub fn abandon(&mut self) {
        self.reply = None;
    }

    /// Replies.
    pub fn answer(self, result: Result<JsValue, ApiError>) {
        if let Some(reply) = self.reply {
            // The receiver may be gone.
            let _ = reply.send(result);
        }
    }
}
