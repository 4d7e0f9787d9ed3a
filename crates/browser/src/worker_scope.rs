//! A worker's side of the protocol: it dispatches each request to its handler.

use std::collections::HashMap;
use std::pin::Pin;
use std::rc::Rc;

use js_sys::{Array, Object, Reflect};
use shoal_protocol::Request;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::api_error::{ApiError, thrown_message};
use crate::wire::{Answer, Posted, WireError, from_js, to_js, transfer_list};

/// Handles a request.
pub trait Handle<R: Request> {
    /// Computes the reply.
    fn handle(&self, request: R) -> impl Future<Output = Result<R::Reply, ApiError>>;
}

type Reply = Pin<Box<dyn Future<Output = Result<JsValue, ApiError>>>>;
type Handler<S> = fn(Rc<S>, JsValue) -> Reply;

/// Dispatches the requests to a worker, whose state is `S`, to their handlers.
pub struct Router<S> {
    handlers: HashMap<&'static str, Handler<S>>,
}

impl<S: 'static> Router<S> {
    /// A router without handlers.
    pub fn new() -> Self {
        Self { handlers: HashMap::new() }
    }

    /// Adds the handler of a request.
    #[must_use]
    pub fn handle<R: Request>(mut self) -> Self
    where
        S: Handle<R>,
    {
        self.handlers.insert(R::NAME, |state, body| {
            Box::pin(async move { Ok(to_js(&state.handle(from_js::<R>(body)?).await?)?) })
        });
        self
    }

    /// Starts listening, and reports that to the page. Called once, by the worker's program.
    pub fn listen(self, state: S) {
        console_error_panic_hook::set_once();
        let (router, state) = (Rc::new(self), Rc::new(state));
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            let (router, state) = (router.clone(), state.clone());
            spawn_local(async move {
                // A message without an id cannot be answered, so the worker crashes.
                let Posted { id, name, body } = Posted::from_js(&event.data()).unwrap_or_else(|error| fail(error));
                let result = match router.handlers.get(name.as_str()) {
                    Some(handler) => handler(state, body).await,
                    None => Err(WireError::UnknownRequest(name).into()),
                };
                post(Answer { id, result, program_bytes: program_bytes() });
            });
        });
        scope().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        on_message.forget();
        let ready = Object::new();
        // Setting a property of a plain object cannot fail.
        let _ = Reflect::set(&ready, &"ready".into(), &JsValue::TRUE);
        if let Err(thrown) = scope().post_message(&ready) {
            fail(WireError::NotPosted(thrown_message(&thrown)));
        }
    }
}

impl<S: 'static> Default for Router<S> {
    fn default() -> Self {
        Self::new()
    }
}

/// The worker's global scope.
pub fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// How much memory this program and its decoders have, in bytes.
fn program_bytes() -> f64 {
    let memory = wasm_bindgen::memory();
    let buffer = Reflect::get(&memory, &"buffer".into()).ok();
    let own = buffer.and_then(|buffer| Reflect::get(&buffer, &"byteLength".into()).ok()?.as_f64());
    // Set by the worker's loader, once the decoders have been used.
    let decoders = Reflect::get(&js_sys::global(), &"decoderBytes".into()).ok().and_then(|bytes| bytes.as_f64());
    own.unwrap_or_default() + decoders.unwrap_or_default()
}

fn post(answer: Answer) {
    let transfer = answer.result.as_ref().map_or_else(|_| Array::new(), transfer_list);
    let posted = answer.into_js().and_then(|message| {
        scope()
            .post_message_with_transfer(&message, &transfer)
            .map_err(|thrown| WireError::NotPosted(thrown_message(&thrown)))
    });
    if let Err(error) = posted {
        fail(error);
    }
}

/// Crashes the worker with an error, so that the page does not wait for ever.
fn fail(error: WireError) -> ! {
    wasm_bindgen::throw_val(ApiError::from(error).into_js())
}
