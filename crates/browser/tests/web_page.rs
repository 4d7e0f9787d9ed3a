//! What the page's side does with the browser, in a real page.

#![cfg(target_arch = "wasm32")]

use js_sys::{Array, Float32Array, Reflect};
use plotters::prelude::{DrawingBackend, IntoDrawingArea, RGBColor};
use plotters::style::IntoFont;
use shoal::plot::{PlotStyle, ScatterPoint, draw_scatter};
use shoal_browser::api_error::ApiError;
use shoal_browser::canvas::MeasuringCanvas;
use shoal_browser::wire::{Envelope, bulk_f32};
use shoal_protocol::{FromWorker, Identity, ToWorker};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::HtmlCanvasElement;

wasm_bindgen_test_configure!(run_in_browser);

fn canvas(width: u32, height: u32) -> HtmlCanvasElement {
    let document = web_sys::window().unwrap().document().unwrap();
    let canvas: HtmlCanvasElement = document.create_element("canvas").unwrap().unchecked_into();
    canvas.set_width(width);
    canvas.set_height(height);
    canvas
}

#[wasm_bindgen_test]
fn a_message_comes_back_as_it_was_posted() {
    let message =
        FromWorker::Identified { identity: Identity { byte_size: 1 << 40, sha256: [7; 32], crc32: u32::MAX } };
    let bulk = Array::of1(&Float32Array::from(&[1.5_f32, -2.0][..]));
    let posted = Envelope { id: 9, message: message.clone(), file: None, bulk }.into_js().unwrap();
    let received = Envelope::<FromWorker>::from_js(&posted).unwrap();
    assert_eq!((received.id, received.message), (9, message));
    assert_eq!(bulk_f32(&received.bulk, 0).unwrap(), [1.5, -2.0]);
    assert!(bulk_f32(&received.bulk, 1).is_err());
    assert!(Envelope::<ToWorker>::from_js(&posted).is_err());
}

#[wasm_bindgen_test]
fn a_failure_is_an_error_with_a_code() {
    let error = ApiError::new("k-out-of-range", "too many").into_js();
    let error: js_sys::Error = error.dyn_into().unwrap();
    assert_eq!(String::from(error.message()), "too many");
    assert_eq!(Reflect::get(&error, &"code".into()).unwrap().as_string().unwrap(), "k-out-of-range");
}

#[wasm_bindgen_test]
fn text_is_measured_without_touching_the_document() {
    let body = web_sys::window().unwrap().document().unwrap().body().unwrap();
    let before = body.inner_html();
    let backend = MeasuringCanvas::new(canvas(200, 100)).unwrap();
    let style = plotters::style::TextStyle::from(("sans-serif", 20).into_font());
    let (short, height) = backend.estimate_text_size("ii", &style).unwrap();
    let (long, _) = backend.estimate_text_size("WWWW", &style).unwrap();
    assert!(short > 0 && long > 3 * short && height >= 20);
    assert_eq!(body.inner_html(), before);
}

#[wasm_bindgen_test]
fn the_plot_reaches_the_canvas() {
    let canvas = canvas(300, 300);
    let points = [(0.0, 0.0, 0), (1.0, 1.0, 1), (-1.0, 0.5, 2)];
    let points: Vec<ScatterPoint> =
        points.iter().map(|&(x, y, cluster)| ScatterPoint { x, y, cluster: Some(cluster) }).collect();
    let style = PlotStyle {
        foreground: RGBColor(0, 0, 0),
        background: RGBColor(255, 255, 255),
        muted: RGBColor(200, 200, 200),
        scale: 1.0,
        font_px: 12.0,
        explained: [Some(0.5), Some(0.2), None],
    };
    let blank = canvas.to_data_url().unwrap();
    let root = MeasuringCanvas::new(canvas.clone()).unwrap().into_drawing_area();
    draw_scatter(&root, &points, &style).unwrap();
    assert_ne!(canvas.to_data_url().unwrap(), blank);
}
