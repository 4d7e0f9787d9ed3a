//! Events of the engine, for the interface and, through the custom element, for the page around it.

use std::cell::RefCell;
use std::rc::Rc;

use crate::reports::{CacheState, EngineInfo, PreviewCluster, Timings};
use shoal::collection::{Clustering, Rejection};
use shoal_browser::api_error::ApiError;

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;

/// A kind of work, as `progress` events name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The network's weights are fetched; counted in bytes.
    Weights,
    /// Folders are listed; counted in files found.
    Reading,
    /// Images are embedded; counted in images.
    Embedding,
    /// Clusters are searched for; counted in parts of the work.
    Clustering,
    /// A zip is assembled; counted in files.
    Exporting,
    /// Files are copied into a folder; counted in files.
    Copying,
    /// A features file is read; counted in images.
    Importing,
    /// Sample images are drawn; counted in images.
    Drawing,
    /// The cache is searched; counted in images.
    CacheLookup,
    /// Duplicates are searched for; counted in parts of the work.
    Matching,
    /// The GPU is opened and compared with the workers; counted in steps.
    Comparing,
}

impl Stage {
    /// Whether this stage is part of adding images to the collection.
    pub fn adds_images(self) -> bool {
        matches!(self, Self::Reading | Self::Embedding | Self::Importing | Self::Drawing | Self::CacheLookup)
    }

    /// The stage's name in events.
    pub fn name(self) -> &'static str {
        match self {
            Self::Weights => "weights",
            Self::Reading => "reading",
            Self::Embedding => "embedding",
            Self::Clustering => "clustering",
            Self::Exporting => "exporting",
            Self::Copying => "copying",
            Self::Importing => "importing",
            Self::Drawing => "drawing",
            Self::CacheLookup => "recalling",
            Self::Matching => "matching",
            Self::Comparing => "comparing",
        }
    }
}

/// Something that happened.
#[derive(Clone)]
pub enum Event {
    /// The engine can be used.
    Ready(EngineInfo),
    /// Work advanced. `total` is 0 while it is unknown.
    Progress {
        /// What is being done.
        stage: Stage,
        /// How much of it is done.
        done: u64,
        /// How much of it there is.
        total: u64,
    },
    /// The engine became busy (true) or idle (false).
    Busy(bool),
    /// An image was added to the collection.
    Image {
        /// An object URL of its thumbnail.
        url: String,
    },
    /// The collection changed, other than by an added image.
    Collection {
        /// How many images there are.
        images: usize,
        /// How many of them lack their source file.
        missing_source_files: usize,
    },
    /// The state of the cache changed.
    Cache(CacheState),
    /// Preliminary clusters, while images are still read.
    PreviewClusters(Vec<PreviewCluster>),
    /// Images were embedded; how long each step took.
    Timed(Timings),
    /// The latest `add` rejected files.
    Rejected(Vec<Rejection>),
    /// There is a new result, or the result was removed.
    Result(Option<Rc<Clustering>>),
    /// Clusters were edited. The scores are those from before the edit until a `Result` follows.
    Edited(Rc<Clustering>),
    /// The collection was emptied.
    Cleared,
    /// An attribute was changed.
    Set {
        /// Its name.
        name: String,
        /// Its value, or `None` if it was removed.
        value: Option<String>,
    },
    /// Something failed without failing an operation.
    Notice(ApiError),
    /// An operation failed.
    Failed(ApiError),
}

type Listener = Rc<dyn Fn(&Event)>;

/// The listeners. Clones are handles to the same listeners.
#[derive(Clone, Default)]
pub struct Events(Rc<RefCell<Vec<Listener>>>);

impl Events {
    /// Adds a listener.
    pub fn subscribe(&self, listener: impl Fn(&Event) + 'static) {
        self.0.borrow_mut().push(Rc::new(listener));
    }

    /// Calls every listener.
    pub fn emit(&self, event: Event) {
        // Copied first, since a listener may subscribe another.
        let listeners = self.0.borrow().clone();
        listeners.iter().for_each(|listener| listener(&event));
    }

    /// Emits a `progress` event.
    pub fn progress(&self, stage: Stage, done: usize, total: usize) {
        self.emit(Event::Progress { stage, done: done as u64, total: total as u64 });
    }

    /// Drops every listener, and with it the memory that it keeps alive.
    pub fn clear(&self) {
        self.0.borrow_mut().clear();
    }
}
