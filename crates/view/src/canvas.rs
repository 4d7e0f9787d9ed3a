//! What plots and downloads need of the browser.

use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Blob, HtmlAnchorElement, Url};

use shoal::plot::Theme;
use shoal_browser::api_error::ApiError;

/// A saved file's URL is kept this long, in milliseconds: a browser that asks where to save may take its time.
const URL_KEPT_MS: i32 = 120_000;

/// The theme that the system asks for.
pub fn theme() -> Theme {
    if dark_query().is_some_and(|query| query.matches()) { Theme::Dark } else { Theme::Light }
}

/// The query whose changes tell of another theme.
pub fn dark_query() -> Option<web_sys::MediaQueryList> {
    web_sys::window()?.match_media("(prefers-color-scheme: dark)").ok()?
}

/// How many device pixels make a CSS pixel.
pub fn device_pixel_ratio() -> f64 {
    web_sys::window().map_or(1.0, |window| window.device_pixel_ratio())
}

/// Saves a blob as a file, as a link's `download` does.
pub fn save(blob: &Blob, name: &str) -> Result<(), ApiError> {
    let could_not = |thrown: JsValue| ApiError::thrown("save-failed", "the file could not be saved", &thrown);
    let document = web_sys::window()
        .and_then(|window| window.document())
        .ok_or_else(|| ApiError::new("save-failed", "there is no page to save from"))?;
    let url = Url::create_object_url_with_blob(blob).map_err(could_not)?;
    let link: HtmlAnchorElement = document.create_element("a").map_err(could_not)?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    let forget = Closure::once_into_js(move || {
        // A URL made here is always one that can be revoked.
        let _ = Url::revoke_object_url(&url);
    });
    if let Some(window) = web_sys::window() {
        window
            .set_timeout_with_callback_and_timeout_and_arguments_0(forget.unchecked_ref(), URL_KEPT_MS)
            .map_err(could_not)?;
    }
    Ok(())
}
