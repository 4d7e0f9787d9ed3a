//! What the interface shows, kept up to date by the engine's events.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use leptos::prelude::*;

use crate::text;
use shoal::collection::{ClusterOrder, Clustering, Rejection};
use shoal_browser::api_error::ApiError;
use shoal_engine::{DEFAULT_COSINE, Duplicates, Engine, EngineInfo, Event, Memory, PreviewCluster, Stage, Timings};

/// As many of the latest thumbnails are shown while pictures come in.
pub const LATEST_SHOWN: usize = 36;

/// How far the work is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// How much of it is done.
    pub done: u64,
    /// How much of it there is; 0 while it is not known.
    pub total: u64,
    /// When the stage began, in milliseconds.
    pub started_ms: f64,
}

/// A word to the person.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// The code, where it has one.
    pub code: Option<String>,
    /// Whether something could not be done.
    pub is_error: bool,
    /// The words.
    pub words: String,
}

impl Notice {
    /// Words about something that went well.
    pub fn word(words: &str) -> Self {
        Self { code: None, is_error: false, words: words.into() }
    }
}

/// What is shown with all its pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// A group, by its id.
    Cluster(u32),
    /// The pictures in no group.
    Aside,
    /// What [`State::search`] finds.
    Found,
    /// The pictures that are selected.
    Selected,
}

/// A picture that is seen large.
#[derive(Clone, Debug, PartialEq)]
pub struct Looked {
    /// Its path.
    pub path: String,
    /// Paths of the pictures that one can turn to from it, in order.
    pub among: Arc<[String]>,
}

/// The interface's state: handles to signals, copied freely.
#[derive(Clone, Copy)]
pub struct State {
    engine: StoredValue<Engine, LocalStorage>,
    /// What the engine is, once it is ready.
    pub info: RwSignal<Option<EngineInfo>>,
    /// Where the time went.
    pub timings: RwSignal<Timings>,
    /// Whether something is under way.
    pub busy: RwSignal<bool>,
    /// Whether pictures come in.
    pub is_taking: RwSignal<bool>,
    /// How far it is.
    pub progress: RwSignal<Option<Progress>>,
    /// How many pictures there are.
    pub count: RwSignal<usize>,
    /// Object URLs of the latest pictures' thumbnails: each newer one in the place of the oldest, so that no other moves.
    pub latest: RwSignal<Vec<String>>,
    /// What groups there seem to be, while pictures come in.
    pub first_groups: RwSignal<Vec<PreviewCluster>>,
    /// What was refused since the last start.
    pub refused: RwSignal<Vec<Rejection>>,
    /// What the latest copying into a folder skipped.
    pub not_written: RwSignal<Vec<Rejection>>,
    /// A word to the person.
    pub notice: RwSignal<Option<Notice>>,
    /// Whether the page remembers.
    pub memory: RwSignal<Memory>,
    /// The latest result.
    pub clustering: RwSignal<Option<Rc<Clustering>>, LocalStorage>,
    /// The latest result that has a curve over the number of groups, as long as it is about the pictures at hand.
    pub sweep: RwSignal<Option<Rc<Clustering>>, LocalStorage>,
    /// Whether what could not be read is taken home too.
    pub with_unread: RwSignal<bool>,
    /// Whether the folders that pictures came in are kept within the groups.
    pub keep_folders: RwSignal<bool>,
    /// What is shown with all its pictures.
    pub opened: RwSignal<Option<Opened>>,
    /// Paths of the pictures that are selected, in a group or on a plot.
    pub selected: RwSignal<BTreeSet<String>>,
    /// The path of the picture under the pointer or the keyboard, in a group or on a plot.
    pub pointed: RwSignal<Option<String>>,
    /// Grows whenever pictures may have got other thumbnails.
    pub seen: RwSignal<u32>,
    /// Paths of the pictures that are being dragged.
    pub dragged: RwSignal<Vec<String>>,
    /// The picture that is seen large.
    pub looked: RwSignal<Option<Looked>>,
    /// The words that pictures are searched by.
    pub search: RwSignal<String>,
    /// In which order the groups are shown.
    pub group_order: RwSignal<ClusterOrder>,
    /// Whether the list of pictures to check is open.
    pub doubtful_open: RwSignal<bool>,
    /// The duplicates that were found.
    pub duplicates: RwSignal<Option<Vec<Duplicates>>>,
    /// The cosine from which on pictures count as near duplicates.
    pub duplicate_cosine: RwSignal<f32>,
    /// How like a group a picture must be to join it.
    pub similarity: RwSignal<f32>,
    /// How many groups are wanted: `auto` or a number, as the attribute says.
    pub k: RwSignal<String>,
    /// The side that pictures are resized to, as the attribute says.
    pub size: RwSignal<String>,
    /// The features and recipe, as one choice: `spherical`, `plain` or `flat`.
    pub way: RwSignal<String>,
    /// How clusters are found, as the attribute says.
    pub method: RwSignal<String>,
    /// The seed, as the attribute says.
    pub seed: RwSignal<String>,
    /// The name of the file of weights that was chosen.
    pub weights: RwSignal<Option<String>>,
}

