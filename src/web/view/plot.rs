//! The map of the pictures: PCA in two dimensions.

use leptos::{html, prelude::*};
use plotters::prelude::{IntoDrawingArea, RGBColor};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{HtmlCanvasElement, ResizeObserver};

use crate::library::Outcome;
use crate::plot::{PlotStyle, ScatterPoint, Theme, draw_scatter};
use crate::web::view::canvas::{MeasuringCanvas, dark_query, device_pixel_ratio, theme};
use crate::web::view::state::State;
use crate::web::view::text;

/// The size of the plot's letters, in CSS pixels.
const FONT_PX: f32 = 12.0;

/// The plot, drawn anew when the result, its size or the theme changes.
#[component]
pub fn Plot(state: State) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let (redraw, ask_to_redraw) = signal(());
    let on_change = StoredValue::new_local(Closure::<dyn FnMut()>::new(move || ask_to_redraw.set(())));
    let observer = on_change.with_value(|on_change| ResizeObserver::new(on_change.as_ref().unchecked_ref()).ok());
    let observer = StoredValue::new_local(observer);
    on_change.with_value(|on_change| {
        if let Some(query) = dark_query() {
            query.set_onchange(Some(on_change.as_ref().unchecked_ref()));
        }
    });
    on_cleanup(move || {
        observer.with_value(|observer| observer.iter().for_each(ResizeObserver::disconnect));
        if let Some(query) = dark_query() {
            query.set_onchange(None);
        }
    });
    Effect::new(move |_| {
        if let Some(canvas) = canvas.get() {
            observer.with_value(|observer| observer.iter().for_each(|observer| observer.observe(&canvas)));
        }
    });
    Effect::new(move |_| {
        redraw.get();
        if let (Some(canvas), Some(outcome)) = (canvas.get(), state.outcome.get()) {
            draw(&canvas, &outcome);
        }
    });
    view! {
        <section class="plot" aria-label=text::PLOT part="plot">
            <h2>{text::PLOT}</h2>
            <canvas node_ref=canvas role="img" aria-label=text::PLOT_DESCRIPTION></canvas>
        </section>
    }
}

fn draw(canvas: &HtmlCanvasElement, outcome: &Outcome) {
    let scale = device_pixel_ratio();
    let side = |css_px: i32| (f64::from(css_px) * scale).round() as u32;
    let (width, height) = (side(canvas.client_width()), side(canvas.client_height()));
    if width == 0 || height == 0 {
        return;
    }
    canvas.set_width(width);
    canvas.set_height(height);
    let Some(backend) = MeasuringCanvas::new(canvas.clone()) else { return };
    let points: Vec<ScatterPoint> = outcome
        .items
        .iter()
        .map(|item| ScatterPoint { x: item.pca[0], y: item.pca[1], cluster: item.cluster })
        .collect();
    let (foreground, background, muted) = match theme() {
        Theme::Dark => (RGBColor(228, 233, 240), RGBColor(24, 29, 37), RGBColor(58, 66, 79)),
        Theme::Light => (RGBColor(30, 38, 50), RGBColor(255, 255, 255), RGBColor(222, 227, 234)),
    };
    let style = PlotStyle {
        foreground,
        background,
        muted,
        scale: scale as f32,
        font_px: FONT_PX,
        explained: outcome.explained,
    };
    let root = backend.into_drawing_area();
    if let Err(error) = draw_scatter(&root, &points, &style) {
        // The groups are there without their map.
        web_sys::console::warn_1(&format!("the plot could not be drawn: {error}").into());
    }
}
