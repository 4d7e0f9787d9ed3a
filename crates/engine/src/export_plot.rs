//! `exportPlot`: a chart or the contact sheet as a picture, light and large, whatever the page looks like.

use std::rc::Rc;

use js_sys::{Array, Promise};
use plotters::prelude::IntoDrawingArea;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap};

use crate::{Engine, Operation};
use shoal::collection::Clustering;
use shoal::options::OptionError;
use shoal::plot::{ContactSheet, FIGURE_PX, Figure, SheetTile, SheetWords, figure_style};
use shoal_browser::api_error::ApiError;
use shoal_browser::blob::blob_of;
use shoal_browser::canvas::{MeasuringCanvas, context_of, detached};

/// A PNG has this many pixels for one of an SVG, along each side.
const PNG_SCALE: u32 = 2;
/// No browser has a canvas with a longer side, in pixels.
const CANVAS_SIDE_MAX: u32 = 16_384;

/// What of an clustering is exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlotKind {
    /// A chart.
    Chart(Figure),
    /// The contact sheet.
    Contact,
}

impl PlotKind {
    /// The kind that the public API calls so.
    pub fn parse(kind: &str) -> Result<Self, ApiError> {
        if kind == "contact" { Ok(Self::Contact) } else { Ok(Self::Chart(kind.parse()?)) }
    }
}

/// How it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlotFormat {
    /// Pixels.
    Png,
    /// Shapes and text.
    Svg,
}

impl PlotFormat {
    /// The format that the public API calls so.
    pub fn parse(format: &str) -> Result<Self, ApiError> {
        match format {
            "png" => Ok(Self::Png),
            "svg" => Ok(Self::Svg),
            _ => Err(OptionError { name: "format", value: format.into(), allowed: "png or svg" }.into()),
        }
    }
}

impl Engine {
    /// A chart of the latest result; `swept`, where it is given, has the curve over the number of groups in its stead.
    pub async fn export_plot(
        &self,
        kind: PlotKind,
        format: PlotFormat,
        swept: Option<Rc<Clustering>>,
    ) -> Result<Blob, ApiError> {
        let operation = self.begin_quietly().await?;
        let clustering = self.current()?;
        match (kind, format) {
            (PlotKind::Chart(figure), format) => {
                let with_curve;
                let clustering = match swept.filter(|_| figure == Figure::Curve && clustering.curve.is_none()) {
                    Some(swept) => {
                        with_curve = Clustering { k: clustering.k, ..Clustering::clone(&swept) };
                        &with_curve
                    }
                    None => &*clustering,
                };
                figure.check(clustering)?;
                match format {
                    PlotFormat::Svg => svg_blob(&figure.svg(clustering)?),
                    PlotFormat::Png => chart_png(figure, clustering).await,
                }
            }
            (PlotKind::Contact, PlotFormat::Svg) => {
                let sheet = ContactSheet::new(&clustering);
                let uris = self.data_uris(&operation, sheet.tiles.iter().map(|tile| tile.path.as_str())).await?;
                svg_blob(&sheet.svg(|path| uris.get(path).cloned()))
            }
            (PlotKind::Contact, PlotFormat::Png) => self.sheet_png(&operation, &ContactSheet::new(&clustering)).await,
        }
    }

    async fn sheet_png(&self, operation: &Operation<'_>, sheet: &ContactSheet) -> Result<Blob, ApiError> {
        let scale = f64::from(PNG_SCALE).min(f64::from(CANVAS_SIDE_MAX) / f64::from(sheet.height_px));
        let side = |px: u32| (f64::from(px) * scale).round() as u32;
        let (canvas, context) = canvas(side(sheet.width_px), side(sheet.height_px))?;
        context.scale(scale, scale).map_err(|thrown| no_canvas(&thrown))?;
        context.set_fill_style_str("#ffffff");
        context.fill_rect(0.0, 0.0, sheet.width_px.into(), sheet.height_px.into());
        for (x, y, fill) in &sheet.dots {
            context.set_fill_style_str(fill);
            context.begin_path();
            context.arc(*x, *y, 7.0, 0.0, std::f64::consts::TAU).map_err(|thrown| no_canvas(&thrown))?;
            context.fill();
        }
        context.set_fill_style_str("#1e2632");
        for SheetWords { x_px, y_px, size_px, bold, words } in &sheet.words {
            context.set_font(&format!("{} {size_px}px sans-serif", if *bold { "bold" } else { "normal" }));
            context.fill_text(words, *x_px, *y_px).map_err(|thrown| no_canvas(&thrown))?;
        }
        for tile in &sheet.tiles {
            self.draw_tile(&context, tile).await?;
            operation.check()?;
        }
        png_of(&canvas).await
    }

