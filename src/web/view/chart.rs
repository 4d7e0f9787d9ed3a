//! A canvas that is drawn anew when what it shows, its size or the theme changes.

use leptos::{html, prelude::*};
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::prelude::{IntoDrawingArea, RGBColor};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{HtmlCanvasElement, ResizeObserver};

use crate::plot::{PlotStyle, Theme};
use crate::web::view::canvas::{MeasuringCanvas, dark_query, device_pixel_ratio, theme};

/// The size of a chart's letters, in CSS pixels.
const FONT_PX: f32 = 12.0;

/// Where a chart is drawn.
pub type Area = DrawingArea<MeasuringCanvas, Shift>;

/// A chart. `paint` draws it, and reads the signals that it depends on; an error is told to the console, since all else is
/// there without a chart.
#[component]
pub fn Chart(
    /// What it shows, for those who cannot see it.
    describe: &'static str,
    paint: impl Fn(&Area, PlotStyle) -> Result<(), String> + 'static,
) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let (redraw, ask_to_redraw) = signal(());
    let on_change = StoredValue::new_local(Closure::<dyn FnMut()>::new(move || ask_to_redraw.set(())));
    let callback =
        move || on_change.with_value(|on_change| on_change.as_ref().unchecked_ref::<js_sys::Function>().clone());
    let observer = StoredValue::new_local(ResizeObserver::new(&callback()).ok());
    let query = StoredValue::new_local(dark_query());
    query.with_value(|query| {
        if let Some(query) = query {
            // A listener that cannot be added leaves the chart in its first theme.
            let _ = query.add_event_listener_with_callback("change", &callback());
        }
    });
    on_cleanup(move || {
        observer.with_value(|observer| observer.iter().for_each(ResizeObserver::disconnect));
        query.with_value(|query| {
            if let Some(query) = query {
                // Nothing is left to do for one that was not added.
                let _ = query.remove_event_listener_with_callback("change", &callback());
            }
        });
    });
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            observer.with_value(|observer| observer.iter().for_each(|observer| observer.observe(&canvas)));
        }
    });
    Effect::new(move |_| {
        redraw.get();
        let Some(canvas) = canvas.get() else { return };
        let Some((area, style)) = prepare(&canvas) else { return };
        if let Err(error) = paint(&area, style) {
            web_sys::console::warn_1(&format!("the chart could not be drawn: {error}").into());
        }
    });
    view! { <canvas node_ref=canvas role="img" aria-label=describe></canvas> }
}

/// Fits the canvas to its place on the page. `None` while it has none.
fn prepare(canvas: &HtmlCanvasElement) -> Option<(Area, PlotStyle)> {
    let scale = device_pixel_ratio();
    let side = |css_px: i32| (f64::from(css_px) * scale).round() as u32;
    let (width, height) = (side(canvas.client_width()), side(canvas.client_height()));
    if width == 0 || height == 0 {
        return None;
    }
    canvas.set_width(width);
    canvas.set_height(height);
    let (foreground, background, muted) = match theme() {
        Theme::Dark => (RGBColor(228, 233, 240), RGBColor(24, 29, 37), RGBColor(58, 66, 79)),
        Theme::Light => (RGBColor(30, 38, 50), RGBColor(255, 255, 255), RGBColor(222, 227, 234)),
    };
    let style =
        PlotStyle { foreground, background, muted, scale: scale as f32, font_px: FONT_PX, explained: [None; 3] };
    Some((MeasuringCanvas::new(canvas.clone())?.into_drawing_area(), style))
}
