//! What this browser remembers, where the attribute `remember` asks for it: features, so that no picture is embedded twice,
//! and the latest collection, so that a person goes on where they left.
//!
//! | file | what |
//! | --- | --- |
//! | `database` | the browser's database, many records in one transaction |
//! | `features` | what is kept of a picture, and under which key |
//! | `room` | how much room that may take, and making it |
//! | `recall` | which dropped files are known |
//! | `session` | the latest collection, written and brought back |
//! | `owner` | which tab the stored collection belongs to |
//! | `saving` | when what is written |
//! | `folders` | handles of folders, by which originals come back |
//! | `switch` | the person's own choice, and forgetting everything |

mod database;
mod features;
mod folders;
mod owner;
mod recall;
mod room;
mod saving;
mod session;
mod switch;

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;

use crate::feature_origin::FeatureOrigin;
use crate::{Engine, Event, Inner};
use database::Database;
use owner::{Ownership, own};
pub use recall::Recalled;
use shoal::collection::ImageId;
use shoal_browser::api_error::ApiError;
use shoal_browser::pause::sleep;

/// Whether this page remembers, in one word for the interface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Memory {
    /// It was not asked to.
    #[default]
    Off,
    /// It remembers everything.
    On,
    /// Another tab's collection is remembered, not this one's; features are.
    ElsewhereOpen,
    /// The person switched it off.
    SwitchedOff,
    /// The browser refuses.
    Refused,
    /// Everything was forgotten from another tab: nothing is kept until the page is loaded anew.
    ForgottenElsewhere,
}

impl Memory {
    /// Whether anything is written.
    fn is_on(self) -> bool {
        matches!(self, Self::On | Self::ElsewhereOpen)
    }
}

/// What the engine keeps about its memory.
#[derive(Default)]
pub struct Remembered {
    memory: Cell<Memory>,
    /// Whether the attribute asks for it.
    is_wanted: Cell<bool>,
    /// The most bytes of features, where the attribute says it.
    wanted_bytes: Cell<Option<u64>>,
    database: RefCell<Option<Rc<Database>>>,
    /// The pictures whose features are in the database, and how these were made.
    kept: RefCell<HashMap<ImageId, Rc<FeatureOrigin>>>,
    ownership: RefCell<Option<Ownership>>,
    /// Grows whenever what is under way must not be written any more.
    epoch: Cell<u64>,
    is_changed: Cell<bool>,
    is_save_due: Cell<bool>,
    is_saving: Cell<bool>,
    is_restoring: Cell<bool>,
    /// Whether the database took no more features: none are offered until the page is loaded anew.
    is_full: Cell<bool>,
    /// Codes of notices that were told: once is enough.
    told: RefCell<HashSet<String>>,
    /// Handles of folders.
    folders: RefCell<Vec<JsValue>>,
    on_hidden: RefCell<Option<Closure<dyn FnMut()>>>,
}

impl Drop for Remembered {
    fn drop(&mut self) {
        self.stop_listening();
        if let Some(database) = self.database.take() {
            database.close();
        }
    }
}

impl Remembered {
    /// The collection was emptied: nothing of it is waited for any more.
    pub fn start_afresh(&self) {
        // Emptied while it is brought back, it is not to come back the next time.
        self.is_changed.set(self.memory.get().is_on() || self.is_restoring.get());
        self.kept.take();
        self.folders.take();
    }

    /// More is known of a picture than what is kept.
    pub fn keep_anew(&self, id: ImageId) {
        self.kept.borrow_mut().remove(&id);
    }

    fn stop_listening(&self) {
        if let Some(on_hidden) = self.on_hidden.take()
            && let Some(document) = web_sys::window().and_then(|window| window.document())
        {
            let listener: &Function = wasm_bindgen::JsCast::unchecked_ref(on_hidden.as_ref());
            // A listener that is not there need not be taken away.
            let _ = document.remove_event_listener_with_callback("visibilitychange", listener);
        }
    }
}

impl Engine {
    /// Whether this page remembers.
    pub fn memory(&self) -> Memory {
        self.0.remembered.memory.get()
    }

    /// Resolves once what was remembered is here. Whether there are pictures then.
    pub async fn restored(&self) -> bool {
        let operation = self.begin_quietly().await;
        drop(operation);
        !self.is_empty()
    }