    /// Draws a picture's thumbnail over its square, cropped to it.
    async fn draw_tile(&self, context: &CanvasRenderingContext2d, tile: &SheetTile) -> Result<(), ApiError> {
        let (x, y, side) = (f64::from(tile.x_px), f64::from(tile.y_px), f64::from(tile.side_px));
        let Some(thumbnail) = self.thumbnail(&tile.path) else { return Ok(()) };
        let window = web_sys::window().ok_or_else(no_page)?;
        let decoding = window.create_image_bitmap_with_blob(&thumbnail).map_err(|thrown| no_canvas(&thrown))?;
        let Ok(bitmap) = JsFuture::from(decoding).await else { return Ok(()) };
        let bitmap: ImageBitmap = bitmap.unchecked_into();
        let (width, height) = (f64::from(bitmap.width()), f64::from(bitmap.height()));
        let shown = width.min(height);
        let drawn = context.draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
            &bitmap,
            (width - shown) / 2.0,
            (height - shown) / 2.0,
            shown,
            shown,
            x,
            y,
            side,
            side,
        );
        bitmap.close();
        drawn.map_err(|thrown| no_canvas(&thrown))
    }
}

async fn chart_png(figure: Figure, clustering: &Clustering) -> Result<Blob, ApiError> {
    let (canvas, _) = canvas(FIGURE_PX.0 * PNG_SCALE, FIGURE_PX.1 * PNG_SCALE)?;
    let area = MeasuringCanvas::new(canvas.clone()).ok_or_else(no_page)?.into_drawing_area();
    let drawn = figure.draw(&area, clustering, figure_style(PNG_SCALE as f32));
    drawn.map_err(|error| ApiError::new("plot-failed", format!("the chart could not be drawn: {error}")))?;
    png_of(&canvas).await
}

/// A canvas apart from the page.
fn canvas(width: u32, height: u32) -> Result<(HtmlCanvasElement, CanvasRenderingContext2d), ApiError> {
    let canvas = detached().ok_or_else(no_page)?;
    canvas.set_width(width);
    canvas.set_height(height);
    let context = context_of(&canvas).ok_or_else(no_page)?;
    Ok((canvas, context))
}

async fn png_of(canvas: &HtmlCanvasElement) -> Result<Blob, ApiError> {
    let mut asked = Ok(());
    let promise = Promise::new(&mut |resolve, _| {
        let done = Closure::once_into_js(move |blob: JsValue| {
            // Resolving a promise made here cannot fail.
            let _ = resolve.call1(&JsValue::NULL, &blob);
        });
        asked = canvas.to_blob(done.unchecked_ref());
    });
    asked.map_err(|thrown| no_canvas(&thrown))?;
    let blob = JsFuture::from(promise).await.map_err(|thrown| no_canvas(&thrown))?;
    blob.dyn_into().map_err(|_| ApiError::new("out-of-memory", "there was no room for the picture's pixels"))
}

fn svg_blob(document: &str) -> Result<Blob, ApiError> {
    blob_of(&Array::of1(&document.into()), "image/svg+xml")
}

fn no_page() -> ApiError {
    ApiError::new("no-canvas", "there is no canvas to draw on here")
}

fn no_canvas(thrown: &JsValue) -> ApiError {
    ApiError::thrown("no-canvas", "the chart could not be drawn", thrown)
}
