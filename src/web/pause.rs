//! Time on the page's thread, and long work cut into slices so that the page stays alive.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// A slice lasts this long, in milliseconds.
const SLICE_MS: f64 = 8.0;

/// Work in slices.
pub struct Slices {
    until_ms: f64,
}

impl Slices {
    /// The first slice begins.
    pub fn start() -> Self {
        Self { until_ms: now_ms() + SLICE_MS }
    }

    /// When the slice has lasted long enough, lets the page do what it has to and begins the next.
    pub async fn pause_when_due(&mut self) {
        if now_ms() >= self.until_ms {
            next_task().await;
            self.until_ms = now_ms() + SLICE_MS;
        }
    }
}

/// Waits until the browser has had a turn.
pub async fn next_task() {
    sleep(0).await;
}

/// Waits this long, in milliseconds.
pub async fn sleep(duration_ms: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let Some(window) = web_sys::window() else { return drop(resolve.call0(&JsValue::NULL)) };
        if window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, duration_ms).is_err() {
            drop(resolve.call0(&JsValue::NULL));
        }
    });
    // It is never rejected.
    let _ = JsFuture::from(promise).await;
}

/// Milliseconds since the page began.
pub fn now_ms() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}
