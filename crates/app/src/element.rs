//! What JavaScript sees of the program: the engine's members and the interface, as `www/image-shoal.js` uses them. What goes
//! out has its members in `export`.

mod export;

use js_sys::{Array, Function, Promise};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::{Blob, HtmlElement};

use shoal_browser::api_error::ApiError;
use shoal_browser::wire::to_js;
use shoal_engine::{ClusterCall, DuplicatesCall, Engine, Event, Lockable, Settings};
use shoal_view::View;

/// Makes panics readable. Called by the page's program, which would carry none of these exports if it used none of them.
pub fn start() {
    console_error_panic_hook::set_once();
}

/// The engine behind an `<image-shoal>` or a headless `Shoal`.
#[wasm_bindgen]
pub struct ShoalEngine {
    engine: Engine,
    view: Option<View>,
}

#[wasm_bindgen]
impl ShoalEngine {
    /// An engine whose events go to `emit(type, detail)`, without a detail where that is the result. `build_query` is appended
    /// to the URLs of the program's files.
    #[wasm_bindgen(constructor)]
    pub fn new(build_query: String, emit: Function) -> Self {
        let engine = Engine::new(Settings::default(), build_query);
        engine.listen(move |event| {
            if let Some((name, detail)) = public_event(event) {
                // What a listener throws is the page's to report, not a reason to stop here.
                let _ = emit.call2(&JsValue::NULL, &name.into(), &detail);
            }
        });
        Self { engine, view: None }
    }

    /// Changes one attribute; `undefined` unsets it.
    pub fn set(&self, name: &str, value: Option<String>) {
        self.engine.set(name, value);
    }

    /// Puts the interface into `root`.
    pub fn mount(&mut self, root: HtmlElement) {
        self.view = Some(shoal_view::mount(root, self.engine.clone()));
    }

    /// Takes what was dropped, chosen or pasted, as the interface does: adds it, then groups everything.
    pub fn receive(&self, sources: Array) {
        if let Some(view) = &self.view {
            view.receive(sources);
        }
    }

    /// Starts what embeds; resolves with what it is.
    pub fn start(&self) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.ready().await })
    }

    /// Adds an array of files, entries and folder handles.
    pub fn add(&self, sources: Array) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.add(sources).await })
    }

    /// Groups the pictures.
    pub fn cluster(&self, options: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move {
            let call: Option<ClusterCall> = argument("cluster's options", options)?;
            engine.cluster(call.unwrap_or_default()).await
        })
    }

    /// Moves pictures into a cluster; `null` sets them aside.
    #[wasm_bindgen(js_name = movePictures)]
    pub fn move_pictures(&self, paths: JsValue, cluster: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move {
            let to: Option<u32> = argument("clusterId", cluster)?;
            engine.move_pictures(&argument::<Vec<String>>("paths", paths)?, to).await
        })
    }

    /// Names a cluster.
    pub fn rename(&self, id: JsValue, name: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.rename(argument("id", id)?, argument("name", name)?).await })
    }

    /// Makes one cluster of several.
    pub fn merge(&self, ids: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.merge(argument("ids", ids)?).await })
    }

    /// Splits a cluster into `k`.
    pub fn split(&self, id: JsValue, k: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.split(argument("id", id)?, argument("k", k)?).await })
    }

    /// Makes a cluster of pictures.
    #[wasm_bindgen(js_name = newCluster)]
    pub fn new_cluster(&self, name: JsValue, paths: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move {
            let name: Option<String> = argument("name", name)?;
            let paths: Option<Vec<String>> = argument("paths", paths)?;
            engine.new_cluster(name, &paths.unwrap_or_default()).await
        })
    }

    /// Holds pictures (by path) and clusters (by id) where they are, or lets go of them.
    pub fn lock(&self, what: JsValue, on: bool) -> Promise {
        let engine = self.engine.clone();
        self.run(async move {
            let mut lockable = Lockable::default();
            for one in argument::<Vec<PathOrId>>("pathsOrIds", what)? {
                match one {
                    PathOrId::Path(path) => lockable.paths.push(path),
                    PathOrId::Id(id) => lockable.clusters.push(id),
                }
            }
            engine.lock(lockable, on).await
        })
    }

    /// Takes the last edit back.
    pub fn undo(&self) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.undo().await })
    }

    /// Makes the edit again that was taken back last.
    pub fn redo(&self) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.redo().await })
    }

    /// Makes the folders that pictures came in the groups, locked.
    #[wasm_bindgen(js_name = adoptFolders)]
    pub fn adopt_folders(&self) -> Promise {
        let engine = self.engine.clone();
        self.run(async move { engine.adopt_folders().await })
    }

    /// Has pictures that are in no group join the nearest.
    pub fn join(&self, options: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move {
            let call: Option<JoinCall> = argument("join's options", options)?;
            engine.join(call.and_then(|call| call.similarity).unwrap_or(-1.0)).await
        })
    }

    /// The pictures most like one.
    pub fn neighbours(&self, path: JsValue, count: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move {
            let count: Option<usize> = argument("n", count)?;
            engine.neighbours(&argument::<String>("path", path)?, count.unwrap_or(NEIGHBOURS)).await
        })
    }

    /// The pictures that are there more than once.
    pub fn duplicates(&self, options: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move {
            let call: Option<DuplicatesCall> = argument("duplicates' options", options)?;
            engine.duplicates(call.unwrap_or_default()).await
        })
    }

    /// Restores a session.
    #[wasm_bindgen(js_name = importSession)]
    pub fn import_session(&self, file: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move {
            let file: Blob =
                file.dyn_into().map_err(|_| ApiError::new("bad-option", "importSession takes a Blob or File"))?;
            engine.import_session(&file).await
        })
    }

    /// Takes features in from a file.
    #[wasm_bindgen(js_name = importFeatures)]
    pub fn import_features(&self, file: JsValue) -> Promise {
        let engine = self.engine.clone();
        self.run(async move {
            let file: Blob =
                file.dyn_into().map_err(|_| ApiError::new("bad-option", "importFeatures takes a Blob or File"))?;
            engine.import_features(&file).await
        })
    }

    /// The latest result, or `null`.
    #[wasm_bindgen(getter)]
    pub fn result(&self) -> JsValue {
        self.engine.clustering().and_then(|clustering| to_js(&*clustering).ok()).unwrap_or(JsValue::NULL)
    }

    /// Where the time went: sums in milliseconds since the collection was last empty.
    #[wasm_bindgen(getter)]
    pub fn timings(&self) -> JsValue {
        to_js(&self.engine.timings()).unwrap_or(JsValue::NULL)
    }

    /// Stops what is under way.
    pub fn cancel(&self) {
        self.engine.cancel();
    }

    /// Stops what is under way and forgets every picture.
    pub fn clear(&self) {
        self.engine.clear();
    }

    /// Whether anything was remembered, once it is here.
    pub fn restored(&self) -> Promise {
        let engine = self.engine.clone();
        future_to_promise(async move { Ok(engine.restored().await.into()) })
    }

    /// Forgets every picture and empties what this browser remembers.
    pub fn forget(&self) -> Promise {
        let engine = self.engine.clone();
        future_to_promise(async move { told(&engine, engine.forget().await).map(|()| JsValue::UNDEFINED) })
    }

    /// Ends the workers, takes the interface away and forgets everything.
    pub fn dispose(&mut self) {
        self.view = None;
        self.engine.dispose();
    }

    fn run<T: Serialize>(&self, work: impl Future<Output = Result<T, ApiError>> + 'static) -> Promise {
        let engine = self.engine.clone();
        future_to_promise(async move { told(&engine, work.await.and_then(|value| to_js(&value))) })
    }
}

