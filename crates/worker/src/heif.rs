//! HEIC and HEIF images, decoded by libheif in browsers that cannot (`www/heif.js`).

use js_sys::{Array, Reflect, Uint8Array};
use shoal::preprocess::ImageError;
use shoal_browser::api_error::{ApiError, thrown_message};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::ImageData;

use crate::decoders;

/// Decodes the primary image, upright by its own properties: a HEIF file is not turned by its EXIF data.
///
/// # Errors
/// [`ImageError::HeicNotDecodable`] if libheif is not available, [`ImageError::TooLarge`], [`ImageError::Damaged`].
pub async fn decode(bytes: &Uint8Array) -> Result<ImageData, ApiError> {
    match decoders::call("decodeHeif", &Array::of1(bytes)).await {
        Ok(pixels) => Ok(pixels.unchecked_into()),
        Err(thrown) => Err(error_of(&thrown).into()),
    }
}

fn error_of(thrown: &JsValue) -> ImageError {
    match decoders::code_of(thrown).as_deref() {
        Some("program-unreachable") => ImageError::HeicNotDecodable,
        Some("picture-too-large") => {
            let side = |name: &str| Reflect::get(thrown, &name.into()).ok().and_then(|side| side.as_f64());
            let [width, height] = ["width", "height"].map(|name| side(name).unwrap_or_default() as u32);
            ImageError::TooLarge { width, height, limit_megapixels: shoal::preprocess::MAX_MEGAPIXELS }
        }
        _ => ImageError::Damaged(thrown_message(thrown)),
    }
}
