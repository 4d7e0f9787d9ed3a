//! Handles of folders, which some browsers keep: by them originals come back with one click.
//!
//! They come from a program that adds one, and from the browser's folder chooser. A drop is not asked for one: for a folder
//! that holds others, such as all of a person's pictures, the browser would answer with a warning of its own.

use js_sys::{Array, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::add::Added;
use crate::remembered::database::{Database, SESSION};
use crate::{Engine, Event};
use shoal_browser::api_error::ApiError;
use shoal_browser::folder_picker;

/// The record that holds them.
const FOLDERS: &str = "folders";

// web-sys has this only behind its unstable flag.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Object)]
    type FileSystemHandle;

    #[wasm_bindgen(method, catch, js_name = requestPermission)]
    fn request_permission(this: &FileSystemHandle, wanted: &Object) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = isSameEntry)]
    fn is_same_entry(this: &FileSystemHandle, other: &JsValue) -> Result<Promise, JsValue>;
}

impl Engine {
    /// Keeps the handles of folders among `sources`, as far as this page remembers.
    pub(crate) async fn keep_folders(&self, sources: &Array) {
        for source in sources.iter().filter(is_folder) {
            if self.memory().is_on() && !self.is_kept(&source).await {
                self.0.remembered.folders.borrow_mut().push(source);
                self.0.remembered.is_changed.set(true);
                self.save_soon();
            }
        }
    }

    /// Whether any folder can be asked for.
    pub fn has_folders(&self) -> bool {
        !self.0.remembered.folders.borrow().is_empty()
    }

    /// Asks the browser for the folders whose handles are kept, and takes originals from them. To be called by a click.
    ///
    /// # Errors
    /// `folder-refused` when the person or the browser says no to all of them.
    pub async fn bring_originals(&self) -> Result<Added, ApiError> {
        let folders = self.0.remembered.folders.borrow().clone();
        let granted = Array::new();
        for folder in folders {
            if is_granted(&folder).await {
                granted.push(&folder);
            }
        }
        if granted.length() == 0 {
            return Err(ApiError::new("folder-refused", "the browser did not give the folder back: drop it again"));
        }
        self.add(granted).await
    }

    /// Has the person choose the folder, takes originals from it, and keeps its handle. To be called by a click. Nothing
    /// comes of a choice that is broken off.
    pub async fn choose_originals(&self) -> Result<Option<Added>, ApiError> {
        match folder_picker::choose(&[("id", "shoal"), ("mode", "read")]).await {
            Ok(Some(folder)) => self.add(Array::of1(&folder)).await.map(Some),
            Ok(None) | Err(_) => Ok(None),
        }
    }

    pub(super) async fn save_folders(&self, database: &Database) -> Result<(), ApiError> {
        let folders: Array = self.0.remembered.folders.borrow().iter().collect();
        database.write(&[SESSION], |writer| writer.put(SESSION, &FOLDERS.into(), &folders)).await
    }

    pub(super) async fn load_folders(&self, database: &Database) -> Result<(), ApiError> {
        let kept = database.get(SESSION, &[FOLDERS.into()]).await?.pop().flatten();
        let folders = kept.and_then(|kept| kept.dyn_into::<Array>().ok()).unwrap_or_default();
        if !self.is_empty() && folders.length() > 0 {
            self.0.remembered.folders.replace(folders.iter().filter(is_folder).collect());
            self.tell(Event::Collection { pictures: self.len(), away: self.away() });
        }
        Ok(())
    }

    async fn is_kept(&self, folder: &JsValue) -> bool {
        let known = self.0.remembered.folders.borrow().clone();
        for known in known {
            let Ok(same) = known.unchecked_into::<FileSystemHandle>().is_same_entry(folder) else { continue };
            if JsFuture::from(same).await.is_ok_and(|same| same.is_truthy()) {
                return true;
            }
        }
        false
    }
}

fn is_folder(value: &JsValue) -> bool {
    Reflect::get(value, &"kind".into()).is_ok_and(|kind| kind == "directory")
}

async fn is_granted(folder: &JsValue) -> bool {
    let wanted = Object::new();
    // Setting a property of a plain object cannot fail.
    let _ = Reflect::set(&wanted, &"mode".into(), &"read".into());
    match folder.unchecked_ref::<FileSystemHandle>().request_permission(&wanted) {
        Ok(answer) => JsFuture::from(answer).await.is_ok_and(|answer| answer == "granted"),
        // A handle of the page's own storage needs no permission.
        Err(_) => true,
    }
}
