//! Conversion between bytes and blobs.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag};

/// A blob of these parts, of this media type.
///
/// # Errors
/// What the browser throws if it has no room for it.
pub fn blob_of(parts: &Array, media_type: &str) -> Result<Blob, JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    Blob::new_with_blob_sequence_and_options(parts, &options)
}

/// All bytes of a blob, outside this program's memory.
///
/// # Errors
/// What the browser throws if it cannot read them.
pub async fn bytes_of(blob: &Blob) -> Result<Uint8Array, JsValue> {
    Ok(Uint8Array::new(&JsFuture::from(blob.array_buffer()).await?))
}
