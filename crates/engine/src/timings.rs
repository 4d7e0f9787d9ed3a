//! Where the time went since the collection was last empty.

use serde::Serialize;

use crate::{Engine, Event};
use shoal_browser::pause::now_ms;
use shoal_protocol::StepTimes;

/// Sums over the pictures embedded, in milliseconds of the workers: together about the time gone by, times the workers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Timings {
    /// How many pictures were embedded, those that were embedded anew included.
    pub pictures: u64,
    /// The sums, step by step.
    #[serde(flatten)]
    pub steps: StepTimes,
    /// Time gone by while pictures were being embedded, in milliseconds.
    pub wall_ms: f64,
}

/// Adds the time until it is dropped to what has gone by, then tells everyone.
pub(super) struct Wall<'a> {
    engine: &'a Engine,
    began_ms: f64,
}

impl Engine {
    /// Where the time went since the collection was last empty.
    pub fn timings(&self) -> Timings {
        self.0.timings.get()
    }

    /// Counts one picture.
    pub(super) fn count(&self, times: StepTimes) {
        let mut timings = self.0.timings.get();
        timings.pictures += 1;
        timings.steps += times;
        self.0.timings.set(timings);
    }

    /// Starts the clock of an operation that embeds pictures.
    pub(super) fn start_wall(&self) -> Wall<'_> {
        Wall { engine: self, began_ms: now_ms() }
    }
}

impl Drop for Wall<'_> {
    fn drop(&mut self) {
        let mut timings = self.engine.0.timings.get();
        // Cleared meanwhile, nothing is left to be told of.
        if timings.pictures > 0 {
            timings.wall_ms += now_ms() - self.began_ms;
            self.engine.0.timings.set(timings);
            self.engine.tell(Event::Timed(timings));
        }
    }
}
