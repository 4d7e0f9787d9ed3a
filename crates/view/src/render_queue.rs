//! The render queue: builds large parts of the page in separate tasks, so that no task blocks the main thread for long.

use std::time::Duration;

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::StreamExt;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use shoal_browser::yielding::{next_frame, next_task, now_ms};

/// Time to work between two frames, in milliseconds. It is short because the browser lays out and paints the result of all
/// this work in one task.
const FRAME_BUDGET_MS: f64 = 8.0;

type Work = Box<dyn FnOnce()>;

thread_local! {
    static QUEUE: UnboundedSender<Work> = {
        let (sender, receiver) = unbounded();
        spawn_local(run(receiver));
        sender
    };
}

/// Runs `work` in a task of its own, outside the queue. By then the signals that it sets may be disposed.
pub fn in_next_task(work: impl FnOnce() + 'static) {
    set_timeout(work, Duration::ZERO);
}

/// Appends `work` to the queue. By the time it runs, the signals that it sets may be disposed.
pub fn enqueue(work: impl FnOnce() + 'static) {
    // The receiver lives as long as the page, so that sending cannot fail.
    let _ = QUEUE.with(|queue| queue.unbounded_send(Box::new(work)));
}

/// Renders its children through the queue.
#[component]
pub fn Deferred(children: ChildrenFn) -> impl IntoView {
    let is_due = RwSignal::new(false);
    // Enqueued on rendering, not on creation: the page then fills from top to bottom.
    move || {
        if is_due.get() {
            return Some(children());
        }
        enqueue(move || {
            is_due.try_set(true);
        });
        None
    }
}

async fn run(mut queue: UnboundedReceiver<Work>) {
    let mut spent_ms = 0.0;
    while let Some(work) = queue.next().await {
        next_task().await;
        let start_ms = now_ms();
        work();
        // Effects of the work run before the next task, so that they count too.
        next_task().await;
        spent_ms += now_ms() - start_ms;
        if spent_ms >= FRAME_BUDGET_MS {
            next_frame().await;
            spent_ms = 0.0;
        }
    }
}
