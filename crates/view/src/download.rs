//! Downloads: hands a blob to the browser as a file.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Blob, HtmlAnchorElement, Url};

use shoal::error::Coded;
use shoal_browser::api_error::thrown_message;
use thiserror::Error;

/// The browser does not save a file.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the file could not be saved: {0}")]
pub struct SaveFailed(String);

impl Coded for SaveFailed {
    fn code(&self) -> &'static str {
        "save-failed"
    }
}

/// How long the blob's URL stays valid, in milliseconds: a browser that asks where to save reads it late.
const URL_LIFETIME_MS: i32 = 120_000;

/// Saves a blob as a file, as clicking a link with `download` does.
///
/// # Errors
/// `save-failed` if there is no document, or the browser throws.
pub fn download(blob: &Blob, name: &str) -> Result<(), SaveFailed> {
    let save_failed = |thrown: JsValue| SaveFailed(thrown_message(&thrown));
    let document = web_sys::window()
        .and_then(|window| window.document())
        .ok_or_else(|| SaveFailed("there is no page to save from".into()))?;
    let url = Url::create_object_url_with_blob(blob).map_err(save_failed)?;
    let link: HtmlAnchorElement = document.create_element("a").map_err(save_failed)?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    let revoke = Closure::once_into_js(move || {
        // Revoking a URL that was created here cannot fail.
        let _ = Url::revoke_object_url(&url);
    });
    if let Some(window) = web_sys::window() {
        window
            .set_timeout_with_callback_and_timeout_and_arguments_0(revoke.unchecked_ref(), URL_LIFETIME_MS)
            .map_err(save_failed)?;
    }
    Ok(())
}
