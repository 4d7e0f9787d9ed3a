//! The engine on the page, on which both `<image-shoal>` and the headless `Shoal` are built.
//!
//! [`Engine`] is a facade. It owns the operation queue, the settings and the listeners; everything else has an owner that keeps
//! its own state, resets itself, and knows other owners only through arguments:
//!
//! | owner | owns |
//! | --- | --- |
//! | `collection` | the images, their source files and features |
//! | `compute` | the workers, the GPU, and the choice between them |
//! | `cache` | what this browser stores |
//! | `ingest` | the path from dropped files to images with features |
//! | `clustering` | the path from features to clusters, and edits |
//! | `export`, `import` | nothing: they are stateless |
//!
//! Calls run one after another, in the order in which they were made. Each uses the settings at the moment it starts.

mod cache;
mod cancellation;
mod clustering;
mod collection;
mod compute;
mod device;
mod edits;
mod events;
mod export;
mod import;
mod ingest;
mod operation;
mod operations;
mod pending;
mod persistence;
mod reports;
mod settings;

use std::cell::RefCell;
use std::rc::Rc;

use shoal::collection::arrangement::EditKind;
use shoal::collection::{Clustering, Image};
use shoal_browser::api_error::ApiError;
use web_sys::File;

use cache::Cache;
use clustering::Clusters;
pub use clustering::{ClusterCall, DEFAULT_COSINE, Duplicates, DuplicatesCall, JoinCall, Lockable, TurnedCopy};
use collection::ImageCollection;
use compute::Compute;
use events::Events;
pub use events::{Event, Stage};
pub use export::{ExportFormat, ExportOptions, FormatInfo, FormatPlace, PlotFormat};
use ingest::Ingest;
use operation::OperationQueue;
pub use reports::{
    Added, CacheState, EngineInfo, FolderReport, Imported, Measured, Neighbour, PreviewCluster, Reopened, Timings,
};
pub use settings::Settings;

/// The engine. Clones are handles to the same engine.
#[derive(Clone)]
pub struct Engine(Rc<Inner>);

struct Inner {
    events: Events,
    queue: OperationQueue,
    settings: RefCell<Settings>,
    /// What embeds images, as it was last emitted.
    announced: RefCell<Option<EngineInfo>>,
    collection: ImageCollection,
    compute: Compute,
    cache: Rc<Cache>,
    ingest: Ingest,
    clusters: Clusters,
}

impl Engine {
    /// An engine with these settings. `build_query` (`?v=...` or nothing) is appended to the URLs of the workers' programs.
    pub fn new(settings: Settings, build_query: String) -> Self {
        let events = Events::default();
        let engine = Self(Rc::new(Inner {
            queue: OperationQueue::new(events.clone()),
            settings: RefCell::new(settings),
            announced: RefCell::default(),
            collection: ImageCollection::default(),
            compute: Compute::new(events.clone(), build_query),
            cache: Rc::new(Cache::new(events.clone())),
            ingest: Ingest::new(events.clone()),
            clusters: Clusters::default(),
            events,
        }));
        let inner = Rc::downgrade(&engine.0);
        engine.subscribe(move |event| {
            if let Some(engine) = inner.upgrade().map(Engine) {
                engine.on_event(event);
            }
        });
        engine
    }

    /// Calls `listener` for every future event.
    pub fn subscribe(&self, listener: impl Fn(&Event) + 'static) {
        self.0.events.subscribe(listener);
    }

    /// Sets an attribute, which applies from the next call on. `None` removes it.
    pub fn set(&self, name: &str, value: Option<String>) {
        self.0.settings.borrow_mut().set(name, value.clone());
        if name == "backend" {
            self.0.compute.forgive_loss();
        }
        if name == "remember" {
            self.set_remember(value.as_deref());
        }
        self.0.events.emit(Event::Set { name: name.to_owned(), value });
    }

    /// An attribute as it was set.
    pub fn setting(&self, name: &str) -> Option<String> {
        self.0.settings.borrow().get(name)
    }

    /// The latest result.
    pub fn clustering(&self) -> Option<Rc<Clustering>> {
        self.0.clusters.result()
    }

    /// How many images there are.
    pub fn len(&self) -> usize {
        self.0.collection.len()
    }

    /// Whether there is no image.
    pub fn is_empty(&self) -> bool {
        self.0.collection.is_empty()
    }

    /// How many sidecars there are.
    pub fn sidecar_count(&self) -> usize {
        self.0.collection.sidecars().len()
    }

    /// How many files could not be read.
    pub fn unreadable_count(&self) -> usize {
        self.0.collection.sidecars().unreadable().len()
    }

    /// How many images lack their source file.
    pub fn missing_source_files(&self) -> usize {
        self.0.collection.missing_source_files()
    }

    /// An object URL of an image's thumbnail.
    pub fn thumbnail_url(&self, path: &str) -> Option<String> {
        self.0.collection.images().thumbnail_url(path)
    }

    /// An image's source file.
    pub fn source_file(&self, path: &str) -> Option<File> {
        let images = self.0.collection.images();
        let (id, _) = images.collection.by_path(path)?;
        images.source_file(id).cloned()
    }

    /// What is known about an image.
    pub fn facts(&self, path: &str) -> Option<Image> {
        self.0.collection.images().collection.by_path(path).map(|(_, image)| image.clone())
    }

    /// How long each step has taken since the collection was last empty.
    pub fn timings(&self) -> Timings {
        self.0.ingest.timings()
    }

    /// Whether anything is pinned: new images should then join clusters, and not all be clustered again.
    pub fn has_pinned(&self) -> bool {
        self.0.clusters.has_pinned()
    }

    /// The edits that would be undone and redone.
    pub fn edits_to_undo_and_redo(&self) -> (Option<EditKind>, Option<EditKind>) {
        let arrangement = self.0.clusters.arrangement();
        (arrangement.edit_to_undo(), arrangement.edit_to_redo())
    }

    /// Cancels every operation that runs or waits.
    pub fn cancel(&self) {
        self.0.queue.cancel();
        self.0.compute.cancel();
    }

    /// Runs `work`, which ends when the call `call` is aborted.
    pub async fn in_call<T>(&self, call: u32, work: impl Future<Output = T>) -> T {
        self.0.queue.in_call(call, work).await
    }

    /// Cancels one call.
    pub fn abort(&self, call: u32) {
        if self.0.queue.abort(call) {
            self.0.compute.cancel();
        }
    }

    /// Cancels everything, and removes every image and the result.
    pub fn clear(&self) {
        self.cancel();
        self.0.collection.reset();
        self.0.clusters.reset();
        self.0.ingest.reset();
        self.0.cache.collection_cleared();
        self.0.settings.borrow_mut().keep_model(None);
        self.0.events.emit(Event::Cleared);
        self.0.events.emit(Event::Result(None));
    }

    /// Ends the workers, and removes everything and every listener. Later calls fail with `cancelled`.
    pub fn dispose(&self) {
        self.0.cache.stop(CacheState::Off);
        self.0.queue.close();
        self.clear();
        self.0.clusters.classifier().close();
        self.0.events.clear();
        self.0.compute.close();
    }

    /// Emits an error as an event, unless it means that an operation was cancelled.
    pub fn report(&self, error: &ApiError) {
        if !error.is_cancelled() {
            self.0.events.emit(Event::Failed(error.clone()));
        }
    }

    /// A copy of the settings, for an operation that starts.
    fn settings(&self) -> Settings {
        self.0.settings.borrow().clone()
    }
}