impl State {
    /// The state of a fresh interface over this engine.
    pub fn new(engine: Engine) -> Self {
        let set = |name: &str, default: &str| RwSignal::new(engine.setting(name).unwrap_or_else(|| default.into()));
        let flat = engine.setting("features").as_deref() == Some("flat");
        let way = if flat { RwSignal::new("flat".into()) } else { set("recipe", "spherical") };
        let state = Self {
            info: RwSignal::new(None),
            timings: RwSignal::new(engine.timings()),
            busy: RwSignal::new(false),
            is_taking: RwSignal::new(false),
            progress: RwSignal::new(None),
            count: RwSignal::new(engine.len()),
            latest: RwSignal::new(Vec::new()),
            first_groups: RwSignal::new(Vec::new()),
            refused: RwSignal::new(Vec::new()),
            not_written: RwSignal::new(Vec::new()),
            notice: RwSignal::new(None),
            memory: RwSignal::new(engine.memory()),
            clustering: RwSignal::new_local(engine.clustering()),
            sweep: RwSignal::new_local(engine.clustering().filter(|clustering| clustering.curve.is_some())),
            with_unread: RwSignal::new(false),
            keep_folders: RwSignal::new(false),
            opened: RwSignal::new(None),
            selected: RwSignal::new(BTreeSet::new()),
            pointed: RwSignal::new(None),
            seen: RwSignal::new(0),
            dragged: RwSignal::new(Vec::new()),
            looked: RwSignal::new(None),
            search: RwSignal::new(String::new()),
            group_order: RwSignal::new(ClusterOrder::default()),
            doubtful_open: RwSignal::new(false),
            duplicates: RwSignal::new(None),
            duplicate_cosine: RwSignal::new(DEFAULT_COSINE),
            similarity: RwSignal::new(0.0),
            k: set("k", "auto"),
            size: set("size", "128"),
            way,
            method: set("method", "kmeans"),
            seed: set("seed", "0"),
            weights: RwSignal::new(None),
            engine: StoredValue::new_local(engine.clone()),
        };
        engine.listen(move |event| state.hear(event));
        state
    }

    /// The engine.
    pub fn engine(&self) -> Engine {
        self.engine.get_value()
    }

    fn hear(self, event: &Event) {
        match event {
            Event::Ready(info) => self.info.set(Some(info.clone())),
            Event::Busy(busy) => {
                self.busy.set(*busy);
                if !busy {
                    self.is_taking.set(false);
                    self.progress.set(None);
                }
            }
            Event::Progress { stage, done, total } => {
                if stage.brings_pictures() {
                    self.is_taking.set(true);
                }
                self.progress.update(|progress| {
                    let started_ms = match progress {
                        Some(known) if known.stage == *stage && known.done <= *done => known.started_ms,
                        _ => js_sys::Date::now(),
                    };
                    *progress = Some(Progress { stage: *stage, done: *done, total: *total, started_ms });
                });
            }
            Event::Image { url } => {
                let place = self.count.get_untracked() % LATEST_SHOWN;
                self.count.update(|count| *count += 1);
                self.latest.update(|latest| match latest.get_mut(place) {
                    Some(oldest) => oldest.clone_from(url),
                    None => latest.push(url.clone()),
                });
            }
            Event::Collection { pictures, .. } => {
                self.count.set(*pictures);
                self.seen.update(|seen| *seen += 1);
            }
            Event::Memory(memory) => self.memory.set(*memory),
            Event::PreviewClusters(groups) => self.first_groups.set(groups.clone()),
            Event::Timed(timings) => self.timings.set(*timings),
            Event::Refused(refused) => self.refused.update(|known| known.extend(refused.iter().cloned())),
            Event::Result(clustering) => self.show(clustering.clone()),
            Event::Edited(clustering) => self.show(Some(clustering.clone())),
            Event::Cleared => {
                self.count.set(0);
                self.timings.set(Timings::default());
                self.latest.set(Vec::new());
                self.first_groups.set(Vec::new());
                self.refused.set(Vec::new());
                self.not_written.set(Vec::new());
                self.notice.set(None);
                self.opened.set(None);
                self.selected.set(BTreeSet::new());
                self.pointed.set(None);
                self.looked.set(None);
                self.search.set(String::new());
                self.duplicates.set(None);
            }
            Event::Set { name, value } => {
                let value = value.clone();
                match name.as_str() {
                    "k" => self.k.set(value.unwrap_or_else(|| "auto".into())),
                    "size" => self.size.set(value.unwrap_or_else(|| "128".into())),
                    "method" => self.method.set(value.unwrap_or_else(|| "kmeans".into())),
                    "seed" => self.seed.set(value.unwrap_or_else(|| "0".into())),
                    "features" if value.as_deref() == Some("flat") => self.way.set("flat".into()),
                    "recipe" if self.engine().setting("features").as_deref() != Some("flat") => {
                        self.way.set(value.unwrap_or_else(|| "spherical".into()));
                    }
                    _ => {}
                }
            }
            Event::Notice(ApiError { code, message }) if code != text::GPU_LOST => {
                self.notice.set(Some(Notice {
                    code: Some(code.clone()),
                    is_error: false,
                    words: format!("{message}."),
                }));
            }
            Event::Notice(ApiError { code, message }) => {
                self.info.update(|info| {
                    if let Some(info) = info {
                        info.backend = "cpu";
                    }
                });
                let words = format!("{message}. {}", text::LANES_TAKE_OVER);
                self.notice.set(Some(Notice { code: Some(code.clone()), is_error: false, words }));
            }
            Event::Failed(ApiError { code, message }) => {
                self.notice.set(Some(Notice { code: Some(code.clone()), is_error: true, words: message.clone() }));
            }
        }
    }

    fn show(self, clustering: Option<Rc<Clustering>>) {
        match &clustering {
            Some(found) if found.curve.is_some() => self.sweep.set(clustering.clone()),
            Some(found) => self.sweep.update(|sweep| {
                let same =
                    |known: &Rc<Clustering>| known.items.len() == found.items.len() && known.recipe == found.recipe;
                *sweep = sweep.take().filter(same);
            }),
            None => self.sweep.set(None),
        }
        self.clustering.set(clustering);
    }
}
