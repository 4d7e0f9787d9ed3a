//! What the engine tells whoever listens: the interface, and through the custom element the page around it.

use std::cell::RefCell;
use std::rc::Rc;

use crate::{EngineInfo, Memory, PreviewCluster, Timings};
use shoal::collection::{Clustering, Rejection};
use shoal_browser::api_error::ApiError;

/// What is being done, as the `progress` event names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The network's weights are fetched; counted in bytes.
    Weights,
    /// Folders are looked through; counted in files found.
    Reading,
    /// Pictures are embedded; counted in pictures.
    Embedding,
    /// Groups are looked for; counted in parts of the work.
    Clustering,
    /// The zip is put together; counted in files.
    Exporting,
    /// Files are copied into a folder; counted in files.
    Copying,
    /// A features file is read; counted in pictures.
    Importing,
    /// Sample pictures are drawn; counted in pictures.
    Drawing,
    /// What this browser remembers is looked up; counted in pictures.
    Recalling,
    /// Pictures that are there more than once are looked for; counted in parts of the work.
    Matching,
    /// The GPU is started and compared with the workers; counted in steps.
    Comparing,
}

impl Stage {
    /// Whether pictures come into the collection by it.
    pub fn brings_pictures(self) -> bool {
        matches!(self, Self::Reading | Self::Embedding | Self::Importing | Self::Drawing | Self::Recalling)
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
            Self::Recalling => "recalling",
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
    /// Work advanced; `total` is 0 while it is not known.
    Progress {
        /// What is being done.
        stage: Stage,
        /// How much of it is done.
        done: u64,
        /// How much of it there is.
        total: u64,
    },
    /// An operation began (true), or the last one under way ended (false).
    Busy(bool),
    /// A picture joined the collection.
    Image {
        /// An object URL of its thumbnail.
        url: String,
    },
    /// The collection changed otherwise than picture by picture.
    Collection {
        /// How many pictures there are.
        pictures: usize,
        /// How many of their originals are not at hand.
        away: usize,
    },
    /// Whether this page remembers is another matter than before.
    Memory(Memory),
    /// What groups there seem to be, while pictures are still read.
    PreviewClusters(Vec<PreviewCluster>),
    /// Pictures were embedded; where the time went.
    Timed(Timings),
    /// Pictures were refused by the latest `add`.
    Refused(Vec<Rejection>),
    /// There is a new result, or none any more.
    Result(Option<Rc<Clustering>>),
    /// Groups were changed; scores of the result are those from before until they are judged anew.
    Edited(Rc<Clustering>),
    /// The collection was emptied.
    Cleared,
    /// An attribute was changed.
    Set {
        /// Its name.
        name: String,
        /// Its value, or nothing where it was unset.
        value: Option<String>,
    },
    /// Something failed that was made up for: no operation fails by it.
    Notice(ApiError),
    /// An operation failed.
    Failed(ApiError),
}

type Listener = Rc<dyn Fn(&Event)>;

/// Those who listen.
#[derive(Default)]
pub struct Listeners(RefCell<Vec<Listener>>);

impl Listeners {
    /// Adds a listener for as long as the engine lives.
    pub fn add(&self, listener: impl Fn(&Event) + 'static) {
        self.0.borrow_mut().push(Rc::new(listener));
    }

    /// Tells everyone.
    pub fn tell(&self, event: &Event) {
        // Copied first, since a listener may add another.
        let listeners = self.0.borrow().clone();
        listeners.iter().for_each(|listener| listener(event));
    }

    /// Forgets everyone, so that what they hold can be freed.
    pub fn clear(&self) {
        self.0.borrow_mut().clear();
    }
}
