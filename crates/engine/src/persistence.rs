//! The engine's use of the cache: it follows the attribute `remember`, restores the latest collection, saves each edit as it is
//! made, and everything else shortly after a change and when the page is hidden.

use std::rc::Rc;

use js_sys::Array;
use shoal_browser::api_error::ApiError;
use shoal_browser::folder_picker;
use shoal_browser::yielding::{now_ms, sleep};
use wasm_bindgen_futures::spawn_local;

use crate::cache::{self, CACHED_SETTINGS, CacheError, DatabaseLoss, RestoredSession, SessionState};
use crate::events::Event;
use crate::operation::Operation;
use crate::reports::{Added, CacheState};
use crate::{Engine, Inner};

/// How long after a change a save starts, in milliseconds, so that changes in quick succession are saved together.
const DELAY_MS: f64 = 800.0;
/// The longest time between two attempts to save what could not be saved, in milliseconds.
const RETRY_MS_MAX: f64 = 60_000.0;
/// Up to this number of images a save takes a fraction of a second.
const QUICK_TO_SAVE: usize = 4000;
/// The largest share of the time that saving may take, whatever the size of the collection.
const SHARE_MAX: f64 = 0.1;

impl Engine {
    /// Whether this page stores anything.
    pub fn cache_state(&self) -> CacheState {
        self.0.cache.state()
    }

    /// Waits until the latest collection is restored. Returns whether there are images afterwards.
    pub async fn restored(&self) -> bool {
        drop(self.0.queue.begin_quietly().await);
        !self.is_empty()
    }

    /// Follows the attribute `remember`.
    pub(crate) fn set_remember(&self, value: Option<&str>) {
        let wanted = self.0.cache.set_wanted(value);
        if let Ok(true) = wanted {
            return self.start_cache();
        }
        self.0.cache.stop(CacheState::Off);
        if let Err(error) = wanted {
            let events = self.0.events.clone();
            spawn_local(async move {
                // The interface is mounted in the current task and would miss the event.
                sleep(0).await;
                events.emit(Event::Notice(error.into()));
            });
        }
    }

    /// Opts out of storing anything, or in again. Opting out deletes nothing.
    pub fn opt_out(&self, is_opted_out: bool) {
        cache::set_opted_out(is_opted_out);
        if is_opted_out {
            self.0.cache.stop(CacheState::OptedOut);
        } else if !self.cache_state().is_on() {
            self.0.cache.set_changed(!self.is_empty());
            self.start_cache();
        }
    }

    /// Empties the collection and deletes everything that this browser stores, for all tabs. The opt-out stays.
    ///
    /// # Errors
    /// `storage-unavailable` if the browser refuses.
    pub async fn forget(&self) -> Result<(), ApiError> {
        self.clear();
        Ok(self.0.cache.erase().await?)
    }

    /// Whether the handles of folders are stored.
    pub fn has_folders(&self) -> bool {
        self.0.cache.has_folders()
    }

    /// Requests access to the folders whose handles are stored, and adds their files as source files. Must be called while a
    /// click is handled.
    ///
    /// # Errors
    /// `folder-refused` when the user or the browser refuses all of them.
    pub async fn restore_source_files(&self) -> Result<Added, ApiError> {
        let folders = self.0.cache.request_folders().await?;
        self.add(folders).await
    }

    /// Lets the user choose the folder, adds its files as source files, and keeps its handle. Must be called while a click is
    /// handled. `None` if the user cancels.
    pub async fn choose_source_files(&self) -> Result<Option<Added>, ApiError> {
        match folder_picker::choose(&[("id", "shoal"), ("mode", "read")]).await {
            Ok(Some(folder)) => self.add(Array::of1(&folder)).await.map(Some),
            Ok(None) | Err(_) => Ok(None),
        }
    }

