//! How long each step has taken since the collection was last empty.

use std::cell::Cell;

use shoal::step_times::StepTimes;
use shoal_browser::yielding::now_ms;

use crate::events::{Event, Events};
use crate::reports::Timings;

/// The sums of the times that images take.
pub struct TimingSums {
    events: Events,
    timings: Cell<Timings>,
}

/// When dropped, adds the time since its creation to the elapsed time, and emits the timings.
pub struct ElapsedTime<'a> {
    sums: &'a TimingSums,
    started_ms: f64,
}

impl TimingSums {
    /// All sums are zero.
    pub fn new(events: Events) -> Self {
        Self { events, timings: Cell::default() }
    }

    /// The sums.
    pub fn get(&self) -> Timings {
        self.timings.get()
    }

    /// Adds one image.
    pub fn add(&self, times: StepTimes) {
        let mut timings = self.timings.get();
        timings.pictures += 1;
        timings.steps += times;
        self.timings.set(timings);
    }

    /// Starts the clock of an operation that embeds images.
    pub fn start(&self) -> ElapsedTime<'_> {
        ElapsedTime { sums: self, started_ms: now_ms() }
    }

    /// Resets all sums to zero.
    pub fn reset(&self) {
        self.timings.take();
    }
}

impl Drop for ElapsedTime<'_> {
    fn drop(&mut self) {
        let mut timings = self.sums.timings.get();
        // After a reset there is nothing to report.
        if timings.pictures > 0 {
            timings.wall_ms += now_ms() - self.started_ms;
            self.sums.timings.set(timings);
            self.sums.events.emit(Event::Timed(timings));
        }
    }
}
