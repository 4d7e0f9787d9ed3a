//! Decoding by the browser or, for formats that it does not support, by the program `decoders` or libheif.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, File, ImageBitmap, ImageBitmapOptions, ImageData, ImageEncodeOptions, ImageOrientation, OffscreenCanvas,
    OffscreenCanvasRenderingContext2d,
};

use crate::decoders::{self, Picture};
use crate::error::WorkerError;
use crate::heif;
use crate::reduced_decode::{self, VideoFrame};
use shoal::collection::sidecars::FileKind;
use shoal::options::FeatureKind;
use shoal::preprocess::ImageError;
use shoal::preprocess::{self, Fingerprint, Framing};
use shoal_browser::api_error::{ApiError, thrown_message};
use shoal_browser::blob::blob_of;
use shoal_browser::worker_scope::scope;
use shoal_protocol::Decoding;

/// How many bytes are searched for the header: enough for one that follows a long colour profile.
const HEADER_BYTES: u32 = 4 << 20;
/// The canvas shrinks a large image to this many times the target size. fast_image_resize, which gives the same pixels in every
/// browser, does the rest.
const OVERSAMPLING: u32 = 4;
/// An image decoded at reduced size has at least this many times the target size.
const REDUCED_OVERSAMPLING: u32 = 2;
/// How many bytes of memory a pixel takes.
const RGBA_BYTES: u64 = 4;
/// About how many times the bytes of a file of unknown format its pixels take.
const UNKNOWN_EXPANSION: u64 = 32;
/// The short side of a thumbnail, in pixels: twice the size shown, for dense screens.
const THUMBNAIL_SHORT_PX: u32 = 192;
/// A thumbnail's long side is cropped to this, in pixels.
const THUMBNAIL_LONG_PX: u32 = 384;

/// A decoded, upright image. Its pixels are in the browser's memory, outside this program's.
///
/// Dropping it frees the pixels without waiting for the garbage collector.
pub struct Decoded {
    pixels: Pixels,
    width_px: u32,
    height_px: u32,
}

enum Pixels {
    Whole(ImageBitmap),
    Reduced(VideoFrame),
}

/// An image as the network takes it.
pub struct Fitted {
    /// Its pixels: `size_px * size_px * 3` values.
    pub rgb_hwc_u8: Vec<u8>,
    /// The fingerprint, which identifies copies, computed from the part of the image that the network sees.
    pub fingerprint: Fingerprint,
}

/// A rectangle of an image, in pixels.
struct Area {
    left: u32,
    top: u32,
    width: u32,
    height: u32,
}

/// How an image is decoded, and how much memory that takes.
pub struct DecodingPlan {
    /// About how many bytes decoding takes, the file's own not counted.
    pub memory_bytes: u64,
    /// About how many it takes to decode the whole image, if it is to be decoded at reduced size.
    whole_bytes: u64,
    header: Vec<u8>,
    /// Width and height in pixels, before rotation, of an image that can be decoded at reduced size, and this size.
    reduced: Option<((u32, u32), (u32, u32))>,
    /// Why the whole image is not decoded, if so.
    too_large: Option<ImageError>,
    size_px: u32,
}

impl DecodingPlan {
    /// The plan for an image that will be resized to `size_px`. Only the header is read.
    ///
    /// # Errors
    /// Those of [`ImageError`]: a header that claims too many pixels is rejected before anything is decoded, unless the image
    /// can be decoded at reduced size.
    pub fn of(bytes: &Uint8Array, size_px: u32) -> Result<Self, ImageError> {
        let header = bytes.subarray(0, HEADER_BYTES.min(bytes.length())).to_vec();
        let (size, too_large) = match preprocess::probe(&header) {
            Ok(size) => (size, None),
            Err(ImageError::TooLarge { width, height, limit_megapixels }) => {
                (Some((width, height)), Some(ImageError::TooLarge { width, height, limit_megapixels }))
            }
            // The browser may still be able to decode it.
            Err(ImageError::Damaged(_) | ImageError::NotAPicture) => (None, None),
            Err(error) => return Err(error),
        };
        let least_px = THUMBNAIL_SHORT_PX.max(size_px * REDUCED_OVERSAMPLING);
        let reduced = size.and_then(|size| Some((size, reduced_decode::reduced_size(&header, size, least_px)?)));
        if let (Some(error), None) = (&too_large, reduced) {
            return Err(error.clone());
        }
        let whole_bytes = match size {
            Some(size) => preprocess::decoding_bytes(&header, size),
            // A format that only the browser knows.
            None => u64::from(bytes.length()) * UNKNOWN_EXPANSION,
        };
        let memory_bytes =
            reduced.map_or(whole_bytes, |(_, (width, height))| u64::from(width) * u64::from(height) * RGBA_BYTES);
        Ok(Self { memory_bytes, whole_bytes, header, reduced, too_large, size_px })
    }
}

