//! The class `ShoalEngine`, through which `www/image-shoal.js` calls the engine and the interface.

mod editing;
mod exporting;

use std::cell::Cell;

use js_sys::{Array, Error, Function, Promise};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::HtmlElement;

use crate::arguments::{parse, parse_blob, parse_options};
use crate::events::public_event;
use shoal_browser::api_error::ApiError;
use shoal_browser::wire::to_js;
use shoal_engine::{ClusterCall, DuplicatesCall, Engine, Settings};
use shoal_view::View;

/// The default number of neighbours.
const DEFAULT_NEIGHBOURS: usize = 12;

/// Makes panics readable. `main` calls it, because the linker drops the exports of a module that the program does not use.
pub fn start() {
    console_error_panic_hook::set_once();
}

/// The engine behind an `<image-shoal>` or a headless `Shoal`.
#[wasm_bindgen]
pub struct ShoalEngine {
    engine: Engine,
    view: Option<View>,
    /// The id of the next call, if it can be aborted.
    next_call: Cell<Option<u32>>,
}

#[wasm_bindgen]
impl ShoalEngine {
    /// An engine whose public events are passed to `emit(type, detail)`. `build_query` is appended to the URLs of the program's
    /// files.
    #[wasm_bindgen(constructor)]
    pub fn new(build_query: String, emit: Function) -> Self {
        let engine = Engine::new(Settings::default(), build_query);
        engine.subscribe(move |event| {
            if let Some((name, detail)) = public_event(event) {
                // An exception in the page's listener must not stop the engine.
                let _ = emit.call2(&JsValue::NULL, &name.into(), &detail);
            }
        });
        Self { engine, view: None, next_call: Cell::new(None) }
    }

    /// Sets an attribute; `undefined` unsets it.
    pub fn set(&self, name: &str, value: Option<String>) {
        self.engine.set(name, value);
    }

    /// Gives the next call of a member this id, by which it can be aborted.
    #[wasm_bindgen(js_name = nextCall)]
    pub fn next_call(&self, id: u32) {
        self.next_call.set(Some(id));
    }

    /// Stops the call of this id.
    #[wasm_bindgen(js_name = abortCall)]
    pub fn abort_call(&self, id: u32) {
        self.engine.abort(id);
    }

    /// Mounts the interface into `root`.
    pub fn mount(&mut self, root: HtmlElement) {
        self.view = Some(shoal_view::mount(root, self.engine.clone()));
    }

    /// Adds what was dropped, chosen or pasted, then clusters, as the interface does.
    pub fn receive(&self, sources: Array) {
        if let Some(view) = &self.view {
            view.receive(sources);
        }
    }

    /// Starts the backend; resolves with its `EngineInfo`.
    pub fn start(&self) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.ready().await })
    }

    /// Adds an array of files, entries and folder handles.
    pub fn add(&self, sources: Array) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.add(sources).await })
    }

    /// Clusters the images.
    pub fn cluster(&self, options: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.cluster(parse_options::<ClusterCall>("cluster", options)?).await })
    }

    /// The `count` images most similar to the one at `path`.
    pub fn neighbours(&self, path: JsValue, count: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move {
            let count: Option<usize> = parse("n", count)?;
            engine.neighbours(&parse::<String>("path", path)?, count.unwrap_or(DEFAULT_NEIGHBOURS)).await
        })
    }

    /// The sets of identical and nearly identical images.
    pub fn duplicates(&self, options: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.duplicates(parse_options::<DuplicatesCall>("duplicates", options)?).await })
    }

    /// Restores a session.
    #[wasm_bindgen(js_name = importSession)]
    pub fn import_session(&self, file: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.import_session(&parse_blob("importSession", file)?).await })
    }

    /// Imports features from a `.npz` file.
    #[wasm_bindgen(js_name = importFeatures)]
    pub fn import_features(&self, file: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.import_features(&parse_blob("importFeatures", file)?).await })
    }

    /// The latest clustering, or `null`.
    #[wasm_bindgen(getter)]
    pub fn result(&self) -> JsValue {
        self.engine.clustering().and_then(|clustering| to_js(&*clustering).ok()).unwrap_or(JsValue::NULL)
    }

    /// Time spent per step: sums in milliseconds since the collection was last empty.
    #[wasm_bindgen(getter)]
    pub fn timings(&self) -> JsValue {
        to_js(&self.engine.timings()).unwrap_or(JsValue::NULL)
    }

    /// Stops every running and queued operation.
    pub fn cancel(&self) {
        self.engine.cancel();
    }

    /// Stops every operation and empties the collection.
    pub fn clear(&self) {
        self.engine.clear();
    }

    /// Whether a stored session was restored, once that is decided.
    pub fn restored(&self) -> Promise {
        let engine = self.engine.clone();
        future_to_promise(async move { Ok(engine.restored().await.into()) })
    }

    /// Empties the collection and everything that this browser stores.
    pub fn forget(&self) -> Promise {
        let engine = self.engine.clone();
        let forgotten = self.in_call(async move { engine.forget().await });
        let engine = self.engine.clone();
        future_to_promise(async move { report(&engine, forgotten.await).map(|()| JsValue::UNDEFINED) })
    }

    /// Ends the workers, removes the interface and empties the collection.
    pub fn dispose(&mut self) {
        self.view = None;
        self.engine.dispose();
    }

    /// A promise of the operation's result, converted to JavaScript.
    fn run<T: Serialize + 'static>(&self, operation: impl Future<Output = Result<T, ApiError>> + 'static) -> Promise {
        let (engine, operation) = (self.engine.clone(), self.in_call(operation));
        future_to_promise(async move { report(&engine, operation.await.and_then(|value| Ok(to_js(&value)?))) })
    }

    /// `operation` as part of the next call, if that can be aborted.
    fn in_call<T, Work: Future<Output = T>>(&self, operation: Work) -> impl Future<Output = T> + use<T, Work> {
        let (engine, call) = (self.engine.clone(), self.next_call.take());
        async move {
            match call {
                Some(call) => engine.in_call(call, operation).await,
                None => operation.await,
            }
        }
    }
}

/// Emits an error's event, unless the user cancelled the operation, and converts it to a JavaScript `Error`.
fn report<T>(engine: &Engine, result: Result<T, ApiError>) -> Result<T, JsValue> {
    result.map_err(|error| {
        engine.report(&error);
        let is_cancelled = error.is_cancelled();
        let error = error.into_js();
        if is_cancelled && let Some(error) = error.dyn_ref::<Error>() {
            error.set_name("AbortError");
        }
        error
    })
}
