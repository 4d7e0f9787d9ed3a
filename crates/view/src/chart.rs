//! A chart on a canvas that is redrawn when its data, its size or the theme changes.

use leptos::{html, prelude::*};
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::prelude::IntoDrawingArea;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{HtmlCanvasElement, ResizeObserver};

use crate::render_queue::enqueue;
use crate::theme::{dark_query, device_pixel_ratio, theme};
use shoal::plot::PlotStyle;
use shoal_browser::canvas::MeasuringCanvas;

/// The drawing area of a chart.
pub type Area = DrawingArea<MeasuringCanvas, Shift>;

/// The size and style of a canvas.
#[derive(Clone, Debug, PartialEq)]
pub struct Surface {
    /// Width and height, in canvas pixels.
    pub size_px: (u32, u32),
    /// The theme and the canvas pixels per CSS pixel.
    pub style: PlotStyle,
}

impl Surface {
    /// Resizes a canvas to this surface, which clears it. `None` if the browser gives no drawing context.
    pub fn prepare(&self, canvas: &HtmlCanvasElement) -> Option<Area> {
        canvas.set_width(self.size_px.0);
        canvas.set_height(self.size_px.1);
        Some(MeasuringCanvas::new(canvas.clone())?.into_drawing_area())
    }

    /// Converts a length from CSS pixels to canvas pixels.
    pub fn to_px(&self, css_px: f64) -> f64 {
        css_px * f64::from(self.style.scale)
    }

    /// Converts a length from canvas pixels to CSS pixels.
    pub fn to_css_px(&self, px: f64) -> f64 {
        px / f64::from(self.style.scale)
    }
}

/// The surface of a canvas, kept up to date. `None` while the canvas is not laid out.
pub fn watch(canvas: NodeRef<html::Canvas>) -> RwSignal<Option<Surface>> {
    let surface = RwSignal::new(None);
    let latest = StoredValue::new(None);
    let remeasure = move || {
        // Measured at once, while the layout is known; drawn through the queue, because all charts change together.
        let measured = canvas.try_get_untracked().flatten().and_then(|canvas| measure(&canvas));
        latest.try_set_value(measured);
        enqueue(move || {
            let Some(latest) = latest.try_get_value() else { return };
            if surface.with_untracked(|known| *known != latest) {
                surface.set(latest);
            }
        });
    };
    let on_change = StoredValue::new_local(Closure::<dyn FnMut()>::new(remeasure));
    let callback =
        move || on_change.with_value(|on_change| on_change.as_ref().unchecked_ref::<js_sys::Function>().clone());
    let observer = StoredValue::new_local(ResizeObserver::new(&callback()).ok());
    let query = StoredValue::new_local(dark_query());
    query.with_value(|query| {
        if let Some(query) = query {
            // If it cannot be added, the chart keeps its first theme.
            let _ = query.add_event_listener_with_callback("change", &callback());
        }
    });
    on_cleanup(move || {
        observer.with_value(|observer| observer.iter().for_each(ResizeObserver::disconnect));
        query.with_value(|query| {
            if let Some(query) = query {
                // Removing a listener that was not added changes nothing.
                let _ = query.remove_event_listener_with_callback("change", &callback());
            }
        });
    });
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            observer.with_value(|observer| observer.iter().for_each(|observer| observer.observe(&canvas)));
        }
    });
    surface
}

fn measure(canvas: &HtmlCanvasElement) -> Option<Surface> {
    let scale = device_pixel_ratio();
    let side = |css_px: i32| (f64::from(css_px) * scale).round() as u32;
    let size_px = (side(canvas.client_width()), side(canvas.client_height()));
    if size_px.0 == 0 || size_px.1 == 0 {
        return None;
    }
    let style = PlotStyle::of_page(theme(), scale as f32);
    Some(Surface { size_px, style })
}

/// A chart that is drawn in one go. `paint` reads the signals that it depends on; an error is logged to the console, since the
/// rest of the page works without the chart.
#[component]
pub fn Chart(
    /// Description for those who cannot see it.
    description: &'static str,
    canvas: NodeRef<html::Canvas>,
    surface: RwSignal<Option<Surface>>,
    paint: impl Fn(&Area, PlotStyle) -> Result<(), String> + 'static,
) -> impl IntoView {
    Effect::new(move |_| {
        let (Some(canvas), Some(surface)) = (canvas.get(), surface.get()) else { return };
        let Some(area) = surface.prepare(&canvas) else { return };
        paint(&area, surface.style).unwrap_or_else(|error| log_error(&error));
    });
    view! { <canvas node_ref=canvas role="img" aria-label=description></canvas> }
}

/// Logs that a chart could not be drawn.
pub fn log_error(error: &str) {
    web_sys::console::warn_1(&format!("the chart could not be drawn: {error}").into());
}
