//! The cache: features, so that no image is embedded twice, and the latest collection, so that the user can continue where they
//! left off. It is used if the attribute `remember` is set.
//!
//! | file | what |
//! | --- | --- |
//! | `database` | the browser's database |
//! | `features` | records of images |
//! | `quota` | the limit on their size, and eviction |
//! | `lookup` | which dropped files are known |
//! | `session`, `restoring` | the latest collection |
//! | `saving` | what is written, and when |
//! | `folder_handles` | handles of folders, by which source files come back |
//! | `tab_lock` | the tab that the stored collection belongs to |
//! | `opt_out` | the user's opt-out |

mod database;
mod error;
mod features;
mod folder_handles;
mod lookup;
mod opt_out;
mod quota;
mod restoring;
mod saving;
mod session;
mod tab_lock;

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::Function;
use shoal::collection::ImageId;
use shoal_browser::api_error::ApiError;
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::{EventTarget, VisibilityState};

use crate::collection::FeatureOrigin;
use crate::events::{Event, Events};
use crate::reports::CacheState;
use database::Database;
pub use database::DatabaseLoss;
pub use error::CacheError;
pub use lookup::CachedImage;
pub use opt_out::{is_opted_out, set_opted_out};
use session::WrittenSnapshot;
pub use session::{CACHED_SETTINGS, RestoredSession, SessionState};
pub use tab_lock::{TabLock, acquire};

type LossListener = Rc<dyn Fn(DatabaseLoss)>;
type HidingListener = Closure<dyn FnMut(web_sys::Event)>;

/// The event of a page that is left. Some browsers do not hide it before.
const LEAVING: &str = "pagehide";

/// The events by which a page notices that it is hidden or left, with their targets.
fn hiding_events() -> Vec<(EventTarget, &'static str)> {
    let Some(window) = web_sys::window() else { return Vec::new() };
    let document = window.document().map(|document| (document.into(), "visibilitychange"));
    document.into_iter().chain([(window.into(), LEAVING)]).collect()
}

/// The owner of what this browser stores.
pub struct Cache {
    events: Events,
    state: Cell<CacheState>,
    /// Whether the attribute `remember` is set to a valid value.
    is_wanted: Cell<bool>,
    /// The quota that the attribute sets, in bytes.
    wanted_bytes: Cell<Option<u64>>,
    database: RefCell<Option<Rc<Database>>>,
    /// Called when the database is lost.
    on_loss: RefCell<Option<LossListener>>,
    /// The images whose features are stored, and how those were computed.
    stored: RefCell<HashMap<ImageId, Rc<FeatureOrigin>>>,
    tab_lock: RefCell<Option<TabLock>>,
    /// Incremented when the cache is stopped or erased: what is being written then must not be written.
    epoch: Cell<u64>,
    is_changed: Cell<bool>,
    is_save_due: Cell<bool>,
    is_saving: Cell<bool>,
    is_restoring: Cell<bool>,
    /// How many times in a row saving has failed.
    failures: Cell<u32>,
    /// How many edits are being written.
    edits_in_flight: Cell<u32>,
    /// Called when none is.
    on_edits_written: RefCell<Vec<oneshot::Sender<()>>>,
    /// The snapshot of the collection in the database.
    written: RefCell<Option<WrittenSnapshot>>,
    /// Codes of the notices that were emitted, since each is emitted once.
    noticed: RefCell<HashSet<String>>,
    folders: RefCell<Vec<JsValue>>,
    on_hidden: RefCell<Option<HidingListener>>,
}

impl Drop for Cache {
    fn drop(&mut self) {
        self.unsubscribe_hiding();
        self.close_database();
    }
}

impl Cache {
    /// A cache that is off.
    pub fn new(events: Events) -> Self {
        Self {
            events,
            state: Cell::default(),
            is_wanted: Cell::default(),
            wanted_bytes: Cell::default(),
            database: RefCell::default(),
            on_loss: RefCell::default(),
            stored: RefCell::default(),
            tab_lock: RefCell::default(),
            epoch: Cell::default(),
            is_changed: Cell::default(),
            is_save_due: Cell::default(),
            is_saving: Cell::default(),
            is_restoring: Cell::default(),
            failures: Cell::default(),
            edits_in_flight: Cell::default(),
            on_edits_written: RefCell::default(),
            written: RefCell::default(),
            noticed: RefCell::default(),
            folders: RefCell::default(),
            on_hidden: RefCell::default(),
        }
    }

    /// Whether anything is stored.
    pub fn state(&self) -> CacheState {
        self.state.get()
    }

    /// Changes the state, and emits it.
    pub fn set_state(&self, state: CacheState) {
        self.state.set(state);
        self.events.emit(Event::Cache(state));
    }

    /// Reads the attribute: `None` is off, otherwise empty or the quota in megabytes. Returns whether it is on.
    ///
    /// # Errors
    /// [`CacheError::BadOption`], and it is off.
    pub fn set_wanted(&self, value: Option<&str>) -> Result<bool, CacheError> {
        let value = value.map(str::trim);
        let megabytes = value.and_then(|value| value.parse::<f64>().ok()).filter(|&megabytes| megabytes > 0.0);
        let is_wanted = megabytes.is_some() || matches!(value, Some("" | "true" | "remember"));
        self.is_wanted.set(is_wanted);
        self.wanted_bytes.set(megabytes.map(|megabytes| (megabytes * 1e6) as u64));
        match value {
            Some(value) if !is_wanted => Err(CacheError::BadOption(value.into())),
            _ => Ok(is_wanted),
        }
    }