    /// Saves an edit, and schedules a save of everything after a change.
    pub(crate) fn on_event(&self, event: &Event) {
        // An operation has ended: there is time for a save, unless the collection is large.
        let is_idle = matches!(event, Event::Busy(false)) && self.len() <= QUICK_TO_SAVE && self.0.cache.is_changed();
        let is_change = match event {
            Event::Image { .. } | Event::Collection { .. } | Event::Result(_) | Event::Edited(_) | Event::Cleared => {
                true
            }
            Event::Set { name, .. } => CACHED_SETTINGS.contains(&name.as_str()),
            _ => false,
        };
        // Restoring emits events too, and is not a change.
        if !self.cache_state().is_on() || self.0.cache.is_restoring() {
            return;
        }
        if matches!(event, Event::Result(Some(_)) | Event::Edited(_)) {
            let revision = self.0.clusters.arrangement().revision();
            self.0.cache.save_edit(|| self.session(), revision);
        }
        if is_change {
            self.save_soon();
        }
        if is_idle {
            let engine = self.clone();
            spawn_local(async move { engine.save().await });
        }
    }

    /// Keeps the folder handles among `sources`.
    pub(crate) async fn keep_folders(&self, sources: &Array) {
        if self.0.cache.keep_folders(sources).await {
            self.save_soon();
        }
    }

    fn start_cache(&self) {
        if self.cache_state().is_on() || self.0.cache.is_restoring() {
            return;
        }
        if cache::is_opted_out() {
            return self.0.cache.set_state(CacheState::OptedOut);
        }
        let engine = self.clone();
        self.0.cache.set_restoring(true);
        spawn_local(async move { engine.open_cache().await });
    }

    /// Opens the database and restores what is in it, before any other operation runs.
    async fn open_cache(&self) {
        let cache = &self.0.cache;
        let epoch = cache.epoch();
        let opened = self.open_and_restore().await;
        cache.set_restoring(false);
        if epoch != cache.epoch() {
            // It was stopped meanwhile, and may have been turned on again since.
            cache.stop(self.cache_state());
            if cache.is_wanted() && self.cache_state() == CacheState::Off {
                self.start_cache();
            }
            return;
        }
        match opened {
            Ok(()) => {
                cache.set_state(if cache.has_tab_lock() { CacheState::On } else { CacheState::OtherTab });
                self.wait_for_tab_lock();
            }
            Err(error) if error.is_cancelled() => {
                cache.set_state(CacheState::On);
                self.wait_for_tab_lock();
            }
            Err(error) => {
                cache.set_state(CacheState::Refused);
                cache.notice_once(error);
            }
        }
        self.save_when_hidden();
        if cache.is_changed() {
            self.save_soon();
        }
    }

    async fn open_and_restore(&self) -> Result<(), ApiError> {
        let operation = self.0.queue.begin_quietly().await?;
        // The interface is mounted in the current task and would miss events that are emitted before.
        sleep(0).await;
        let inner = Rc::downgrade(&self.0);
        self.0
            .cache
            .open(move |loss| {
                if let Some(engine) = inner.upgrade().map(Engine) {
                    engine.on_database_lost(loss);
                }
            })
            .await?;
        let lock = cache::acquire(false).await;
        let has_lock = lock.is_some();
        self.0.cache.set_tab_lock(lock);
        if has_lock {
            self.restore(&operation).await?;
        }
        Ok(())
    }

    fn on_database_lost(&self, loss: DatabaseLoss) {
        let cache = &self.0.cache;
        match loss {
            DatabaseLoss::Closed => {
                cache.database_closed();
                if !self.is_empty() {
                    self.save_soon();
                }
            }
            DatabaseLoss::Deleted => cache.stop(CacheState::ErasedElsewhere),
            DatabaseLoss::Upgraded => {
                cache.stop(CacheState::Refused);
                let reason = "another tab has a later version of this page: reload this one";
                cache.notice_once(CacheError::Unavailable(reason.into()).into());
            }
        }
    }

