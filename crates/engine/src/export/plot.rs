//! Charts as files, in the light theme and at a fixed size, independent of the page.

use std::rc::Rc;
use std::str::FromStr;

use js_sys::{Array, Promise};
use plotters::prelude::IntoDrawingArea;
use shoal::collection::Clustering;
use shoal::options::OptionError;
use shoal::plot::{ChartData, ChartImage, ChartKind, ChartView, PlotError, PlotStyle};
use shoal_browser::api_error::{ApiError, thrown_message};
use shoal_browser::canvas::{MeasuringCanvas, context_of, detached};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap};

use super::ExportContext;
use super::error::ExportError;
use super::thumbnails::data_uris;
use super::zip_blob::blob;

/// The pixels of a PNG per pixel of an SVG, along each side.
const PNG_SCALE: f64 = 2.0;
/// The longest side of a canvas that every browser supports, in pixels.
const CANVAS_SIDE_MAX_PX: u32 = 16_384;

/// The file format of an exported chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlotFormat {
    /// Pixels.
    Png,
    /// Shapes and text.
    Svg,
}

impl PlotFormat {
    /// Every format, in the order in which the interface offers them.
    pub const ALL: [Self; 2] = [Self::Png, Self::Svg];

    /// The format's name in the public API, which is also the extension of its files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
        }
    }
}

impl FromStr for PlotFormat {
    type Err = OptionError;

    fn from_str(name: &str) -> Result<Self, OptionError> {
        let format = Self::ALL.into_iter().find(|format| format.name() == name);
        format.ok_or_else(|| OptionError { name: "format", value: name.into(), allowed: "png or svg" })
    }
}

/// A chart of the latest result, in a view. If that has no curve over the number of clusters, the curve of `swept` is used.
pub async fn export_plot(
    context: &ExportContext<'_>,
    kind: ChartKind,
    format: PlotFormat,
    view: ChartView,
    swept: Option<Rc<Clustering>>,
) -> Result<Blob, ApiError> {
    let current = context.clusters.require_result()?;
    let clustering = match swept {
        Some(swept) if current.curve.is_none() => Rc::new(Clustering {
            curve: swept.curve.clone(),
            proposals: swept.proposals.clone(),
            ..Clustering::clone(&current)
        }),
        _ => current,
    };
    let data = ChartData { clustering: &clustering, view };
    kind.check(&data)?;
    match format {
        PlotFormat::Svg => {
            let images = kind.images(&data, kind.size_px(&data));
            let paths = images.iter().map(|image| image.path.as_str());
            let thumbnails = data_uris(context.operation, context.collection, paths).await?;
            let document = kind.svg(&data, &thumbnails)?;
            Ok(blob(&Array::of1(&document.into()), "image/svg+xml")?)
        }
        PlotFormat::Png => png(context, kind, &data).await,
    }
}

async fn png(context: &ExportContext<'_>, kind: ChartKind, data: &ChartData<'_>) -> Result<Blob, ApiError> {
    let (width_px, height_px) = kind.size_px(data);
    let scale = PNG_SCALE.min(f64::from(CANVAS_SIDE_MAX_PX) / f64::from(width_px.max(height_px)));
    let side_px = |px: u32| (f64::from(px) * scale).round() as u32;
    let size_px = (side_px(width_px), side_px(height_px));
    let canvas = canvas(size_px)?;
    let canvas_context = context_of(&canvas).ok_or(ExportError::NoCanvas)?;
    let area = MeasuringCanvas::new(canvas.clone()).ok_or(ExportError::NoCanvas)?.into_drawing_area();
    let drawn = kind.draw(&area, data, PlotStyle::for_export(scale as f32));
    drawn.map_err(|error| PlotError::Draw(error.to_string()))?;
    for image in kind.images(data, size_px) {
        draw_thumbnail(context, &canvas_context, &image).await?;
        context.operation.check()?;
    }
    Ok(encode_png(&canvas).await?)
}

/// Draws an image's thumbnail over its square, cropped at its centre. An image without a readable thumbnail is left out.
async fn draw_thumbnail(
    context: &ExportContext<'_>,
    canvas: &CanvasRenderingContext2d,
    image: &ChartImage,
) -> Result<(), ExportError> {
    let (x_px, y_px, side_px) = (f64::from(image.x_px), f64::from(image.y_px), f64::from(image.side_px));
    let thumbnail = context.collection.images().thumbnail(&image.path);
    let Some(thumbnail) = thumbnail else { return Ok(()) };
    let window = web_sys::window().ok_or(ExportError::NoCanvas)?;
    let decoding = window.create_image_bitmap_with_blob(&thumbnail).map_err(|thrown| not_drawn(&thrown))?;
    let Ok(bitmap) = JsFuture::from(decoding).await else { return Ok(()) };
    let bitmap: ImageBitmap = bitmap.unchecked_into();
    let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
    let shown = width.min(height);
    let drawn = canvas.draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
        &bitmap,
        (width - shown) / 2.0,
        (height - shown) / 2.0,
        shown,
        shown,
        x_px,
        y_px,
        side_px,
        side_px,
    );
    bitmap.close();
    drawn.map_err(|thrown| not_drawn(&thrown))
}

/// A canvas outside the document.
fn canvas((width_px, height_px): (u32, u32)) -> Result<HtmlCanvasElement, ExportError> {
    let canvas = detached().ok_or(ExportError::NoCanvas)?;
    canvas.set_width(width_px);
    canvas.set_height(height_px);
    Ok(canvas)
}

async fn encode_png(canvas: &HtmlCanvasElement) -> Result<Blob, ExportError> {
    let mut requested = Ok(());
    let promise = Promise::new(&mut |resolve, _| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            // Resolving a promise made here cannot fail.
            let _ = resolve.call1(&JsValue::NULL, &blob);
        });
        requested = canvas.to_blob(done.unchecked_ref());
    });
    requested.map_err(|thrown| not_drawn(&thrown))?;
    let blob = JsFuture::from(promise).await.map_err(|thrown| not_drawn(&thrown))?;
    blob.dyn_into().map_err(|_| ExportError::OutOfMemory)
}

fn not_drawn(thrown: &JsValue) -> ExportError {
    ExportError::NotDrawn(thrown_message(thrown))
}
