//! What the interface shows, kept up to date by the engine's events.

use std::rc::Rc;

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use crate::library::{Outcome, Refusal};
use crate::web::engine::{ClusterCall, Engine, EngineInfo, Event, Stage, Timings};
use crate::web::failure::Failure;
use crate::web::view::text;

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
    /// How many groups are wanted: `auto` or a number, as the attribute says.
    pub k: RwSignal<String>,
    /// The side that pictures are resized to, as the attribute says.
    pub size: RwSignal<String>,
    /// The features and recipe, as one choice: `spherical`, `plain` or `flat`.
    pub way: RwSignal<String>,
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
            k: set("k", "auto"),
            size: set("size", "128"),
            way,
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

    async fn cluster(self) {
        let engine = self.engine();
        if let Err(failure) = engine.cluster(ClusterCall::default()).await {
            engine.report(&failure);
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
            Event::Result(outcome) => self.outcome.set(outcome.clone()),
            Event::Cleared => {
                self.count.set(0);
                self.timings.set(Timings::default());
                self.latest.set(Vec::new());
                self.refused.set(Vec::new());
                self.notice.set(None);
            }
            Event::Set { name, value } => {
                let value = value.clone();
                match name.as_str() {
                    "k" => self.k.set(value.unwrap_or_else(|| "auto".into())),
                    "size" => self.size.set(value.unwrap_or_else(|| "128".into())),
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
}

fn word(words: &str) -> Notice {
    Notice { code: None, is_error: false, words: words.into() }
}