    async fn restore(&self, operation: &Operation) -> Result<(), ApiError> {
        let Inner { cache, collection, clusters, events, .. } = &*self.0;
        let Some(restored) = cache.restore(operation, collection).await? else { return Ok(()) };
        let RestoredSession { settings, arrangement, clustering, is_evaluated, kept_duplicates, ids, lost } = restored;
        clusters.kept_duplicates_mut().extend(kept_duplicates);
        for (name, value) in settings {
            // Attributes that the page around the element has set are its wish.
            if self.setting(&name).is_none() {
                self.set(&name, Some(value));
            }
        }
        self.0.settings.borrow_mut().keep_model(collection.backbone());
        let is_evaluated = is_evaluated && lost == 0;
        clusters.restore(arrangement, clustering, is_evaluated);
        // Adding images that the arrangement lacks changes its revision, which makes the scores outdated.
        clusters.arrangement_mut().add(ids);
        collection.emit_changed(events);
        if !is_evaluated {
            clusters.update_result(collection);
        }
        if let Some(result) = clusters.result() {
            events.emit(Event::Result(Some(result)));
        }
        if lost > 0 {
            events.emit(Event::Notice(CacheError::SessionIncomplete { count: lost }.into()));
        }
        cache.load_folders().await?;
        if cache.has_folders() {
            collection.emit_changed(events);
        }
        Ok(())
    }

    /// Starts storing this tab's collection once the tab that owns the stored collection is closed.
    fn wait_for_tab_lock(&self) {
        if self.0.cache.has_tab_lock() {
            return;
        }
        let (inner, epoch) = (Rc::downgrade(&self.0), self.0.cache.epoch());
        spawn_local(async move {
            let lock = cache::acquire(true).await;
            let Some(engine) = inner.upgrade().map(Engine) else { return };
            if epoch == engine.0.cache.epoch() && lock.is_some() {
                engine.0.cache.set_tab_lock(lock);
                engine.0.cache.set_state(CacheState::On);
            }
        });
    }

    /// Schedules a save, if the cache is on.
    pub(crate) fn save_if_on(&self) {
        if self.cache_state().is_on() {
            self.save_soon();
        }
    }

    fn save_soon(&self) {
        self.0.cache.set_changed(true);
        if !self.0.cache.schedule_save() {
            return;
        }
        let inner = Rc::downgrade(&self.0);
        spawn_local(async move {
            let mut delay_ms = DELAY_MS;
            loop {
                sleep(delay_ms as i32).await;
                let Some(engine) = inner.upgrade().map(Engine) else { return };
                let started_ms = now_ms();
                engine.save().await;
                if !engine.0.cache.is_changed() {
                    return engine.0.cache.save_done();
                }
                let backoff_ms = (DELAY_MS * f64::from(engine.0.cache.failures()).exp2()).min(RETRY_MS_MAX);
                delay_ms = backoff_ms.max((now_ms() - started_ms) / SHARE_MAX);
            }
        });
    }

    fn save_when_hidden(&self) {
        let inner = Rc::downgrade(&self.0);
        self.0.cache.subscribe_hiding(move || {
            let Some(engine) = inner.upgrade().map(Engine) else { return };
            if engine.0.cache.is_changed() {
                // A page that is closed gets no further, so that what can be written at once is written first.
                engine.0.cache.flush(&engine.0.collection, || engine.session());
                spawn_local(async move { engine.save().await });
            }
        });
    }

    async fn save(&self) {
        self.0.cache.save(&self.0.collection, || self.session()).await;
    }

    /// The state of the page apart from the images.
    fn session(&self) -> SessionState {
        let Inner { clusters, settings, .. } = &*self.0;
        let settings = settings.borrow();
        let arrangement = clusters.arrangement();
        SessionState {
            revision: arrangement.revision(),
            settings: CACHED_SETTINGS
                .iter()
                .filter_map(|name| Some(((*name).to_owned(), settings.get(name)?)))
                .collect(),
            arrangement: arrangement.saved(),
            clustering: clusters.result(),
            is_evaluated: clusters.is_evaluated(),
            kept_duplicates: clusters.kept_duplicates().clone(),
        }
    }
}
