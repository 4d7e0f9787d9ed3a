//! One web worker. It is started from a same-origin shim, so that its program may come from another origin and the page's
//! content security policy applies to it.

use std::cell::Cell;
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::{Array, Reflect, Uint8Array};
use shoal_browser::api_error::{ApiError, thrown_message};
use shoal_browser::wire::{Answer, Posted, WireError, transfer_list};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, BlobPropertyBag, MessageEvent, Url, Worker, WorkerOptions, WorkerType};

use super::error::ComputeError;
use super::signs::{SILENCE_MS, Signs};

/// What a worker needs to start.
pub struct Program {
    /// Absolute URL of the worker's module.
    pub module_url: String,
    /// The weights file.
    pub weights: Uint8Array,
    /// The SHA-256 that the weights must have, in hexadecimal; `None` accepts any.
    pub expected_sha256: Option<String>,
}

/// What a worker reports.
pub enum Report {
    /// The worker listens. Sent once; nothing may be posted before.
    Ready,
    /// A request was answered.
    Answer(Answer),
    /// The worker crashed, and will report nothing more.
    Crashed(String),
    /// The worker has given no sign of life while it started, for [`SILENCE_MS`] and more.
    Silent,
}

/// While its sender exists, the worker's start is watched.
type Starting = Rc<Cell<Option<oneshot::Sender<()>>>>;

/// A running worker. Dropping it ends it at once.
pub struct ProgramWorker {
    worker: Worker,
    shim_url: String,
    _starting: Starting,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(web_sys::Event)>,
}

impl ProgramWorker {
    /// Starts the worker whose module is at `module_url` (absolute). `on_report` is called for each report, never before this
    /// returns.
    pub fn start(module_url: &str, on_report: impl Fn(Report) + Clone + 'static) -> Result<Self, ApiError> {
        let failed = |thrown: JsValue| ComputeError::WorkerFailed(thrown_message(&thrown));
        let import = format!("import {};", js_sys::JSON::stringify(&module_url.into()).map_err(failed)?);
        let options = BlobPropertyBag::new();
        options.set_type("text/javascript");
        let shim = Blob::new_with_str_sequence_and_options(&Array::of1(&import.into()), &options).map_err(failed)?;
        let shim_url = Url::create_object_url_with_blob(&shim).map_err(failed)?;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let worker = Worker::new_with_options(&shim_url, &options).map_err(failed)?;

        let (starting, started) = oneshot::channel();
        let (starting, signs): (Starting, _) = (Rc::new(Cell::new(Some(starting))), Rc::new(Signs::default()));
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new({
            let (on_report, starting, signs) = (on_report.clone(), starting.clone(), signs.clone());
            move |event: MessageEvent| {
                signs.give();
                if let Some(report) = report_of(&event.data()) {
                    starting.take();
                    on_report(report);
                }
            }
        });
        spawn_local({
            let on_report = on_report.clone();
            async move {
                if signs.watch(SILENCE_MS, started).await.is_none() {
                    on_report(Report::Silent);
                }
            }
        });
        let on_error = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            // The crash is handled here, and must not be reported as an error of the page too.
            event.prevent_default();
            on_report(Report::Crashed(crash_message(&event)));
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        Ok(Self { worker, shim_url, _starting: starting, _on_message: on_message, _on_error: on_error })
    }

    /// Posts a request. Its typed arrays are copied.
    pub fn post(&self, request: Posted) -> Result<(), ApiError> {
        self.worker.post_message(&request.into_js()?).map_err(|thrown| not_posted(&thrown))
    }

    /// Posts a request. Its typed arrays are transferred, so the page loses them.
    pub fn post_transferring(&self, request: Posted) -> Result<(), ApiError> {
        let transfer = transfer_list(&request.body);
        self.worker.post_message_with_transfer(&request.into_js()?, &transfer).map_err(|thrown| not_posted(&thrown))
    }
}

impl Drop for ProgramWorker {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
        // A URL created by this object can always be revoked.
        let _ = Url::revoke_object_url(&self.shim_url);
    }
}

/// What a message reports; `None` if it is only a sign of life.
fn report_of(data: &JsValue) -> Option<Report> {
    let has = |name: &str| Reflect::get(data, &name.into()).is_ok_and(|value| value.is_truthy());
    if has("loading") {
        return None;
    }
    if has("ready") {
        return Some(Report::Ready);
    }
    Some(match Answer::from_js(data) {
        Ok(answer) => Report::Answer(answer),
        Err(_) => Report::Crashed(crash_message(data)),
    })
}

fn not_posted(thrown: &JsValue) -> ApiError {
    WireError::NotPosted(thrown_message(thrown)).into()
}

fn crash_message(event: &JsValue) -> String {
    ["crashed", "message"]
        .iter()
        .find_map(|name| Reflect::get(event, &(*name).into()).ok()?.as_string())
        .unwrap_or_else(|| "its program could not be loaded".into())
}