/// What is decoded of a file: the preview of a raw image, otherwise all of it.
///
/// # Errors
/// [`ImageError::NoRawPreview`]; [`WorkerError::DecodersUnreachable`], [`WorkerError::OutOfMemory`].
pub async fn source(file: &File, bytes: &Uint8Array) -> Result<(Blob, Uint8Array), ApiError> {
    if FileKind::of(&file.name()) != FileKind::Raw {
        return Ok((file.clone().into(), bytes.clone()));
    }
    let preview = decoders::raw_preview(bytes).await?;
    let blob = blob_of(&Array::of1(&preview), "image/jpeg").map_err(|thrown| out_of_memory(&thrown))?;
    Ok((blob, preview))
}

/// Decodes an image: upright by EXIF, and the first frame of an animation. It needs more memory than planned if it cannot be
/// decoded at reduced size.
///
/// # Errors
/// Those of [`ImageError`]. [`WorkerError::OutOfMemory`], [`WorkerError::DecodersUnreachable`].
pub async fn decode(
    file: &Blob,
    bytes: &Uint8Array,
    plan: &DecodingPlan,
    memory_bytes: u64,
) -> Result<Decoding<Decoded>, ApiError> {
    if let Some((size, wanted)) = plan.reduced {
        if let Some(reduced) = reduced_decode::decode(bytes, &plan.header, size, wanted).await {
            let (width_px, height_px) = (reduced.width_px, reduced.height_px);
            return Ok(Decoding::Done(Decoded { pixels: Pixels::Reduced(reduced.frame), width_px, height_px }));
        }
        if let Some(error) = &plan.too_large {
            return Err(error.clone().into());
        }
        if plan.whole_bytes > memory_bytes {
            return Ok(Decoding::NeedsMemory { bytes: plan.whole_bytes });
        }
    }
    decode_whole(file, bytes, plan).await.map(Decoding::Done)
}

async fn decode_whole(file: &Blob, bytes: &Uint8Array, plan: &DecodingPlan) -> Result<Decoded, ApiError> {
    let options = ImageBitmapOptions::new();
    options.set_image_orientation(ImageOrientation::FromImage);
    let by_browser = scope().create_image_bitmap_with_blob_and_image_bitmap_options(file, &options);
    if let Ok(promise) = by_browser
        && let Ok(bitmap) = JsFuture::from(promise).await
    {
        return Ok(Decoded::whole(bitmap.unchecked_into()));
    }
    if preprocess::is_heif(&plan.header) {
        return Ok(Decoded::whole(bitmap_of(&heif::decode(bytes).await?).await?));
    }
    let least_px = THUMBNAIL_SHORT_PX.max(plan.size_px * OVERSAMPLING);
    let Picture { pixels, width_px, height_px } = decoders::decode(bytes, least_px).await?;
    Ok(Decoded { pixels: Pixels::Whole(bitmap_of(&pixels).await?), width_px, height_px })
}

async fn bitmap_of(pixels: &ImageData) -> Result<ImageBitmap, ApiError> {
    let promise = scope().create_image_bitmap_with_image_data(pixels).map_err(|thrown| out_of_memory(&thrown))?;
    Ok(JsFuture::from(promise).await.map_err(|thrown| out_of_memory(&thrown))?.unchecked_into())
}

impl Decoded {
    fn whole(bitmap: ImageBitmap) -> Self {
        let (width_px, height_px) = (bitmap.width(), bitmap.height());
        Self { pixels: Pixels::Whole(bitmap), width_px, height_px }
    }

    /// Width of the whole image, in pixels.
    pub fn width_px(&self) -> u32 {
        self.width_px
    }

    /// Height of the whole image, in pixels.
    pub fn height_px(&self) -> u32 {
        self.height_px
    }

    /// Width and height of the decoded pixels: smaller than the image if it was decoded at reduced size.
    pub fn decoded_px(&self) -> (u32, u32) {
        self.pixels.size()
    }

