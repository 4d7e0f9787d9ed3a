//! Canvases from which pixels are read.

use js_sys::{Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{OffscreenCanvas, OffscreenCanvasRenderingContext2d};

use crate::error::{WorkerError, out_of_memory};
use shoal_browser::api_error::ApiError;

/// The context of a transparent canvas of this size, which scales with high quality.
pub fn context(width: u32, height: u32) -> Result<OffscreenCanvasRenderingContext2d, ApiError> {
    let canvas = OffscreenCanvas::new(width, height).map_err(|thrown| out_of_memory(&thrown))?;
    let settings = Object::new();
    // In main memory, since pixels drawn by a GPU differ between machines and are slow to read back.
    Reflect::set(&settings, &"willReadFrequently".into(), &JsValue::TRUE).map_err(|thrown| out_of_memory(&thrown))?;
    let context: OffscreenCanvasRenderingContext2d = canvas
        .get_context_with_context_options("2d", &settings)
        .map_err(|thrown| out_of_memory(&thrown))?
        .ok_or(WorkerError::NoCanvas)?
        .unchecked_into();
    Reflect::set(&context, &"imageSmoothingQuality".into(), &"high".into()).map_err(|thrown| out_of_memory(&thrown))?;
    Ok(context)
}

/// The pixels of a canvas: red, green, blue and straight alpha.
pub fn rgba_of(context: &OffscreenCanvasRenderingContext2d, width: u32, height: u32) -> Result<Vec<u8>, ApiError> {
    let data = context.get_image_data(0.0, 0.0, f64::from(width), f64::from(height));
    Ok(data.map_err(|thrown| out_of_memory(&thrown))?.data().0)
}
