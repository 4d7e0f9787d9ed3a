//! What is made in tasks of its own: a page of thousands of pictures is put together without holding up its thread.

use std::time::Duration;

use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::StreamExt;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use shoal_browser::pause::{next_frame, next_task, now_ms};

/// So long things are made between two frames, in milliseconds: what was made has yet to be laid out and painted, all of it in
/// one task.
const BETWEEN_FRAMES_MS: f64 = 8.0;

type Work = Box<dyn FnOnce()>;

thread_local! {
    static TURNS: UnboundedSender<Work> = {
        let (queue, waiting) = unbounded();
        spawn_local(take_turns(waiting));
        queue
    };
}

/// Runs `work` in a task of its own, after those that wait already. What it changes may be gone by then.
pub fn in_own_task(work: impl FnOnce() + 'static) {
    set_timeout(work, Duration::ZERO);
}

/// Runs `work` in a task of its own once all that came before has had its turn, and the page a frame now and then. What it
/// changes may be gone by then.
pub fn in_turn(work: impl FnOnce() + 'static) {
    // It is taken for as long as the page lives.
    let _ = TURNS.with(|queue| queue.unbounded_send(Box::new(work)));
}

/// Makes its children in turn.
#[component]
pub fn InTurn(children: ChildrenFn) -> impl IntoView {
    let is_due = RwSignal::new(false);
    // The turn is asked for as its place is built, not sooner: places are built from the top of the page to its end.
    move || {
        if is_due.get() {
            return Some(children());
        }
        in_turn(move || {
            is_due.try_set(true);
        });
        None
    }
}

async fn take_turns(mut waiting: UnboundedReceiver<Work>) {
    let mut made_ms = 0.0;
    while let Some(work) = waiting.next().await {
        next_task().await;
        let began_ms = now_ms();
        work();
        // What follows from it is done before the next task.
        next_task().await;
        made_ms += now_ms() - began_ms;
        if made_ms >= BETWEEN_FRAMES_MS {
            next_frame().await;
            made_ms = 0.0;
        }
    }
}
