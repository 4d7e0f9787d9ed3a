//! One web worker: started from a same-origin shim, so that it may come from another origin and keeps the page's
//! content security policy.

use std::marker::PhantomData;

use js_sys::Array;
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;
use web_sys::{Blob, BlobPropertyBag, MessageEvent, Url, Worker, WorkerOptions, WorkerType};

use shoal_browser::api_error::ApiError;
use shoal_browser::wire::{Envelope, transfer_list};
use shoal_protocol::{FromGpu, FromWorker, ToGpu, ToWorker};

/// A running worker.
pub type ComputeWorker = ProgramWorker<ToWorker, FromWorker>;
/// The running worker of the GPU.
pub type GpuWorker = ProgramWorker<ToGpu, FromGpu>;

/// What a worker reports.
pub enum Report<A = FromWorker> {
    /// A message came.
    Message(Envelope<A>),
    /// The worker's program ended by an error: nothing more will come.
    Crashed(String),
}

/// A running worker that is asked `Q` and answers `A`. Dropping it ends the worker at once.
pub struct ProgramWorker<Q, A> {
    worker: Worker,
    shim_url: String,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(web_sys::Event)>,
    _messages: PhantomData<fn(Q) -> A>,
}

impl<Q, A> ProgramWorker<Q, A>
where
    Q: Serialize + DeserializeOwned,
    A: Serialize + DeserializeOwned + 'static,
{
    /// Starts the worker whose module is at `module_url` (absolute), and hands everything it reports to `report`.
    pub fn start(module_url: &str, report: impl Fn(Report<A>) + Clone + 'static) -> Result<Self, ApiError> {
        let could_not = |thrown: JsValue| ApiError::thrown("worker-failed", "a worker could not be started", &thrown);
        let source =
            Array::of1(&format!("import {};", js_sys::JSON::stringify(&module_url.into()).map_err(could_not)?).into());
        let kind = BlobPropertyBag::new();
        kind.set_type("text/javascript");
        let shim = Blob::new_with_str_sequence_and_options(&source, &kind).map_err(could_not)?;
        let shim_url = Url::create_object_url_with_blob(&shim).map_err(could_not)?;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&shim_url, &options).map_err(could_not)?;

        let on_message = Closure::<dyn FnMut(MessageEvent)>::new({
            let report = report.clone();
            move |event: MessageEvent| {
                report(match Envelope::from_js(&event.data()) {
                    Ok(envelope) => Report::Message(envelope),
                    Err(_) => Report::Crashed(crash_words(&event.data())),
                })
            }
        });
        let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            // The crash is handled here; unprevented it would be reported once more as the page's own error.
            event.prevent_default();
            report(Report::Crashed(crash_words(&event)));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, shim_url, _on_message: on_message, _on_error: on_error, _messages: PhantomData })
    }

    /// Posts a message. Its bulk is copied.
    pub fn post(&self, envelope: Envelope<Q>) -> Result<(), ApiError> {
        self.worker.post_message(&envelope.into_js()?).map_err(|thrown| not_posted(&thrown))
    }

    /// Posts a message. Its bulk is moved: the page has it no longer.
    pub fn post_moving(&self, envelope: Envelope<Q>) -> Result<(), ApiError> {
        let transfer = transfer_list(&envelope.bulk);
        self.worker.post_message_with_transfer(&envelope.into_js()?, &transfer).map_err(|thrown| not_posted(&thrown))
    }
}

impl<Q, A> Drop for ProgramWorker<Q, A> {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
        // A URL made by this object is always one that can be revoked.
        let _ = Url::revoke_object_url(&self.shim_url);
    }
}

fn not_posted(thrown: &JsValue) -> ApiError {
    ApiError::thrown("bad-message", "a message could not be posted", thrown)
}

fn crash_words(event: &JsValue) -> String {
    ["crashed", "message"]
        .iter()
        .find_map(|name| js_sys::Reflect::get(event, &(*name).into()).ok()?.as_string())
        .unwrap_or_else(|| "its program could not be loaded".into())
}
