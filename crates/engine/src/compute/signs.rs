//! Signs of life of a server or a worker, whose silence means that waiting for it is pointless.

use std::cell::Cell;
use std::pin::pin;

use futures_util::future::{Either, select};
use shoal_browser::yielding::sleep_awake;

/// How long a server or a worker that starts may give no sign of life, in milliseconds, in which the page runs.
pub const SILENCE_MS: i32 = 30_000;

/// Counts signs of life.
#[derive(Default)]
pub struct Signs(Cell<u32>);

impl Signs {
    /// There is a sign of life.
    pub fn give(&self) {
        self.0.set(self.0.get().wrapping_add(1));
    }

    /// The output of `work`, or `None` when there has been no sign of life for `silence_ms` to twice as long, in which the page
    /// runs.
    pub async fn watch<T>(&self, silence_ms: i32, work: impl Future<Output = T>) -> Option<T> {
        self.watch_while(silence_ms, || true, work).await
    }

    /// As [`Self::watch`], where silence counts only while `are_expected` returns `true`.
    pub async fn watch_while<T>(
        &self,
        silence_ms: i32,
        are_expected: impl Fn() -> bool,
        work: impl Future<Output = T>,
    ) -> Option<T> {
        let silence = async {
            loop {
                let before = self.0.get();
                sleep_awake(silence_ms).await;
                if self.0.get() == before && are_expected() {
                    return;
                }
            }
        };
        match select(pin!(work), pin!(silence)).await {
            Either::Left((output, _)) => Some(output),
            Either::Right(_) => None,
        }
    }
}
