//! The program `decoders`: the decoders that stand in for the browser's. Workers fetch it when the first image comes that the
//! browser cannot decode, and call its functions, which have memory of their own (`www/worker-loader.js`).

mod file_bytes;

use file_bytes::reader;
use js_sys::{Reflect, Uint8Array, Uint8ClampedArray};
use shoal::preprocess::{self, ImageError, Rgba, Shrunk};
use shoal_browser::api_error::{ApiError, thrown_message};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::ImageData;

/// A decoded, upright image.
#[wasm_bindgen]
pub struct Picture {
    pixels: ImageData,
    width: u32,
    height: u32,
    pages: u32,
}

#[wasm_bindgen]
impl Picture {
    /// The pixels: fewer than the image has, if it is large.
    #[wasm_bindgen(getter)]
    pub fn pixels(&self) -> ImageData {
        self.pixels.clone()
    }

    /// Width of the whole image, in pixels.
    #[wasm_bindgen(getter)]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Height of the whole image, in pixels.
    #[wasm_bindgen(getter)]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// The number of pages of the file, of which the image is the first.
    #[wasm_bindgen(getter)]
    pub fn pages(&self) -> u32 {
        self.pages
    }
}

/// Decodes a whole file, upright by EXIF; of an animation, the first frame, and of a TIFF file, the first page. It is read bit by
/// bit. A large image is shrunk until its shorter side has about `least_px`, before it leaves this program's memory, where it would
/// otherwise be several times.
///
/// # Errors
/// Throws those of [`preprocess::decode`], as errors with a `code`.
#[wasm_bindgen]
pub fn decode(bytes: &Uint8Array, least_px: u32) -> Result<Picture, JsValue> {
    let Shrunk { rgba, width, height } = preprocess::decode_shrunk(reader(bytes), least_px).map_err(thrown)?;
    Ok(Picture { pixels: image_data(&rgba)?, width, height, pages: preprocess::tiff_pages(reader(bytes)) })
}

/// The first frame of an animation that is not blank. `None` if there is none.
///
/// # Errors
/// Throws [`ImageError::TooMuchMemory`], as an error with a `code`.
#[wasm_bindgen(js_name = firstVisibleFrame)]
pub fn first_visible_frame(bytes: &[u8]) -> Result<Option<ImageData>, JsValue> {
    preprocess::first_visible_frame(bytes).map(|rgba| image_data(&rgba)).transpose()
}

/// The largest JPEG preview of a raw image.
///
/// # Errors
/// Throws those of [`preprocess::raw_preview`], as errors with a `code`.
#[wasm_bindgen(js_name = rawPreview)]
pub fn raw_preview(bytes: &[u8]) -> Result<Vec<u8>, JsValue> {
    preprocess::raw_preview(bytes).map_err(thrown)
}

fn image_data(Rgba { width, height, pixels_rgba_u8 }: &Rgba) -> Result<ImageData, JsValue> {
    let data = ImageData::new_with_sw(*width, *height)
        .map_err(|error| ApiError { message: thrown_message(&error), ..ImageError::TooMuchMemory.into() }.into_js())?;
    // Copied: the next image is decoded into the same memory, perhaps before these pixels are read.
    let pixels: Uint8ClampedArray = Reflect::get(&data, &"data".into())?.unchecked_into();
    pixels.copy_from(pixels_rgba_u8);
    Ok(data)
}

fn thrown(error: ImageError) -> JsValue {
    ApiError::from(error).into_js()
}
