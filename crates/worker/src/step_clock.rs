//! The step clock: it splits a worker's time among the steps of several images in flight.
//!
//! While the browser reads or decodes one image, the worker computes another. Time in which the worker computes belongs to
//! that step; time in which it waits is shared equally by the steps that it waits for. The steps of all images thus add up to
//! the worker's time.

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;

use shoal_browser::worker_scope::scope;

/// Splits the time of one worker.
#[derive(Default)]
pub struct StepClock {
    /// How many steps are in flight.
    steps: Cell<u32>,
    /// When the worker last began to wait.
    idle_since_ms: Cell<f64>,
    /// The idle time attributed to a step that has been in flight from the start.
    idle_share_ms: Cell<f64>,
}

impl StepClock {
    /// Runs a step; returns its output and its part of the worker's time, in milliseconds.
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

    /// Splits the time since the worker began to wait; returns the current time.
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
    scope().performance().map_or(0.0, |performance| performance.now())
}
