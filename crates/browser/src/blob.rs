//! Bytes into blobs, and back.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag};

use crate::api_error::ApiError;

/// A blob of these parts, of this media type.
pub fn blob_of(parts: &Array, kind: &str) -> Result<Blob, ApiError> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    Blob::new_with_blob_sequence_and_options(parts, &options)
        .map_err(|thrown| ApiError::thrown("zip-failed", "the zip could not be put together", &thrown))
}

/// All bytes of a blob, kept outside this program's memory; or what the browser throws where it cannot read them.
pub async fn bytes_of(blob: &Blob) -> Result<Uint8Array, JsValue> {
    Ok(Uint8Array::new(&JsFuture::from(blob.array_buffer()).await?))
}
