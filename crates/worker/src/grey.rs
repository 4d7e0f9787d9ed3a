//! Grey pixels of images that the browser decodes, to compare copies.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ImageBitmap, OffscreenCanvasRenderingContext2d};

use crate::canvas;
use crate::error::out_of_memory;
use shoal_browser::api_error::ApiError;
use shoal_browser::worker_scope::scope;

/// A decoded image. Dropping it frees its pixels.
pub struct Bitmap(ImageBitmap);

impl Bitmap {
    /// Decodes an image, upright; `None` if the browser cannot.
    pub async fn decode(image: &Blob) -> Option<Self> {
        let promise = scope().create_image_bitmap_with_blob(image).ok()?;
        Some(Self(JsFuture::from(promise).await.ok()?.unchecked_into()))
    }

    /// Width and height, in pixels.
    pub fn size(&self) -> (u32, u32) {
        (self.0.width(), self.0.height())
    }
}

impl Drop for Bitmap {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// A canvas from which grey pixels are read: squares of `side_px`, one below the other.
pub struct Squares {
    context: OffscreenCanvasRenderingContext2d,
    side_px: u32,
    count: u32,
}

impl Squares {
    /// A canvas for `count` squares, white where nothing is drawn.
    pub fn new(side_px: u32, count: u32) -> Result<Self, ApiError> {
        let context = canvas::context(side_px, side_px * count)?;
        context.set_fill_style_str("white");
        context.fill_rect(0.0, 0.0, f64::from(side_px), f64::from(side_px * count));
        Ok(Self { context, side_px, count })
    }

    /// Draws the part of an image with this upper left corner, width and height into a square, stretched.
    pub fn draw(&self, square: u32, bitmap: &Bitmap, corner: (u32, u32), size: (u32, u32)) -> Result<(), ApiError> {
        let side = f64::from(self.side_px);
        self.context
            .draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                &bitmap.0,
                corner.0.into(),
                corner.1.into(),
                size.0.into(),
                size.1.into(),
                0.0,
                side * f64::from(square),
                side,
                side,
            )
            .map_err(|thrown| out_of_memory(&thrown).into())
    }

    /// The grey values of every square, Rec. 601's luma.
    pub fn read(&self) -> Result<Vec<Vec<u8>>, ApiError> {
        let rgba = canvas::rgba_of(&self.context, self.side_px, self.side_px * self.count)?;
        let luma = |&[red, green, blue, _]: &[u8; 4]| {
            ((299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue) + 500) / 1000) as u8
        };
        let grey: Vec<u8> = rgba.as_chunks::<4>().0.iter().map(luma).collect();
        Ok(grey.chunks_exact((self.side_px * self.side_px) as usize).map(<[u8]>::to_vec).collect())
    }
}
