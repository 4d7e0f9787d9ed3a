//! Handles of folders, which some browsers can store. With them, one click makes source files available again.
//!
//! They come from programs that pass one to `add`, and from the browser's folder chooser. They are not taken from drops: for
//! some folders, such as the user's picture folder, the browser would show a warning that blocks the page.

use js_sys::{Array, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::Cache;
use super::database::{SESSION, Writer};
use super::error::CacheError;

/// The record with the handles.
const FOLDERS: &str = "folders";

// web-sys has these only behind its unstable flag.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Object)]
    type FileSystemHandle;

    #[wasm_bindgen(method, catch, js_name = requestPermission)]
    fn request_permission(this: &FileSystemHandle, wanted: &Object) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch, js_name = isSameEntry)]
    fn is_same_entry(this: &FileSystemHandle, other: &JsValue) -> Result<Promise, JsValue>;
}

impl Cache {
    /// Keeps the folder handles among `sources`. Returns whether there were new ones.
    pub async fn keep_folders(&self, sources: &Array) -> bool {
        let mut is_changed = false;
        for source in sources.iter().filter(is_folder) {
            if self.state().is_on() && !self.has_folder(&source).await {
                self.folders.borrow_mut().push(source);
                is_changed = true;
            }
        }
        is_changed
    }

    /// Whether there is any folder handle.
    pub fn has_folders(&self) -> bool {
        !self.folders.borrow().is_empty()
    }

    /// The folders that the browser gives access to. Must be called while a click is handled.
    ///
    /// # Errors
    /// [`CacheError::FolderRefused`] if the user or the browser refuses all of them.
    pub async fn request_folders(&self) -> Result<Array, CacheError> {
        let folders = self.folders.borrow().clone();
        let granted = Array::new();
        for folder in folders {
            if is_granted(&folder).await {
                granted.push(&folder);
            }
        }
        if granted.length() == 0 { Err(CacheError::FolderRefused) } else { Ok(granted) }
    }

    /// Loads the folder handles of the latest collection.
    pub async fn load_folders(&self) -> Result<(), CacheError> {
        let stored = self.database().await?.get(SESSION, &[FOLDERS.into()]).await?.pop().flatten();
        let folders = stored.and_then(|stored| stored.dyn_into::<Array>().ok()).unwrap_or_default();
        self.folders.replace(folders.iter().filter(is_folder).collect());
        Ok(())
    }

    /// The record with the handles.
    pub(super) fn folders_record(&self) -> Array {
        self.folders.borrow().iter().collect()
    }

    async fn has_folder(&self, folder: &JsValue) -> bool {
        let known = self.folders.borrow().clone();
        for known in known {
            let Ok(same) = known.unchecked_into::<FileSystemHandle>().is_same_entry(folder) else { continue };
            if JsFuture::from(same).await.is_ok_and(|same| same.is_truthy()) {
                return true;
            }
        }
        false
    }
}

/// Stores the record with the handles.
pub(super) fn write(writer: &Writer<'_>, folders: &Array) -> Result<(), idb::Error> {
    writer.put(SESSION, &FOLDERS.into(), folders)
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
