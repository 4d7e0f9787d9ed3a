//! Decoded images: drawn by the canvas for the network, the fingerprint and the thumbnail.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ImageBitmap, ImageEncodeOptions, OffscreenCanvasRenderingContext2d};

use crate::canvas::{self, rgba_of};
use crate::error::out_of_memory;
use crate::reduced_decode::{Reduced, VideoFrame};
use shoal::options::FeatureKind;
use shoal::preprocess::{self, Fingerprint, Framing, Ground};
use shoal_browser::api_error::ApiError;

/// The canvas shrinks a large image to this many times the target size. fast_image_resize, which gives the same pixels in every
/// browser, does the rest.
pub const OVERSAMPLING: u32 = 4;
/// The longer side, in pixels, at which an image is examined: whether it is blank, and on which ground it is visible.
const GLANCE_PX: u32 = 128;
/// The short side of a thumbnail, in pixels: twice the size shown, for dense screens.
pub const THUMBNAIL_SHORT_PX: u32 = 192;
/// A thumbnail's long side is cropped to this, in pixels.
const THUMBNAIL_LONG_PX: u32 = 384;

/// A decoded, upright image. Its pixels are in the browser's memory, outside this program's.
///
/// Dropping it frees the pixels without waiting for the garbage collector.
pub struct Decoded {
    pixels: Pixels,
    width_px: u32,
    height_px: u32,
    pages: u32,
    ground: Ground,
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

impl Decoded {
    /// An image of these pixels.
    pub(crate) fn whole(bitmap: ImageBitmap) -> Self {
        let (width_px, height_px) = (bitmap.width(), bitmap.height());
        Self::shrunk(bitmap, width_px, height_px, 1)
    }

    /// An image of `width_px` x `height_px` pixels, the first of `pages` pages; its pixels may be fewer.
    pub(crate) fn shrunk(bitmap: ImageBitmap, width_px: u32, height_px: u32, pages: u32) -> Self {
        Self { pixels: Pixels::Whole(bitmap), width_px, height_px, pages, ground: Ground::WHITE }
    }

    /// An opaque image that was decoded at reduced size.
    pub(crate) fn reduced(Reduced { frame, width_px, height_px }: Reduced) -> Self {
        Self { pixels: Pixels::Reduced(frame), width_px, height_px, pages: 1, ground: Ground::WHITE }
    }

    /// The image over the ground on which its content is visible.
    pub(crate) fn on_its_ground(self) -> Result<Self, ApiError> {
        let ground = Ground::of(&self.glance()?);
        Ok(Self { ground, ..self })
    }

    /// The whole image, small, with its transparency: red, green, blue and straight alpha.
    pub(crate) fn glance(&self) -> Result<Vec<u8>, ApiError> {
        let (area, width, height) = self.whole_within(GLANCE_PX);
        rgba_of(&self.draw(&area, width, height, None)?, width, height)
    }

    /// Width of the whole image, in pixels.
    pub fn width_px(&self) -> u32 {
        self.width_px
    }

    /// Height of the whole image, in pixels.
    pub fn height_px(&self) -> u32 {
        self.height_px
    }

    /// The number of pages of the file, of which the image is the first.
    pub fn pages(&self) -> u32 {
        self.pages
    }

    /// Width and height of the decoded pixels: smaller than the image if it was decoded at reduced size.
    pub fn decoded_px(&self) -> (u32, u32) {
        self.pixels.size()
    }

    /// The image as the network takes it, composited over its ground, and its fingerprint.
    pub fn fit(&self, size_px: u32, kind: FeatureKind) -> Result<Fitted, ApiError> {
        let framing = Framing::new(kind, self.width_px, self.height_px);
        let (width, height) = self.pixels.size();
        let limit_px = size_px * OVERSAMPLING;
        let (area, draw_width, draw_height) = match framing {
            Framing::CropCentre => {
                let side = width.min(height);
                (centre_crop(width, height, side, side), side.min(limit_px), side.min(limit_px))
            }
            Framing::Stretch => (Area { left: 0, top: 0, width, height }, width.min(limit_px), height.min(limit_px)),
            Framing::Letterbox => self.whole_within(limit_px),
        };
        let context = self.draw(&area, draw_width, draw_height, Some(self.ground))?;
        let rgba = rgba_of(&context, draw_width, draw_height)?;
        let rgb_hwc_u8 = preprocess::fit_over(self.ground, &rgba, draw_width, draw_height, size_px, framing)?;
        Ok(Fitted { rgb_hwc_u8, fingerprint: preprocess::fingerprint(&rgba, draw_width, draw_height)? })
    }

    /// The whole image, and the width and height at which its longer side has at most `longest_px`.
    fn whole_within(&self, longest_px: u32) -> (Area, u32, u32) {
        let (width, height) = self.pixels.size();
        let (drawn_width, drawn_height) = preprocess::scaled_to(longest_px.min(width.max(height)), width, height);
        (Area { left: 0, top: 0, width, height }, drawn_width, drawn_height)
    }

    /// A small JPEG of the image.
    pub async fn thumbnail(&self) -> Result<Blob, ApiError> {
        let (width, height) = self.pixels.size();
        let scale = (f64::from(THUMBNAIL_SHORT_PX) / f64::from(width.min(height))).min(1.0);
        let long_px = (f64::from(THUMBNAIL_LONG_PX) / scale) as u32;
        let area = centre_crop(width, height, width.min(long_px), height.min(long_px));
        let scaled = |side: u32| ((f64::from(side) * scale).round() as u32).max(1);
        let context = self.draw(&area, scaled(area.width), scaled(area.height), Some(self.ground))?;
        let options = ImageEncodeOptions::new();
        options.set_type("image/jpeg");
        options.set_quality(0.8);
        let promise =
            context.canvas().convert_to_blob_with_options(&options).map_err(|thrown| out_of_memory(&thrown))?;
        let blob = JsFuture::from(promise).await.map_err(|thrown| out_of_memory(&thrown))?;
        Ok(blob.unchecked_into())
    }

    /// Draws an area of the image at a size, over `ground` or, without one, with its transparency.
    fn draw(
        &self,
        area: &Area,
        width: u32,
        height: u32,
        ground: Option<Ground>,
    ) -> Result<OffscreenCanvasRenderingContext2d, ApiError> {
        let context = canvas::context(width, height)?;
        if let Some([red, green, blue]) = ground.map(Ground::rgb) {
            context.set_fill_style_str(&format!("rgb({red} {green} {blue})"));
            context.fill_rect(0.0, 0.0, f64::from(width), f64::from(height));
        }
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
