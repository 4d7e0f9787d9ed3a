//! A worker's side of the wire: it says that it listens, and answers every message with one of the same id.

use js_sys::Array;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::api_error::ApiError;
use crate::wire::{Envelope, transfer_list};
use shoal_protocol::{FromGpu, FromWorker};

/// An answer and its bulk.
pub type Answer<A> = Result<(A, Array), ApiError>;

/// What a worker says whatever its work is.
pub trait WorkerReply: Serialize + DeserializeOwned {
    /// That it listens.
    fn ready() -> Self;
    /// That something could not be done.
    fn failed(failure: ApiError) -> Self;
}

impl WorkerReply for FromWorker {
    fn ready() -> Self {
        Self::Ready
    }

    fn failed(ApiError { code, message }: ApiError) -> Self {
        Self::Failed { code, message }
    }
}

impl WorkerReply for FromGpu {
    fn ready() -> Self {
        Self::Ready
    }

    fn failed(ApiError { code, message }: ApiError) -> Self {
        Self::Failed { code, message }
    }
}

/// The worker's global scope.
pub fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Starts listening, and says so; `answer` is asked for every message. Called once, by the worker's program.
pub fn listen<Q, A, W>(answer: impl Fn(Envelope<Q>) -> W + 'static)
where
    Q: Serialize + DeserializeOwned + 'static,
    A: WorkerReply + 'static,
    W: Future<Output = Answer<A>> + 'static,
{
    console_error_panic_hook::set_once();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        match Envelope::<Q>::from_js(&event.data()) {
            Ok(envelope) => {
                let id = envelope.id;
                let answer = answer(envelope);
                spawn_local(async move { post(id, answer.await) });
            }
            Err(failure) => post::<A>(0, Err(failure)),
        }
    });
    scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    post(0, Ok((A::ready(), Array::new())));
}

fn post<A: WorkerReply>(id: u32, answer: Answer<A>) {
    let (message, bulk) = answer.unwrap_or_else(|failure| (A::failed(failure), Array::new()));
    let transfer = transfer_list(&bulk);
    let posted = Envelope { id, message, file: None, bulk }.into_js().and_then(|envelope| {
        scope()
            .post_message_with_transfer(&envelope, &transfer)
            .map_err(|thrown| ApiError::thrown("bad-message", "an answer could not be posted", &thrown))
    });
    if let Err(failure) = posted {
        // Without an answer the page would wait for ever: thrown out of the worker, it takes the worker for crashed.
        wasm_bindgen::throw_val(failure.into_js());
    }
}
