//! The browser helpers, in a real page.

#![cfg(target_arch = "wasm32")]

use js_sys::{Float32Array, Reflect, Uint8Array};
use plotters::prelude::{DrawingBackend, IntoDrawingArea, RGBColor};
use plotters::style::IntoFont;
use shoal::options::FeatureKind;
use shoal::plot::{PlotStyle, ScatterPoint, draw_scatter};
use shoal_browser::api_error::{ApiError, Cancelled};
use shoal_browser::canvas::MeasuringCanvas;
use shoal_browser::wire::{Answer, Posted, from_js, to_js, transfer_list};
use shoal_protocol::{EmbedBatch, EmbeddedPixels, FileDigest, LoadNetwork, Request};
use wasm_bindgen::{JsCast, JsValue};
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
fn a_request_arrives_as_it_was_posted() {
    let pixels = Uint8Array::from(&[1_u8, 2, 3][..]);
    let request = EmbedBatch { rgb_nhwc_u8: pixels.clone(), size_px: 64, features: FeatureKind::Flat };
    let body = to_js(&request).unwrap();
    assert_eq!(transfer_list(&body).length(), 1);
    let posted = Posted { id: 9, name: EmbedBatch::NAME.into(), body }.into_js().unwrap();
    let Posted { id, name, body } = Posted::from_js(&posted).unwrap();
    assert_eq!((id, name.as_str()), (9, "embedBatch"));
    let received: EmbedBatch = from_js(body.clone()).unwrap();
    assert_eq!((received.size_px, received.features), (64, FeatureKind::Flat));
    // The array itself, not a copy.
    assert!(JsValue::from(received.rgb_nhwc_u8) == JsValue::from(pixels));
    assert!(from_js::<LoadNetwork>(body).is_err());
    assert!(Posted::from_js(&JsValue::from(1)).is_err());
}

#[wasm_bindgen_test]
fn an_answer_is_a_reply_or_an_error() {
    let features = Float32Array::from(&[1.5_f32, -2.0][..]);
    let body = to_js(&EmbeddedPixels { features }).unwrap();
    let answer = Answer { id: 3, result: Ok(body), program_bytes: 65_536.0 }.into_js().unwrap();
    let Answer { id, result, program_bytes } = Answer::from_js(&answer).unwrap();
    let reply: EmbeddedPixels = from_js(result.unwrap()).unwrap();
    assert_eq!((id, reply.features.to_vec(), program_bytes), (3, vec![1.5, -2.0], 65_536.0));

    let error = ApiError::from(Cancelled);
    let answer = Answer { id: 4, result: Err(error.clone()), program_bytes: 0.0 }.into_js().unwrap();
    assert_eq!(Answer::from_js(&answer).unwrap().result.unwrap_err(), error);
}

#[wasm_bindgen_test]
fn numbers_of_64_bits_survive() {
    let digest = FileDigest { byte_size: 1 << 40, sha256: [7; 32], crc32: u32::MAX };
    assert_eq!(from_js::<FileDigest>(to_js(&digest).unwrap()).unwrap(), digest);
}

#[wasm_bindgen_test]
fn an_api_error_becomes_an_error_with_a_code() {
    let error = ApiError { code: "k-out-of-range".into(), message: "too many".into() }.into_js();
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
        points.iter().map(|&(x, y, cluster)| ScatterPoint { x, y, look: Some(cluster) }).collect();
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
