//! Decoding JPEGs at reduced size with `ImageDecoder`, where the browser has it. For a photograph of 12 megapixels this
//! takes a fraction of the time of decoding it at full size and shrinking it.
//!
//! Everything here may fail; the image is then decoded at full size.

use js_sys::{Object, Promise, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use shoal::preprocess;

// web-sys has these only behind its unstable flag.
#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = Object)]
    type ImageDecoder;

    #[wasm_bindgen(constructor, catch)]
    fn new(options: &Object) -> Result<ImageDecoder, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn decode(this: &ImageDecoder) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method)]
    fn close(this: &ImageDecoder);

    /// A decoded image. A canvas draws it upright.
    #[wasm_bindgen(extends = Object)]
    pub type VideoFrame;

    /// Width as drawn, in pixels.
    #[wasm_bindgen(method, getter, js_name = displayWidth)]
    pub fn display_width(this: &VideoFrame) -> u32;

    /// Height as drawn, in pixels.
    #[wasm_bindgen(method, getter, js_name = displayHeight)]
    pub fn display_height(this: &VideoFrame) -> u32;

    #[wasm_bindgen(method, getter)]
    fn rotation(this: &VideoFrame) -> Option<f64>;

    #[wasm_bindgen(method, getter)]
    fn flip(this: &VideoFrame) -> Option<bool>;

    /// Frees the pixels.
    #[wasm_bindgen(method)]
    pub fn close(this: &VideoFrame);
}

/// An image decoded at reduced size.
pub struct Reduced {
    /// The pixels.
    pub frame: VideoFrame,
    /// Width of the whole image as displayed, in pixels.
    pub width_px: u32,
    /// Height of the whole image as displayed, in pixels.
    pub height_px: u32,
}

/// The reduced size at which an image of `size` (width and height in pixels, before rotation) can be decoded so that its shorter
/// side has at least `least_px`. `header` is the start of the file. `None` if that is impossible or would not be faster.
pub fn reduced_size(header: &[u8], size: (u32, u32), least_px: u32) -> Option<(u32, u32)> {
    let is_jpeg = header.starts_with(&[0xff, 0xd8, 0xff]);
    let has_decoder = Reflect::has(&js_sys::global(), &"ImageDecoder".into()).unwrap_or(false);
    preprocess::reduced_size(size.0, size.1, least_px).filter(|_| is_jpeg && has_decoder)
}

/// Decodes a JPEG of `size` (width and height in pixels, before rotation) at the reduced size `wanted`. `header` is the start of
/// the file. `None` if that is impossible.
pub async fn decode(bytes: &Uint8Array, header: &[u8], size: (u32, u32), wanted: (u32, u32)) -> Option<Reduced> {
    let decoder = decoder(bytes, wanted).ok()?;
    let frame = first_frame(&decoder).await;
    decoder.close();
    let frame = frame.ok()?;
    let rotation = rotation_of(preprocess::exif_orientation(header));
    let is_sideways = rotation.0 % 180.0 != 0.0;
    let upright = |(width, height): (u32, u32)| if is_sideways { (height, width) } else { (width, height) };
    // Some browsers interpret orientation or size differently; such a frame is not used.
    let is_as_expected = (frame.rotation(), frame.flip()) == (Some(rotation.0), Some(rotation.1))
        && (frame.display_width(), frame.display_height()) == upright(wanted);
    if !is_as_expected {
        frame.close();
        return None;
    }
    let (width_px, height_px) = upright(size);
    Some(Reduced { frame, width_px, height_px })
}

fn decoder(bytes: &Uint8Array, (width_px, height_px): (u32, u32)) -> Result<ImageDecoder, JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"type".into(), &"image/jpeg".into())?;
    Reflect::set(&options, &"data".into(), bytes)?;
    Reflect::set(&options, &"desiredWidth".into(), &width_px.into())?;
    Reflect::set(&options, &"desiredHeight".into(), &height_px.into())?;
    ImageDecoder::new(&options)
}

async fn first_frame(decoder: &ImageDecoder) -> Result<VideoFrame, JsValue> {
    let result = JsFuture::from(decoder.decode()?).await?;
    Ok(Reflect::get(&result, &"image".into())?.unchecked_into())
}

/// An EXIF orientation as a `VideoFrame` reports it: degrees clockwise, and then whether it is mirrored.
fn rotation_of(exif_orientation: u8) -> (f64, bool) {
    match exif_orientation {
        2 => (0.0, true),
        3 => (180.0, false),
        4 => (180.0, true),
        5 => (90.0, true),
        6 => (90.0, false),
        7 => (270.0, true),
        8 => (270.0, false),
        _ => (0.0, false),
    }
}
