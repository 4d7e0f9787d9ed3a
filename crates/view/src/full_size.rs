//! An image at full size: its source file or, where that is missing or the browser cannot show it, its thumbnail.

use leptos::prelude::*;
use web_sys::{ErrorEvent, HtmlImageElement, Url};

use crate::state::State;

/// The URL of the image at `path` while the component that asks for it exists, and the handler of the `<img>`'s errors.
pub fn full_size(state: State, path: &str) -> (String, impl Fn(ErrorEvent) + use<>) {
    let engine = state.engine();
    let thumbnail_url = engine.thumbnail_url(path).unwrap_or_default();
    let source_url = engine.source_file(path).and_then(|file| Url::create_object_url_with_blob(&file).ok());
    if let Some(url) = source_url.clone() {
        on_cleanup(move || {
            // Revoking a URL that was created here cannot fail.
            let _ = Url::revoke_object_url(&url);
        });
    }
    let url = source_url.unwrap_or_else(|| thumbnail_url.clone());
    // Formats that the browser cannot show, such as TIFF, still have a thumbnail.
    let show_thumbnail = move |event: ErrorEvent| {
        let image: HtmlImageElement = event_target(&event);
        if !thumbnail_url.is_empty() && image.src() != thumbnail_url {
            image.set_src(&thumbnail_url);
        }
    };
    (url, show_thumbnail)
}
