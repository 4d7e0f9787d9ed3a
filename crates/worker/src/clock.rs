//! Where a worker's time goes, when it has more than one picture in hand.
//!
//! While the browser reads or decodes one picture, the worker works at another. A moment in which the worker works belongs to
//! the step that it works at; a moment in which it only waits is shared alike by the steps that are waited for. So the
//! steps of all pictures add up to the worker's time.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;

use wasm_bindgen::JsCast;
use web_sys::DedicatedWorkerGlobalScope;

/// Shares out one worker's time.
#[derive(Default)]
pub struct Clock {
    /// How many steps have begun and not ended.
    steps: Cell<u32>,
    /// When the worker last stopped working.
    idle_since_ms: Cell<f64>,
    /// What has fallen to a step that has been waited for all along.
    idle_share_ms: Cell<f64>,
}

impl Clock {
    /// Runs a step. Gives what it gave, and its part of the worker's time in milliseconds.
    pub async fn time<T>(&self, step: impl Future<Output = T>) -> (T, f64) {
        let mut step = pin!(step);
        let mut worked_ms = 0.0;
        let mut share_at_start_ms = None;
        let output = poll_fn(|context| {
            let begun_ms = self.end_idling();
            share_at_start_ms.get_or_insert_with(|| {
                self.steps.set(self.steps.get() + 1);
                self.idle_share_ms.get()
            });
            let polled = step.as_mut().poll(context);
            let ended_ms = now_ms();
            worked_ms += ended_ms - begun_ms;
            self.idle_since_ms.set(ended_ms);
            polled
        })
        .await;
        self.steps.set(self.steps.get() - 1);
        let waited_ms = self.idle_share_ms.get() - share_at_start_ms.unwrap_or_default();
        (output, worked_ms + waited_ms)
    }

    /// Shares out the time since the worker last worked. Gives the time now.
    fn end_idling(&self) -> f64 {
        let now_ms = now_ms();
        if self.steps.get() > 0 {
            let idle_ms = now_ms - self.idle_since_ms.get();
            self.idle_share_ms.set(self.idle_share_ms.get() + idle_ms / f64::from(self.steps.get()));
        }
        now_ms
    }
}

/// The time since the worker started, in milliseconds.
pub fn now_ms() -> f64 {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    scope.performance().map_or(0.0, |performance| performance.now())
}