    /// Begins or ends remembering, as the attribute says: empty or the most megabytes of features to keep.
    pub(super) fn remember(&self, value: Option<&str>) {
        self.0.remembered.is_wanted.set(value.is_some());
        let Some(value) = value else { return self.stop_remembering(Memory::Off) };
        let megabytes = value.trim().parse::<f64>().ok().filter(|megabytes| *megabytes >= 0.0);
        if megabytes.is_none() && !matches!(value.trim(), "" | "true" | "remember") {
            let message = format!("remember is \"{value}\", but must be empty or a number of megabytes");
            self.tell(Event::Notice(ApiError::new("bad-option", message)));
        }
        self.0.remembered.wanted_bytes.set(megabytes.map(|megabytes| (megabytes * 1e6) as u64));
        self.begin_remembering();
    }

    /// Begins remembering, unless it has begun or the person does not want it.
    fn begin_remembering(&self) {
        if self.memory().is_on() || self.0.remembered.is_restoring.get() {
            return;
        }
        if switch::is_switched_off() {
            return self.set_memory(Memory::SwitchedOff);
        }
        let engine = self.clone();
        self.0.remembered.is_restoring.set(true);
        spawn_local(async move { engine.start_remembering().await });
    }

    /// Opens the database and brings back what is in it, before anything else runs.
    async fn start_remembering(&self) {
        let epoch = self.0.remembered.epoch.get();
        let started: Result<bool, ApiError> = async {
            let operation = self.begin_quietly().await?;
            // The interface is put up in this task: what is told earlier nobody hears.
            sleep(0).await;
            let database = self.database().await?;
            let ownership = own(false).await;
            let is_owner = ownership.is_some();
            self.0.remembered.ownership.replace(ownership);
            if is_owner {
                self.restore(&operation, &database).await?;
                self.load_folders(&database).await?;
            }
            Ok(is_owner)
        }
        .await;
        self.0.remembered.is_restoring.set(false);
        if epoch != self.0.remembered.epoch.get() {
            // It was ended meanwhile, and may have been asked for again since.
            self.stop_remembering(self.memory());
            if self.0.remembered.is_wanted.get() && self.memory() == Memory::Off {
                self.begin_remembering();
            }
            return;
        }
        match started {
            Ok(is_owner) => {
                self.set_memory(if is_owner { Memory::On } else { Memory::ElsewhereOpen });
                if !is_owner {
                    self.wait_for_ownership();
                }
            }
            Err(failure) if failure.is_cancelled() => {
                self.set_memory(Memory::On);
                if self.0.remembered.ownership.borrow().is_none() {
                    self.wait_for_ownership();
                }
            }
            Err(failure) => {
                self.set_memory(Memory::Refused);
                self.tell_once(failure);
            }
        }
        self.listen_for_hiding();
        if self.0.remembered.is_changed.get() {
            self.save_soon();
        }
    }

    /// Ends remembering. What is stored stays.
    pub(super) fn stop_remembering(&self, memory: Memory) {
        let remembered = &self.0.remembered;
        remembered.epoch.set(remembered.epoch.get() + 1);
        remembered.stop_listening();
        remembered.ownership.take();
        remembered.kept.take();
        remembered.is_changed.set(false);
        if let Some(database) = remembered.database.take() {
            database.close();
        }
        if self.memory() != memory {
            self.set_memory(memory);
        }
    }

    fn set_memory(&self, memory: Memory) {
        self.0.remembered.memory.set(memory);
        self.tell(Event::Memory(memory));
    }

    /// Another tab's collection is left alone; what is done here after that tab was closed is kept.
    fn wait_for_ownership(&self) {
        let (engine, epoch) = (Rc::downgrade(&self.0), self.0.remembered.epoch.get());
        spawn_local(async move {
            let ownership = own(true).await;
            let Some(engine) = engine.upgrade().map(Engine) else { return };
            let remembered = &engine.0.remembered;
            if epoch == remembered.epoch.get() && ownership.is_some() {
                remembered.ownership.replace(ownership);
                engine.set_memory(Memory::On);
            }
        });
    }

    /// The database, opened where it is not.
    async fn database(&self) -> Result<Rc<Database>, ApiError> {
        let known = self.0.remembered.database.borrow().clone();
        if let Some(known) = known {
            return Ok(known);
        }
        let inner = Rc::downgrade(&self.0);
        let on_loss = move || {
            if let Some(engine) = inner.upgrade().map(|inner: Rc<Inner>| Engine(inner)) {
                engine.stop_remembering(Memory::ForgottenElsewhere);
            }
        };
        let database = Rc::new(Database::open(on_loss).await?);
        self.0.remembered.database.replace(Some(database.clone()));
        Ok(database)
    }

    /// Says once that something cannot be remembered. The work goes on.
    fn tell_once(&self, failure: ApiError) {
        if self.0.remembered.told.borrow_mut().insert(failure.code.clone()) {
            self.tell(Event::Notice(failure));
        }
    }
}
