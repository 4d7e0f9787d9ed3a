//! What the interface shows, kept up to date by the engine's events.

use std::rc::Rc;

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::library::{Outcome, Refusal};
use crate::web::engine::{
    ClusterCall, DEFAULT_COSINE, Duplicates, DuplicatesCall, Engine, EngineInfo, Event, Lockable, Stage, Timings,
};
use crate::web::failure::Failure;
use crate::web::view::{canvas, text};

/// As many of the latest thumbnails are shown while pictures come in.
const LATEST_SHOWN: usize = 60;

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

/// A thumbnail.
#[derive(Clone, Debug, PartialEq)]
pub struct Thumbnail {
    /// The picture's path.
    pub path: String,
    /// The thumbnail's object URL.
    pub url: String,
}

/// What is shown with all its pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opened {
    /// A group, by its id.
    Group(u32),
    /// The pictures in no group.
    Aside,
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
    /// How far it is.
    pub progress: RwSignal<Option<Progress>>,
    /// How many pictures there are.
    pub count: RwSignal<usize>,
    /// The latest pictures, newest first.
    pub latest: RwSignal<Vec<Thumbnail>>,
    /// What was refused since the last start.
    pub refused: RwSignal<Vec<Refusal>>,
    /// A word to the person.
    pub notice: RwSignal<Option<Notice>>,
    /// The latest result.
    pub outcome: RwSignal<Option<Rc<Outcome>>, LocalStorage>,
    /// The latest result that has a curve over the number of groups, as long as it is about the pictures at hand.
    pub sweep: RwSignal<Option<Rc<Outcome>>, LocalStorage>,
    /// What is shown with all its pictures.
    pub opened: RwSignal<Option<Opened>>,
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
            progress: RwSignal::new(None),
            count: RwSignal::new(engine.len()),
            latest: RwSignal::new(Vec::new()),
            refused: RwSignal::new(Vec::new()),
            notice: RwSignal::new(None),
            outcome: RwSignal::new_local(engine.outcome()),
            sweep: RwSignal::new_local(engine.outcome().filter(|outcome| outcome.curve.is_some())),
            opened: RwSignal::new(None),
            doubtful_open: RwSignal::new(false),
            duplicates: RwSignal::new(None),
            duplicate_cosine: RwSignal::new(DEFAULT_COSINE),
            similarity: RwSignal::new(0.0),
            k: set("k", "auto"),
            size: set("size", "128"),
            way,
            method: set("method", "kmeans"),
            seed: set("seed", "0"),
            engine: StoredValue::new_local(engine.clone()),
        };
        engine.listen(move |event| state.hear(event));
        state
    }

    /// The engine.
    pub fn engine(&self) -> Engine {
        self.engine.get_value()
    }

    /// Adds what a person gave, then groups everything.
    pub fn receive(self, sources: Array) {
        spawn_local(async move {
            self.notice.set(None);
            self.refused.set(Vec::new());
            let engine = self.engine();
            match engine.add(sources).await {
                Ok(added) if added.cancelled => self.notice.set(Some(word(text::STOPPED))),
                Ok(added) if added.added == 0 && added.rejected.is_empty() => {
                    self.notice.set(Some(word(text::NOTHING_FOUND)));
                }
                Ok(_) if engine.is_empty() => {}
                // What a person has arranged is not upset by new pictures.
                Ok(_) if engine.is_arranged() => self.settle(engine.join(self.similarity.get_untracked()).await),
                Ok(_) => self.cluster().await,
                Err(failure) => engine.report(&failure),
            }
        });
    }

    /// Groups everything as the settings say.
    pub fn cluster_now(self) {
        spawn_local(async move {
            self.notice.set(None);
            self.cluster().await;
        });
    }

    /// Draws the sample pictures and takes them as if they were dropped.
    pub fn try_samples(self) {
        spawn_local(async move {
            match self.engine().draw_samples().await {
                Ok(files) => self.receive(files),
                Err(failure) => self.engine().report(&failure),
            }
        });
    }

    /// Sets an attribute of the engine. The signals follow by themselves.
    pub fn set(self, name: &str, value: &str) {
        self.engine().set(name, Some(value.to_owned()));
    }

    /// Sets features and recipe together.
    pub fn set_way(self, way: &str) {
        let (features, recipe) = if way == "flat" { ("flat", "plain") } else { ("pooled", way) };
        self.set("features", features);
        self.set("recipe", recipe);
        self.way.set(way.to_owned());
    }

    /// Groups everything into `k` groups, this once.
    pub fn try_count(self, k: usize) {
        spawn_local(async move { self.settle(self.engine().cluster(ClusterCall::with_k(k)).await) });
    }

    /// Makes the folders that pictures came in the groups.
    pub fn adopt_folders(self) {
        spawn_local(async move { self.settle(self.engine().adopt_folders().await) });
    }

    /// Has the pictures in no group join the nearest.
    pub fn join(self) {
        spawn_local(async move { self.settle(self.engine().join(self.similarity.get_untracked()).await) });
    }

    /// Shows a group with all its pictures.
    pub fn open(self, what: Opened) {
        self.opened.set(Some(what));
    }

    /// Names a group.
    pub fn rename(self, id: u32, name: String) {
        spawn_local(async move { self.settle(self.engine().rename(id, name).await) });
    }

    /// Locks a group, or lets go of it.
    pub fn lock_group(self, id: u32, on: bool) {
        let what = Lockable { clusters: vec![id], ..Lockable::default() };
        spawn_local(async move { self.settle(self.engine().lock(what, on).await) });
    }

    /// Holds pictures where they are, or lets go of them.
    pub fn lock_pictures(self, paths: Vec<String>, on: bool) {
        let what = Lockable { paths, ..Lockable::default() };
        spawn_local(async move { self.settle(self.engine().lock(what, on).await) });
    }

    /// Moves pictures into a group, or sets them aside.
    pub fn move_to(self, paths: Vec<String>, group: Option<u32>) {
        spawn_local(async move { self.settle(self.engine().move_pictures(&paths, group).await) });
    }

    /// Makes a group of pictures.
    pub fn new_group(self, paths: Vec<String>) {
        spawn_local(async move { self.settle(self.engine().new_cluster(None, &paths).await) });
    }

    /// Makes one group of several.
    pub fn merge(self, ids: Vec<u32>) {
        spawn_local(async move { self.settle(self.engine().merge(ids).await) });
    }

    /// Splits a group in two.
    pub fn split(self, id: u32) {
        spawn_local(async move { self.settle(self.engine().split(id, 2).await) });
    }

    /// Takes the last edit back.
    pub fn undo(self) {
        spawn_local(async move { self.settle(self.engine().undo().await) });
    }

    /// Makes the edit again that was taken back last.
    pub fn redo(self) {
        spawn_local(async move { self.settle(self.engine().redo().await) });
    }

    /// Looks for pictures that are there more than once.
    pub fn find_duplicates(self) {
        spawn_local(async move {
            let engine = self.engine();
            match engine.duplicates(DuplicatesCall::with_cosine(self.duplicate_cosine.get_untracked())).await {
                Ok(found) => self.duplicates.set(Some(found)),
                Err(failure) => engine.report(&failure),
            }
        });
    }

    /// Keeps the best of a group of duplicates, or of every one, and sets the others aside.
    pub fn keep_best(self, group: Option<Duplicates>) {
        let groups = match group {
            Some(group) => vec![group],
            None => self.duplicates.get_untracked().unwrap_or_default(),
        };
        self.duplicates.update(|found| {
            if let Some(found) = found {
                found.retain(|one| !groups.contains(one));
            }
        });
        spawn_local(async move { self.settle(self.engine().keep_best(&groups).await) });
    }

    /// Saves the zip.
    pub fn download_zip(self) {
        spawn_local(async move {
            let engine = self.engine();
            let saved = match engine.export_zip().await {
                Ok(zip) => canvas::save(&zip, "shoal.zip"),
                Err(failure) => Err(failure),
            };
            if let Err(failure) = saved {
                engine.report(&failure);
            }
        });
    }

    /// Saves the session.
    pub fn save_session(self) {
        spawn_local(async move {
            let engine = self.engine();
            let saved = match engine.export_session().await {
                Ok(session) => canvas::save(&session, "shoal-session.json"),
                Err(failure) => Err(failure),
            };
            if let Err(failure) = saved {
                engine.report(&failure);
            }
        });
    }

    /// Restores a session, and says what of it is not here.
    pub fn open_session(self, file: web_sys::File) {
        spawn_local(async move {
            self.notice.set(None);
            let engine = self.engine();
            match engine.import_session(&file).await {
                Ok(reopened) => self.notice.set(Some(word(&text::reopened(&reopened)))),
                Err(failure) => engine.report(&failure),
            }
        });
    }

    async fn cluster(self) {
        self.settle(self.engine().cluster(ClusterCall::default()).await);
    }

    /// What came of a call: the events have told what there is to show, but for a failure.
    fn settle(self, result: Result<Rc<Outcome>, Failure>) {
        if let Err(failure) = result {
            self.engine().report(&failure);
        }
    }

    fn hear(self, event: &Event) {
        match event {
            Event::Ready(info) => self.info.set(Some(info.clone())),
            Event::Busy(busy) => {
                self.busy.set(*busy);
                if !busy {
                    self.progress.set(None);
                }
            }
            Event::Progress { stage, done, total } => self.progress.update(|progress| {
                let started_ms = match progress {
                    Some(known) if known.stage == *stage && known.done <= *done => known.started_ms,
                    _ => js_sys::Date::now(),
                };
                *progress = Some(Progress { stage: *stage, done: *done, total: *total, started_ms });
            }),
            Event::Picture { path, url } => {
                self.count.update(|count| *count += 1);
                self.latest.update(|latest| {
                    latest.truncate(LATEST_SHOWN - 1);
                    latest.insert(0, Thumbnail { path: path.clone(), url: url.clone() });
                });
            }
            Event::Timed(timings) => self.timings.set(*timings),
            Event::Refused(refused) => self.refused.update(|known| known.extend(refused.iter().cloned())),
            Event::Result(outcome) => self.show(outcome.clone()),
            Event::Edited(outcome) => self.show(Some(outcome.clone())),
            Event::Cleared => {
                self.count.set(0);
                self.timings.set(Timings::default());
                self.latest.set(Vec::new());
                self.refused.set(Vec::new());
                self.notice.set(None);
                self.opened.set(None);
                self.duplicates.set(None);
            }
            Event::Set { name, value } => {
                let value = value.clone();
                match name.as_str() {
                    "k" => self.k.set(value.unwrap_or_else(|| "auto".into())),
                    "size" => self.size.set(value.unwrap_or_else(|| "128".into())),
                    "method" => self.method.set(value.unwrap_or_else(|| "kmeans".into())),
                    "seed" => self.seed.set(value.unwrap_or_else(|| "0".into())),
                    _ => {}
                }
            }
            Event::Notice(Failure { code, message }) => {
                self.info.update(|info| {
                    if let Some(info) = info {
                        info.backend = "cpu";
                    }
                });
                let words = format!("{message}. {}", text::LANES_TAKE_OVER);
                self.notice.set(Some(Notice { code: Some(code.clone()), is_error: false, words }));
            }
            Event::Failed(Failure { code, message }) => {
                self.notice.set(Some(Notice { code: Some(code.clone()), is_error: true, words: message.clone() }));
            }
        }
    }

    fn show(self, outcome: Option<Rc<Outcome>>) {
        match &outcome {
            Some(found) if found.curve.is_some() => self.sweep.set(outcome.clone()),
            Some(found) => self.sweep.update(|sweep| {
                let same = |known: &Rc<Outcome>| known.items.len() == found.items.len() && known.recipe == found.recipe;
                *sweep = sweep.take().filter(same);
            }),
            None => self.sweep.set(None),
        }
        self.outcome.set(outcome);
    }
}

fn word(words: &str) -> Notice {
    Notice { code: None, is_error: false, words: words.into() }
}
