//! The browser's own way to choose a folder to write to, where it has one.

use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::DomException;

use crate::web::failure::Failure;

// web-sys has it only behind its unstable flag.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = showDirectoryPicker, catch)]
    fn show_directory_picker(options: &Object) -> Result<Promise, JsValue>;
}

/// Whether this browser has a person choose a folder to write to.
pub fn is_there() -> bool {
    web_sys::window().is_some_and(|window| Reflect::has(&window, &"showDirectoryPicker".into()).unwrap_or(false))
}

/// The handle of the folder that was chosen, or nothing where nobody chose one. To be called while a click is handled.
pub async fn choose() -> Result<Option<JsValue>, Failure> {
    let refused = |thrown: JsValue| Failure::thrown("permission-denied", "no folder could be chosen", &thrown);
    let options = Object::new();
    Reflect::set(&options, &"mode".into(), &"readwrite".into()).map_err(refused)?;
    let promise = show_directory_picker(&options).map_err(refused)?;
    match JsFuture::from(promise).await {
        Ok(folder) => Ok(Some(folder)),
        Err(thrown) if thrown.dyn_ref::<DomException>().is_some_and(|thrown| thrown.name() == "AbortError") => Ok(None),
        Err(thrown) => Err(refused(thrown)),
    }
}
