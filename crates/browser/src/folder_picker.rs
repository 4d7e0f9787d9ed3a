//! The browser's own way to choose a folder, where it has one.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::DomException;

use crate::api_error::ApiError;

// web-sys has it only behind its unstable flag.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = showDirectoryPicker, catch)]
    fn show_directory_picker(options: &Object) -> Result<Promise, JsValue>;
}

/// Whether this browser has a person choose a folder.
pub fn is_there() -> bool {
    web_sys::window().is_some_and(|window| Reflect::has(&window, &"showDirectoryPicker".into()).unwrap_or(false))
}

/// The handle of the folder that was chosen, or nothing where nobody chose one. To be called while a click is handled.
/// `options` are the browser's: what the folder is for (`mode`), and whose choice it is (`id`).
pub async fn choose(options: &[(&str, &str)]) -> Result<Option<JsValue>, ApiError> {
    let refused = |thrown: JsValue| ApiError::thrown("permission-denied", "no folder could be chosen", &thrown);
    let wanted = Object::new();
    for (name, value) in options {
        Reflect::set(&wanted, &(*name).into(), &(*value).into()).map_err(refused)?;
    }
    let promise = show_directory_picker(&wanted).map_err(refused)?;
    match JsFuture::from(promise).await {
        Ok(folder) => Ok(Some(folder)),
        Err(thrown) if thrown.dyn_ref::<DomException>().is_some_and(|thrown| thrown.name() == "AbortError") => Ok(None),
        Err(thrown) => Err(refused(thrown)),
    }
}
