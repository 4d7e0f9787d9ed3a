//! Telling how long a step took.

use wasm_bindgen::JsCast;
use web_sys::DedicatedWorkerGlobalScope;

/// Tells the time between one lap and the next.
pub struct Stopwatch {
    lap_began_ms: f64,
}

impl Stopwatch {
    /// Begins the first lap.
    pub fn start() -> Self {
        Self { lap_began_ms: now_ms() }
    }

    /// Ends a lap and begins the next. Gives the ended one's time, in milliseconds.
    pub fn lap_ms(&mut self) -> f64 {
        let now_ms = now_ms();
        now_ms - std::mem::replace(&mut self.lap_began_ms, now_ms)
    }
}

fn now_ms() -> f64 {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    scope.performance().map_or(0.0, |performance| performance.now())
}
