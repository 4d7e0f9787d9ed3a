//! The decoders that stand in for the browser's: modules of their own, which the worker's loader fetches when the first image comes
//! that the browser cannot decode (`www/worker-loader.js`).

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use shoal_browser::api_error::{ApiError, thrown_message};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::ImageData;

use crate::error::WorkerError;

/// The function that the loader defines: it takes a decoder's name and its arguments, and returns a promise of its result.
const CALL: &str = "callDecoder";

/// A decoded, upright image.
pub struct Picture {
    /// The pixels: fewer than the image has, if it is large.
    pub pixels: ImageData,
    /// Width of the whole image, in pixels.
    pub width_px: u32,
    /// Height of the whole image, in pixels.
    pub height_px: u32,
    /// The number of pages of the file, of which the image is the first.
    pub pages: u32,
}

/// Decodes an image by the program `decoders`. A large one is shrunk until its shorter side has about `least_px`.
///
/// # Errors
/// Those of [`shoal::preprocess::decode`]; [`WorkerError::DecodersUnreachable`].
pub async fn decode(bytes: &Uint8Array, least_px: u32) -> Result<Picture, ApiError> {
    let picture = call("decode", &Array::of2(bytes, &least_px.into())).await.and_then(|picture| picture_of(&picture));
    picture.map_err(|thrown| error_of(&thrown))
}

fn picture_of(picture: &JsValue) -> Result<Picture, JsValue> {
    let number =
        |name: &str| Ok::<_, JsValue>(Reflect::get(picture, &name.into())?.as_f64().unwrap_or_default() as u32);
    let (width_px, height_px, pages) = (number("width")?, number("height")?, number("pages")?);
    let pixels = Reflect::get(picture, &"pixels".into())?.dyn_into::<ImageData>()?;
    Ok(Picture { pixels, width_px, height_px, pages })
}

/// The first frame of an animation that is not blank, `None` if there is none.
///
/// # Errors
/// [`WorkerError::DecodersUnreachable`], [`shoal::preprocess::ImageError::TooMuchMemory`].
pub async fn first_visible_frame(bytes: &Uint8Array) -> Result<Option<ImageData>, ApiError> {
    let frame = call("firstVisibleFrame", &Array::of1(bytes)).await.map_err(|thrown| error_of(&thrown))?;
    Ok(frame.dyn_into().ok())
}

/// The largest JPEG preview of a raw image.
///
/// # Errors
/// Those of [`shoal::preprocess::raw_preview`]; [`WorkerError::DecodersUnreachable`].
pub async fn raw_preview(bytes: &Uint8Array) -> Result<Uint8Array, ApiError> {
    let preview = call("rawPreview", &Array::of1(bytes)).await.map_err(|thrown| error_of(&thrown))?;
    Ok(preview.unchecked_into())
}

/// Calls a decoder. The error is what it threw.
pub async fn call(decoder: &str, arguments: &Array) -> Result<JsValue, JsValue> {
    let call = Reflect::get(&js_sys::global(), &CALL.into())?.dyn_into::<Function>()?;
    let promise = call.apply(&JsValue::NULL, &Array::of1(&decoder.into()).concat(arguments))?;
    JsFuture::from(promise.dyn_into::<Promise>()?).await
}

/// The code of what a decoder threw.
pub fn code_of(thrown: &JsValue) -> Option<String> {
    Reflect::get(thrown, &"code".into()).ok().and_then(|code| code.as_string())
}

/// What a decoder threw: its errors have a code. Without one it crashed, and so does this worker, which is replaced.
fn error_of(thrown: &JsValue) -> ApiError {
    let message = thrown_message(thrown);
    match code_of(thrown).as_deref() {
        Some("program-unreachable") => WorkerError::DecodersUnreachable(message).into(),
        Some(code) => ApiError { code: code.to_owned(), message },
        None => wasm_bindgen::throw_str(&format!("a decoder crashed: {message}")),
    }
}
