//! Decoding by the browser or, for formats that it does not support, by the program `decoders` or libheif.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, ImageBitmap, ImageBitmapOptions, ImageData, ImageOrientation};

pub use crate::decoded::{Decoded, Fitted};
use crate::decoded::{OVERSAMPLING, THUMBNAIL_SHORT_PX};
use crate::decoders::{self, Picture};
use crate::error::out_of_memory;
use crate::{heif, reduced_decode};
use shoal::collection::sidecars::FileKind;
use shoal::preprocess::{self, ImageError};
use shoal_browser::api_error::ApiError;
use shoal_browser::blob::blob_of;
use shoal_browser::worker_scope::scope;
use shoal_protocol::Decoding;

/// The first bytes of a JPEG.
const JPEG: &[u8] = &[0xff, 0xd8, 0xff];
/// How many bytes are searched for the header: enough for one that follows a long colour profile.
const HEADER_BYTES: u32 = 4 << 20;
/// An image decoded at reduced size has at least this many times the target size.
const REDUCED_OVERSAMPLING: u32 = 2;
/// How many bytes of memory a pixel takes.
const RGBA_BYTES: u64 = 4;
/// About how many times the bytes of a file of unknown format its pixels take.
const UNKNOWN_EXPANSION: u64 = 32;

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
/// [`ImageError::NoRawPreview`]; [`DecodersUnreachable`](crate::error::WorkerError::DecodersUnreachable), [`OutOfMemory`](crate::error::WorkerError::OutOfMemory).
pub async fn source(file: &File, bytes: &Uint8Array) -> Result<(Blob, Uint8Array), ApiError> {
    if FileKind::of(&file.name()) != FileKind::Raw {
        return Ok((file.clone().into(), bytes.clone()));
    }
    let preview = decoders::raw_preview(bytes).await?;
    let blob = blob_of(&Array::of1(&preview), "image/jpeg").map_err(|thrown| out_of_memory(&thrown))?;
    Ok((blob, preview))
}

/// Decodes an image: upright by EXIF; the first frame of an animation that is not blank, and the first page of a TIFF file. It needs
/// more memory than planned if it cannot be decoded at reduced size.
///
/// # Errors
/// Those of [`ImageError`]. [`OutOfMemory`](crate::error::WorkerError::OutOfMemory), [`DecodersUnreachable`](crate::error::WorkerError::DecodersUnreachable).
pub async fn decode(
    file: &Blob,
    bytes: &Uint8Array,
    plan: &DecodingPlan,
    memory_bytes: u64,
) -> Result<Decoding<Decoded>, ApiError> {
    if let Some((size, wanted)) = plan.reduced {
        if let Some(reduced) = reduced_decode::decode(bytes, &plan.header, size, wanted).await {
            return Ok(Decoding::Done(Decoded::reduced(reduced)));
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
    if preprocess::is_tiff(&plan.header) {
        // By the browser only if that fails, so that a file looks the same in every browser.
        return match by_decoders(bytes, plan).await {
            Ok(decoded) => Ok(decoded),
            Err(error) => Decoded::whole(by_browser(file).await.ok_or(error)?).on_its_ground(),
        };
    }
    if let Some(bitmap) = by_browser(file).await {
        let decoded = Decoded::whole(bitmap);
        // A JPEG has neither transparency nor frames.
        if plan.header.starts_with(JPEG) {
            return Ok(decoded);
        }
        return first_visible(decoded, bytes, plan).await?.on_its_ground();
    }
    if preprocess::is_heif(&plan.header) {
        return Decoded::whole(bitmap_of(&heif::decode(bytes).await?).await?).on_its_ground();
    }
    by_decoders(bytes, plan).await
}

async fn by_browser(file: &Blob) -> Option<ImageBitmap> {
    let options = ImageBitmapOptions::new();
    options.set_image_orientation(ImageOrientation::FromImage);
    let promise = scope().create_image_bitmap_with_blob_and_image_bitmap_options(file, &options).ok()?;
    Some(JsFuture::from(promise).await.ok()?.unchecked_into())
}

async fn by_decoders(bytes: &Uint8Array, plan: &DecodingPlan) -> Result<Decoded, ApiError> {
    let least_px = THUMBNAIL_SHORT_PX.max(plan.size_px * OVERSAMPLING);
    let Picture { pixels, width_px, height_px, pages } = decoders::decode(bytes, least_px).await?;
    Decoded::shrunk(bitmap_of(&pixels).await?, width_px, height_px, pages).on_its_ground()
}

/// The image or, if it is the blank first frame of an animation, the first frame that is not, if the decoders find one.
async fn first_visible(decoded: Decoded, bytes: &Uint8Array, plan: &DecodingPlan) -> Result<Decoded, ApiError> {
    if !preprocess::may_be_animated(&plan.header) || !preprocess::is_blank(&decoded.glance()?) {
        return Ok(decoded);
    }
    match decoders::first_visible_frame(bytes).await {
        Ok(Some(pixels)) => Ok(Decoded::whole(bitmap_of(&pixels).await?)),
        Ok(None) | Err(_) => Ok(decoded),
    }
}

async fn bitmap_of(pixels: &ImageData) -> Result<ImageBitmap, ApiError> {
    let promise = scope().create_image_bitmap_with_image_data(pixels).map_err(|thrown| out_of_memory(&thrown))?;
    Ok(JsFuture::from(promise).await.map_err(|thrown| out_of_memory(&thrown))?.unchecked_into())
}