    /// The image as the network takes it, composited over white, and its fingerprint.
    pub fn fit(&self, size_px: u32, kind: FeatureKind) -> Result<Fitted, ApiError> {
        let framing = Framing::for_kind(kind);
        let (width, height) = self.pixels.size();
        let area = match framing {
            Framing::CropCentre => centre_crop(width, height, width.min(height), width.min(height)),
            Framing::Stretch => Area { left: 0, top: 0, width, height },
        };
        let limit_px = size_px * OVERSAMPLING;
        let (draw_width, draw_height) = (area.width.min(limit_px), area.height.min(limit_px));
        let context = self.draw(&area, draw_width, draw_height)?;
        let data = context
            .get_image_data(0.0, 0.0, f64::from(draw_width), f64::from(draw_height))
            .map_err(|thrown| out_of_memory(&thrown))?;
        let rgba = data.data();
        let rgb_hwc_u8 = preprocess::fit(&rgba, draw_width, draw_height, size_px, framing)?;
        Ok(Fitted { rgb_hwc_u8, fingerprint: preprocess::fingerprint(&rgba, draw_width, draw_height)? })
    }

    /// A small JPEG of the image.
    pub async fn thumbnail(&self) -> Result<Blob, ApiError> {
        let (width, height) = self.pixels.size();
        let scale = (f64::from(THUMBNAIL_SHORT_PX) / f64::from(width.min(height))).min(1.0);
        let long_px = (f64::from(THUMBNAIL_LONG_PX) / scale) as u32;
        let area = centre_crop(width, height, width.min(long_px), height.min(long_px));
        let scaled = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
        let context = self.draw(&area, scaled(area.width), scaled(area.height))?;
        let options = ImageEncodeOptions::new();
        options.set_type("image/jpeg");
        options.set_quality(0.8);
        let promise =
            context.canvas().convert_to_blob_with_options(&options).map_err(|thrown| out_of_memory(&thrown))?;
        let blob = JsFuture::from(promise).await.map_err(|thrown| out_of_memory(&thrown))?;
        Ok(blob.unchecked_into())
    }

    fn draw(&self, area: &Area, width: u32, height: u32) -> Result<OffscreenCanvasRenderingContext2d, ApiError> {
        let canvas = OffscreenCanvas::new(width, height).map_err(|thrown| out_of_memory(&thrown))?;
        let settings = js_sys::Object::new();
        // In main memory, since pixels drawn by a GPU differ between machines and are slow to read back.
        js_sys::Reflect::set(&settings, &"willReadFrequently".into(), &JsValue::TRUE)
            .map_err(|thrown| out_of_memory(&thrown))?;
        let context: OffscreenCanvasRenderingContext2d = canvas
            .get_context_with_context_options("2d", &settings)
            .map_err(|thrown| out_of_memory(&thrown))?
            .ok_or(WorkerError::NoCanvas)?
            .unchecked_into();
        context.set_fill_style_str("white");
        context.fill_rect(0.0, 0.0, f64::from(width), f64::from(height));
        js_sys::Reflect::set(&context, &"imageSmoothingQuality".into(), &"high".into())
            .map_err(|thrown| out_of_memory(&thrown))?;
        context
            .draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                self.pixels.as_drawable(),
                f64::from(area.left),
                f64::from(area.top),
                f64::from(area.width),
                f64::from(area.height),
                0.0,
                0.0,
                f64::from(width),
                f64::from(height),
            )
            .map_err(|thrown| out_of_memory(&thrown))?;
        Ok(context)
    }
}

impl Pixels {
    /// Width and height of the decoded pixels.
    fn size(&self) -> (u32, u32) {
        match self {
            Self::Whole(bitmap) => (bitmap.width(), bitmap.height()),
            Self::Reduced(frame) => (frame.display_width(), frame.display_height()),
        }
    }

    fn as_drawable(&self) -> &ImageBitmap {
        match self {
            Self::Whole(bitmap) => bitmap,
            // A canvas draws both by the same call; web-sys has the frame's overload only behind its unstable flag.
            Self::Reduced(frame) => frame.unchecked_ref(),
        }
    }
}

impl Drop for Pixels {
    fn drop(&mut self) {
        match self {
            Self::Whole(bitmap) => bitmap.close(),
            Self::Reduced(frame) => frame.close(),
        }
    }
}

fn centre_crop(width: u32, height: u32, crop_width: u32, crop_height: u32) -> Area {
    Area { left: (width - crop_width) / 2, top: (height - crop_height) / 2, width: crop_width, height: crop_height }
}

fn out_of_memory(thrown: &JsValue) -> WorkerError {
    WorkerError::OutOfMemory(thrown_message(thrown))
}
