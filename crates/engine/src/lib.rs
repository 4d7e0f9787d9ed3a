//! The page's side without an interface: what `<image-shoal>` and the headless `Shoal` both are.
//!
//! Calls run one after another, in the order they were made. Each looks at the settings when its turn comes.

mod adapter;
mod add;
mod backend;
mod batches;
mod beside;
mod editing;
mod embedding;
mod event;
mod export;
mod export_features;
mod export_folder;
mod export_plot;
mod export_report;
mod export_scripts;
mod export_set;
mod feature_origin;
mod folder_writer;
mod foreign;
mod gpu;
mod grouping;
mod import_features;
mod imported_features;
mod joining;
mod likeness;
mod naming;
mod operation_queue;
mod originals;
mod placeholder;
mod pool;
mod remembered;
mod sample_pictures;
mod session;
mod settings;
mod sources;
mod store;
mod thumbnails;
mod timings;
mod weights;
mod worker;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Uint8Array;
use serde::Serialize;
use web_sys::File;

pub use add::Added;
use backend::{Chosen, Decision};
use beside::Beside;
pub use editing::Lockable;
use event::Listeners;
pub use event::{Event, Stage};
pub use export_folder::FolderReport;
pub use export_plot::PlotFormat;
pub use export_set::ExportOptions;
use feature_origin::FeatureOrigin;
use gpu::Gpu;
pub use grouping::{Call as ClusterCall, PreviewCluster};
use grouping::{Grouping, Space};
pub use import_features::Imported;
use imported_features::ImportedFeatures;
pub use likeness::{DEFAULT_COSINE, Duplicates, DuplicatesCall, Neighbour};
use operation_queue::{OperationQueue, Permit};
use pool::{Pool, Started, WorkerProgram};
pub use remembered::Memory;
use remembered::Remembered;
pub use session::Reopened;
pub use settings::Settings;
use shoal::collection::arrangement::Arrangement;
use shoal::collection::{Clustering, Image};
pub use shoal::plot::ChartKind;
use shoal_browser::api_error::ApiError;
use store::Store;
pub use timings::Timings;
use weights::WeightsSource;

/// What `ready` resolves with.
#[derive(Clone, Debug, PartialEq, Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct EngineInfo {
    /// What embeds pictures: `cpu` or `webgpu`.
    #[tsify(type = "'cpu' | 'webgpu'")]
    pub backend: &'static str,
    /// How many workers run.
    pub workers: usize,
    /// The network's name.
    pub model: String,
    /// The side that pictures are resized to, in pixels.
    pub size_px: u32,
    /// Number of features of a picture.
    pub dims: usize,
    /// Time to embed one picture of 128 px, in milliseconds, by each way that was tried.
    pub measured: Measured,
}

/// Time to embed one picture, in milliseconds.
#[derive(Clone, Debug, PartialEq, Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Measured {
    /// In one worker, by itself.
    pub cpu_ms: f64,
    /// In all workers together, as part of a batch; where both ways were compared.
    pub workers_ms: Option<f64>,
    /// On the GPU, as part of a batch; where that was tried.
    pub webgpu_ms: Option<f64>,
}

/// Where the workers' files come from.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Origin {
    asset_base: String,
    weights: WeightsSource,
}

/// The engine. Clones are handles to the same one.
#[derive(Clone)]
pub struct Engine(Rc<Inner>);

struct Inner {
    settings: RefCell<Settings>,
    build_query: String,
    pool: RefCell<Option<(Origin, Rc<Pool>)>>,
    /// The GPU until it is decided on.
    opening: RefCell<Option<(Origin, Rc<Gpu>)>>,
    decision: RefCell<Option<Decision>>,
    store: RefCell<Store>,
    /// What came along with the pictures.
    beside: RefCell<Beside>,
    /// What features files told.
    known: RefCell<ImportedFeatures>,
    /// How a collection's features were made that are a file's own: it is not mixed with what is embedded here.
    own: RefCell<Option<Rc<FeatureOrigin>>>,
    arrangement: RefCell<Arrangement>,
    grouping: RefCell<Grouping>,
    /// The latest space, kept for what is asked about the same pictures next.
    space: RefCell<Option<Rc<Space>>>,
    clustering: RefCell<Option<Rc<Clustering>>>,
    /// The classifier's file, once it was fetched for names.
    classifier: RefCell<Option<Uint8Array>>,
    remembered: Remembered,
    /// The arrangement's revision that the clustering's scores are about.
    evaluated_revision: Cell<Option<u64>>,
    timings: Cell<Timings>,
    listeners: Listeners,
    /// Grows with every `cancel()`: an operation begun under a smaller number is to stop.
    generation: Cell<u64>,
    pending: Cell<usize>,
    queue: OperationQueue,
}

