//! The browser's folder chooser, where it has one.

use js_sys::{Object, Promise, Reflect};
use shoal::error::Coded;
use thiserror::Error;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::DomException;

use crate::api_error::thrown_message;

// web-sys has it only behind its unstable flag.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = showDirectoryPicker, catch)]
    fn show_directory_picker(options: &Object) -> Result<Promise, JsValue>;
}

/// The browser or the user did not permit choosing a folder.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("no folder could be chosen: {0}")]
pub struct PermissionDenied(String);

impl Coded for PermissionDenied {
    fn code(&self) -> &'static str {
        "permission-denied"
    }
}

/// Whether this browser has a folder chooser.
pub fn is_supported() -> bool {
    web_sys::window().is_some_and(|window| Reflect::has(&window, &"showDirectoryPicker".into()).unwrap_or(false))
}

/// The handle of the folder that the user chooses; `None` if they close the chooser. Must be called while a click is handled.
/// `options` are those of `showDirectoryPicker`: `mode` is the access to request, and `id` distinguishes remembered choices.
///
/// # Errors
/// [`PermissionDenied`].
pub async fn choose(options: &[(&str, &str)]) -> Result<Option<JsValue>, PermissionDenied> {
    let refused = |thrown: JsValue| PermissionDenied(thrown_message(&thrown));
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