    /// Whether the attribute `remember` is set to a valid value.
    pub fn is_wanted(&self) -> bool {
        self.is_wanted.get()
    }

    /// A number that changes when the cache is stopped or erased: what is being written then must not be written.
    pub fn epoch(&self) -> u64 {
        self.epoch.get()
    }

    /// Whether the latest collection is being restored.
    pub fn is_restoring(&self) -> bool {
        self.is_restoring.get()
    }

    /// Sets whether the latest collection is being restored.
    pub fn set_restoring(&self, is_restoring: bool) {
        self.is_restoring.set(is_restoring);
    }

    /// Whether there are unsaved changes.
    pub fn is_changed(&self) -> bool {
        self.is_changed.get()
    }

    /// Sets whether there are unsaved changes.
    pub fn set_changed(&self, is_changed: bool) {
        self.is_changed.set(is_changed);
    }

    /// Keeps the tab lock or, with `None`, releases it.
    pub fn set_tab_lock(&self, lock: Option<TabLock>) {
        self.tab_lock.replace(lock);
    }

    /// Whether the stored collection is this tab's.
    pub fn has_tab_lock(&self) -> bool {
        self.tab_lock.borrow().is_some()
    }

    /// Marks an image as not stored, since more is known about it than is stored.
    pub fn invalidate(&self, id: ImageId) {
        self.stored.borrow_mut().remove(&id);
    }

    /// Called after the collection was emptied.
    pub fn collection_cleared(&self) {
        // A collection that is emptied while it is restored must not be restored again.
        self.is_changed.set(self.state.get().is_on() || self.is_restoring.get());
        self.stored.take();
        self.written.take();
        self.folders.take();
    }

    /// Stops using the database, which keeps what is stored.
    pub fn stop(&self, state: CacheState) {
        self.epoch.set(self.epoch.get() + 1);
        self.unsubscribe_hiding();
        self.tab_lock.take();
        self.stored.take();
        self.written.take();
        self.is_changed.set(false);
        self.close_database();
        if self.state.get() != state {
            self.set_state(state);
        }
    }

    /// Called after the browser closed the database: it is opened again by the next save, which stores everything again.
    pub fn database_closed(&self) {
        self.database.take();
        self.stored.take();
        self.written.take();
    }

    /// Deletes everything that is stored, also for other tabs.
    ///
    /// # Errors
    /// [`CacheError::Unavailable`].
    pub async fn erase(&self) -> Result<(), CacheError> {
        self.epoch.set(self.epoch.get() + 1);
        self.is_changed.set(false);
        self.written.take();
        self.close_database();
        Database::delete().await
    }

    /// Opens the database. `on_loss` is called when it is lost.
    ///
    /// # Errors
    /// [`CacheError::Unavailable`].
    pub async fn open(&self, on_loss: impl Fn(DatabaseLoss) + 'static) -> Result<(), CacheError> {
        self.on_loss.replace(Some(Rc::new(on_loss)));
        self.database().await.map(drop)
    }

    /// Emits a notice, once per code. Errors of the cache fail no operation.
    pub fn notice_once(&self, error: ApiError) {
        if self.noticed.borrow_mut().insert(error.code.clone()) {
            self.events.emit(Event::Notice(error));
        }
    }

    /// Calls `on_hidden` when the page is hidden or left.
    pub fn subscribe_hiding(&self, mut on_hidden: impl FnMut() + 'static) {
        self.unsubscribe_hiding();
        let on_hidden = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
            let document = web_sys::window().and_then(|window| window.document());
            let is_hidden = document.is_some_and(|document| document.visibility_state() == VisibilityState::Hidden);
            if is_hidden || event.type_() == LEAVING {
                on_hidden();
            }
        });
        for (target, name) in hiding_events() {
            // Without the listener, a change is saved a moment later.
            let _ = target.add_event_listener_with_callback(name, on_hidden.as_ref().unchecked_ref());
        }
        self.on_hidden.replace(Some(on_hidden));
    }

    fn unsubscribe_hiding(&self) {
        if let Some(on_hidden) = self.on_hidden.take() {
            let listener: &Function = on_hidden.as_ref().unchecked_ref();
            for (target, name) in hiding_events() {
                // Fails only if there is no such listener.
                let _ = target.remove_event_listener_with_callback(name, listener);
            }
        }
    }

    /// The database, if it is open.
    fn open_database(&self) -> Option<Rc<Database>> {
        self.database.borrow().clone().filter(|_| self.state().is_on())
    }

    fn close_database(&self) {
        if let Some(database) = self.database.take() {
            database.close();
        }
    }

    /// The database, opened if it is closed: erasing closes it.
    async fn database(&self) -> Result<Rc<Database>, CacheError> {
        let opened = self.database.borrow().clone();
        if let Some(database) = opened {
            return Ok(database);
        }
        let on_loss = self.on_loss.borrow().clone();
        let on_loss = move |loss| on_loss.iter().for_each(|on_loss| on_loss(loss));
        let database = Rc::new(Database::open(on_loss).await?);
        let mut current = self.database.borrow_mut();
        if let Some(current) = &*current {
            // Another call opened it meanwhile.
            database.close();
            return Ok(current.clone());
        }
        *current = Some(database.clone());
        Ok(database)
    }
}