/// An operation's turn: nothing else runs while it is held.
struct Operation<'a> {
    engine: &'a Engine,
    generation: u64,
    /// Whether nobody is told that something is under way.
    quiet: bool,
    _alone: Permit,
}

impl Engine {
    /// An engine with these settings. `build_query` (`?v=...` or nothing) is appended to the URLs of the program's files.
    pub fn new(settings: Settings, build_query: String) -> Self {
        Self(Rc::new(Inner {
            settings: RefCell::new(settings),
            build_query,
            pool: RefCell::new(None),
            opening: RefCell::new(None),
            decision: RefCell::new(None),
            store: RefCell::new(Store::default()),
            beside: RefCell::default(),
            known: RefCell::default(),
            own: RefCell::default(),
            arrangement: RefCell::default(),
            grouping: RefCell::default(),
            space: RefCell::new(None),
            clustering: RefCell::new(None),
            classifier: RefCell::new(None),
            remembered: Remembered::default(),
            evaluated_revision: Cell::new(None),
            timings: Cell::default(),
            listeners: Listeners::default(),
            generation: Cell::new(0),
            pending: Cell::new(0),
            queue: OperationQueue::default(),
        }))
    }

    /// Calls `listener` for every event from here on.
    pub fn listen(&self, listener: impl Fn(&Event) + 'static) {
        self.0.listeners.add(listener);
    }

    /// Changes one attribute; it holds from the next call on.
    pub fn set(&self, name: &str, value: Option<String>) {
        self.0.settings.borrow_mut().set(name, value.clone());
        if name == "backend" {
            self.forgive_loss();
        }
        if name == "remember" {
            self.remember(value.as_deref());
        }
        self.tell(Event::Set { name: name.to_owned(), value });
    }

    /// An attribute as it was set.
    pub fn setting(&self, name: &str) -> Option<String> {
        self.0.settings.borrow().get(name)
    }

    /// Starts what embeds where it is not running, and tells what it is.
    ///
    /// # Errors
    /// The weights' and workers' own, `bad-option`, and `webgpu-unavailable` where it is asked for and cannot be had.
    pub async fn ready(&self) -> Result<EngineInfo, ApiError> {
        let _operation = self.begin().await?;
        let Chosen { embedder, started, timing } = self.embedder().await?;
        let (kind, size_px) = self.0.settings.borrow().embedding()?;
        let info = EngineInfo {
            backend: embedder.processor().name(),
            workers: embedder.pool().workers(),
            dims: kind.columns(started.model.feature_columns, size_px),
            model: started.model.name,
            size_px,
            measured: Measured { cpu_ms: started.cpu_ms, workers_ms: timing.workers_ms, webgpu_ms: timing.webgpu_ms },
        };
        self.tell(Event::Ready(info.clone()));
        Ok(info)
    }

    /// The latest result, or nothing.
    pub fn clustering(&self) -> Option<Rc<Clustering>> {
        self.0.clustering.borrow().clone()
    }

    /// How many pictures there are.
    pub fn len(&self) -> usize {
        self.0.store.borrow().len()
    }

    /// Whether there is no picture.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many files travel with pictures, being none themselves.
    pub fn sidecar_count(&self) -> usize {
        self.0.beside.borrow().sidecar_count()
    }

    /// How many files could not be read.
    pub fn unread_count(&self) -> usize {
        self.0.beside.borrow().unread().len()
    }

    /// An object URL of a picture's thumbnail.
    pub fn thumbnail_url(&self, path: &str) -> Option<String> {
        self.0.store.borrow().thumbnail_url(path)
    }

    /// A picture's original.
    pub fn original(&self, path: &str) -> Option<File> {
        let store = self.0.store.borrow();
        let (id, _) = store.collection.by_path(path)?;
        store.file_of(id).cloned()
    }

    /// What is known of a picture.
    pub fn facts(&self, path: &str) -> Option<Image> {
        self.0.store.borrow().collection.by_path(path).map(|(_, picture)| picture.clone())
    }

    /// Stops every operation under way or waiting.
    pub fn cancel(&self) {
        self.0.generation.set(self.0.generation.get() + 1);
        if let Some((_, pool)) = &*self.0.pool.borrow() {
            pool.cancel();
        }
        if let Some((_, gpu)) = &*self.0.opening.borrow() {
            gpu.cancel();
        }
        if let Some(decision) = &*self.0.decision.borrow() {
            decision.cancel();
        }
    }

    /// Stops everything and forgets every picture and the result.
    pub fn clear(&self) {
        self.cancel();
        self.0.store.borrow_mut().clear();
        self.0.beside.take();
        self.0.known.take();
        self.0.own.take();
        self.0.arrangement.take();
        self.0.grouping.take();
        self.0.space.take();
        self.0.clustering.take();
        self.0.evaluated_revision.set(None);
        self.0.timings.take();
        self.0.remembered.start_afresh();
        self.tell(Event::Cleared);
        self.tell(Event::Result(None));
    }

