//! When what is written: some moments after a change, not at every one, and when the page is hidden.

use std::collections::HashMap;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::VisibilityState;

use crate::remembered::database::Database;
use crate::remembered::features::{Key, PICTURES_AT_ONCE, Record, keep};
use crate::remembered::room::{make_room, most_bytes};
use crate::remembered::session::{SETTINGS, Snapshot, forget_session};
use crate::{Engine, Event};
use shoal::collection::ImageId;
use shoal_browser::api_error::ApiError;
use shoal_browser::pause::{now_ms, sleep};

/// A change is written after this time, in milliseconds: what is done meanwhile goes along.
const DELAY_MS: f64 = 800.0;
/// Writing takes at most about this share of the time, however large the collection is.
const MOST_SHARE: f64 = 0.1;

impl Engine {
    /// Hears of everything that is told, and notes what is to be kept.
    pub(crate) fn note_change(&self, event: &Event) {
        let is_change = match event {
            Event::Image { .. } | Event::Collection { .. } | Event::Result(_) | Event::Edited(_) | Event::Cleared => {
                true
            }
            Event::Set { name, .. } => SETTINGS.contains(&name.as_str()),
            _ => false,
        };
        // What is brought back is no change.
        if is_change && self.memory().is_on() && !self.0.remembered.is_restoring.get() {
            self.0.remembered.is_changed.set(true);
            self.save_soon();
        }
    }

    pub(super) fn save_soon(&self) {
        if !self.memory().is_on() || self.0.remembered.is_save_due.replace(true) {
            return;
        }
        let engine = Rc::downgrade(&self.0);
        spawn_local(async move {
            let mut delay_ms = DELAY_MS;
            loop {
                sleep(delay_ms as i32).await;
                let Some(engine) = engine.upgrade().map(Engine) else { return };
                let began_ms = now_ms();
                engine.save().await;
                if !engine.0.remembered.is_changed.get() {
                    engine.0.remembered.is_save_due.set(false);
                    return;
                }
                delay_ms = DELAY_MS.max((now_ms() - began_ms) / MOST_SHARE);
            }
        });
    }

    pub(super) fn listen_for_hiding(&self) {
        self.0.remembered.stop_listening();
        let Some(document) = web_sys::window().and_then(|window| window.document()) else { return };
        let engine = Rc::downgrade(&self.0);
        let on_hidden = Closure::<dyn FnMut()>::new({
            let document = document.clone();
            move || {
                let Some(engine) = engine.upgrade().map(Engine) else { return };
                if document.visibility_state() == VisibilityState::Hidden && engine.0.remembered.is_changed.get() {
                    spawn_local(async move { engine.save().await });
                }
            }
        });
        // Without it a change is written a moment later.
        let _ = document.add_event_listener_with_callback("visibilitychange", on_hidden.as_ref().unchecked_ref());
        self.0.remembered.on_hidden.replace(Some(on_hidden));
    }

    /// Writes what has changed. That it cannot be done is no failure of anything.
    async fn save(&self) {
        let remembered = &self.0.remembered;
        let epoch = remembered.epoch.get();
        // One at a time: what is older must not be written last.
        if remembered.is_saving.get() || !self.memory().is_on() || !remembered.is_changed.replace(false) {
            return;
        }
        remembered.is_saving.set(true);
        let saved = async {
            let database = self.database().await?;
            self.save_features(&database, epoch).await?;
            self.save_session(&database, epoch).await
        };
        let saved = saved.await;
        remembered.is_saving.set(false);
        if let Err(failure) = saved
            && epoch == remembered.epoch.get()
        {
            self.tell_once(failure);
        }
    }

    /// Keeps the features that are not kept.
    async fn save_features(&self, database: &Database, epoch: u64) -> Result<(), ApiError> {
        let remembered = &self.0.remembered;
        let new: Vec<ImageId> = {
            let (store, kept) = (self.0.store.borrow(), remembered.kept.borrow());
            let is_new = |id: &ImageId| store.stored(*id).is_some_and(|stored| kept.get(id) != Some(&stored.made));
            store.collection.in_path_order().map(|(id, _)| id).filter(is_new).collect()
        };
        if new.is_empty() || remembered.is_full.get() {
            return Ok(());
        }
        for part in new.chunks(PICTURES_AT_ONCE) {
            let (made, records): (HashMap<_, _>, Vec<_>) = {
                let store = self.0.store.borrow();
                let known = part.iter().filter_map(|&id| Some((id, store.collection.get(id)?, store.stored(id)?)));
                known
                    .map(|(id, picture, stored)| {
                        let record = (Key::of(&stored.made, picture), Record::of(picture, stored));
                        ((id, stored.made.clone()), record)
                    })
                    .unzip()
            };
            let written = keep(database, records).await;
            if epoch != remembered.epoch.get() {
                return Ok(());
            }
            match written {
                Ok(()) => remembered.kept.borrow_mut().extend(made),
                Err(failure) => {
                    // The groups may still find room.
                    remembered.is_full.set(true);
                    self.tell_once(failure);
                    break;
                }
            }
        }
        let most_bytes = most_bytes(remembered.wanted_bytes.get()).await;
        let gone = make_room(database, most_bytes).await?;
        let is_gone = |id: ImageId| {
            let store = self.0.store.borrow();
            let known = store.collection.get(id).zip(store.stored(id));
            known.is_some_and(|(picture, stored)| gone.contains(Key::of(&stored.made, picture).as_str()))
        };
        if !gone.is_empty() && self.ids().into_iter().any(is_gone) {
            let megabytes = most_bytes as f64 / 1e6;
            let message =
                format!("this browser keeps {megabytes:.0} MB of what pictures show, and there are more here");
            self.tell_once(ApiError::new("storage-full", message));
        }
        Ok(())
    }

    /// Keeps the collection, where it is this tab's to keep.
    async fn save_session(&self, database: &Database, epoch: u64) -> Result<(), ApiError> {
        if self.0.remembered.ownership.borrow().is_none() || epoch != self.0.remembered.epoch.get() {
            return Ok(());
        }
        match Snapshot::take(self) {
            Some(snapshot) => {
                snapshot.write(database).await?;
                self.save_folders(database).await
            }
            None => forget_session(database).await,
        }
    }
}