/// How many neighbours are given when nothing is said.
const NEIGHBOURS: usize = 12;

/// What a call to `join` may say.
#[derive(Default, Deserialize, tsify::Tsify)]
#[tsify(rename = "JoinOptions")]
#[serde(rename_all = "camelCase", default)]
struct JoinCall {
    similarity: Option<f32>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum PathOrId {
    Id(u32),
    Path(String),
}

/// Reads what a caller gave for `name`.
fn argument<T: DeserializeOwned>(name: &str, value: JsValue) -> Result<T, ApiError> {
    serde_wasm_bindgen::from_value(value).map_err(|error| ApiError::new("bad-option", format!("{name}: {error}")))
}

/// Tells the listeners of a failure, unless it was asked for, and makes it a rejection.
fn told<T>(engine: &Engine, result: Result<T, ApiError>) -> Result<T, JsValue> {
    result.map_err(|failure| {
        engine.report(&failure);
        failure.into_js()
    })
}

/// The event's public name and detail, for those that are public.
fn public_event(event: &Event) -> Option<(&'static str, JsValue)> {
    let (name, detail) = match event {
        Event::Ready(info) => ("ready", to_js(info)),
        Event::Progress { stage, done, total } => {
            ("progress", to_js(&json!({ "stage": stage.name(), "done": done, "total": total })))
        }
        Event::Busy(busy) => ("busy", to_js(&json!({ "busy": busy }))),
        // A result of thousands of pictures takes a while to be made for JavaScript: only where someone looks at it.
        Event::Result(Some(_)) => ("result", Ok(JsValue::UNDEFINED)),
        Event::Edited(_) => ("edit", Ok(JsValue::UNDEFINED)),
        Event::Notice(failure) => ("notice", to_js(&json!({ "code": failure.code, "message": failure.message }))),
        Event::Failed(failure) => ("error", to_js(&json!({ "code": failure.code, "message": failure.message }))),
        Event::Result(None)
        | Event::Image { .. }
        | Event::PreviewClusters(_)
        | Event::Collection { .. }
        | Event::Memory(_)
        | Event::Timed(_)
        | Event::Refused(_)
        | Event::Cleared
        | Event::Set { .. } => return None,
    };
    Some((name, detail.ok()?))
}