    /// Ends the workers and forgets everything and everyone.
    pub fn dispose(&self) {
        self.stop_remembering(Memory::Off);
        self.clear();
        self.0.listeners.clear();
        self.0.pool.replace(None);
        self.0.opening.replace(None);
        self.0.decision.replace(None);
    }

    /// Tells everyone of a failure, unless it is what `cancel()` asked for.
    pub fn report(&self, failure: &ApiError) {
        if !failure.is_cancelled() {
            self.tell(Event::Failed(failure.clone()));
        }
    }

    fn tell(&self, event: Event) {
        self.0.listeners.tell(&event);
        self.note_change(&event);
    }

    fn progress(&self, stage: Stage, done: usize, total: usize) {
        self.tell(Event::Progress { stage, done: done as u64, total: total as u64 });
    }

    /// Waits for this operation's turn.
    async fn begin(&self) -> Result<Operation<'_>, ApiError> {
        self.begin_as(false, false).await
    }

    /// Waits for the turn of an operation so short that nobody is told of it.
    async fn begin_quietly(&self) -> Result<Operation<'_>, ApiError> {
        self.begin_as(true, false).await
    }

    /// Waits for the turn of an operation that lets all others go first.
    async fn begin_after_others(&self, quiet: bool) -> Result<Operation<'_>, ApiError> {
        self.begin_as(quiet, true).await
    }

    async fn begin_as(&self, quiet: bool, patient: bool) -> Result<Operation<'_>, ApiError> {
        let generation = self.0.generation.get();
        // Made before waiting, so that an operation that never gets its turn counts down as well.
        let waiting = if quiet { Waiting { engine: self, quiet } } else { self.show_busy() };
        let alone = self.0.queue.take(patient).await;
        if generation != self.0.generation.get() {
            return Err(ApiError::cancelled());
        }
        std::mem::forget(waiting);
        Ok(Operation { engine: self, generation, quiet, _alone: alone })
    }

    /// Tells that something is under way, until what is given is dropped.
    fn show_busy(&self) -> Waiting<'_> {
        if self.0.pending.replace(self.0.pending.get() + 1) == 0 {
            self.tell(Event::Busy(true));
        }
        Waiting { engine: self, quiet: false }
    }

    fn ended(&self) {
        let left = self.0.pending.get() - 1;
        self.0.pending.set(left);
        if left == 0 {
            self.tell(Event::Busy(false));
        }
    }

    /// The workers as the settings want them, started where needed.
    async fn pool(&self) -> Result<(Rc<Pool>, Started), ApiError> {
        let (origin, workers) = {
            let settings = self.0.settings.borrow();
            (settings.origin(), settings.workers()?)
        };
        let current = self.0.pool.borrow().clone();
        let pool = match current {
            Some((known, pool)) if known == origin && pool.is_alive() => {
                if pool.workers() != workers {
                    pool.resize(workers);
                }
                pool
            }
            _ => {
                let program = self.program(&origin).await?;
                let pool = Rc::new(Pool::open(program, workers));
                self.0.pool.replace(Some((origin, pool.clone())));
                pool
            }
        };
        let started = pool.started().await?;
        Ok((pool, started))
    }

    async fn program(&self, origin: &Origin) -> Result<WorkerProgram, ApiError> {
        let tell = |done, total: Option<u64>| {
            self.tell(Event::Progress { stage: Stage::Weights, done, total: total.unwrap_or(0) });
        };
        let (weights, expected_sha256) = match &origin.weights {
            WeightsSource::Shipped => {
                let own = weights::shipped()?.backbone;
                (weights::fetch(&own.url(origin), tell).await?, Some(own.sha256))
            }
            WeightsSource::Url(url) => (weights::fetch(url, tell).await?, None),
            WeightsSource::File(file) => (weights::read(file).await?, None),
        };
        let module_url = format!("{}worker-loader.js{}", origin.asset_base, self.0.build_query);
        Ok(WorkerProgram { module_url, weights, expected_sha256 })
    }
}

impl Operation<'_> {
    /// Whether the operation is to stop.
    fn is_cancelled(&self) -> bool {
        self.generation != self.engine.0.generation.get()
    }

    /// Fails with `cancelled` when the operation is to stop.
    fn check(&self) -> Result<(), ApiError> {
        if self.is_cancelled() { Err(ApiError::cancelled()) } else { Ok(()) }
    }
}

impl Drop for Operation<'_> {
    fn drop(&mut self) {
        if !self.quiet {
            self.engine.ended();
        }
    }
}

struct Waiting<'a> {
    engine: &'a Engine,
    quiet: bool,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if !self.quiet {
            self.engine.ended();
        }
    }
}
