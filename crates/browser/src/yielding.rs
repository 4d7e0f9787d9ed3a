//! Yielding to the browser between slices of long work, so that the page stays responsive.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use futures_channel::oneshot;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// How long a slice lasts, in milliseconds.
const SLICE_MS: f64 = 8.0;
/// The longest time of a freeze that counts as time in which the page runs, in milliseconds.
const AWAKE_STEP_MS: i32 = 5_000;
/// The longest wait for a frame, in milliseconds, since a hidden page has no frames.
const FRAME_MS_MAX: i32 = 100;

/// Long work, cut into slices.
pub struct Slices {
    until_ms: f64,
}

impl Slices {
    /// Begins the first slice.
    pub fn start() -> Self {
        Self { until_ms: now_ms() + SLICE_MS }
    }

    /// Yields when the slice has lasted long enough, and begins the next one.
    pub async fn pause_when_due(&mut self) {
        if now_ms() >= self.until_ms {
            next_task().await;
            self.until_ms = now_ms() + SLICE_MS;
        }
    }
}

/// Yields to the browser for one task.
pub async fn next_task() {
    let queued = TASKS.with(|tasks| tasks.as_ref().and_then(Tasks::queue));
    // The receiver resolves with an error only if the channel closes, which ends the wait as well.
    match queued {
        Some(begun) => drop(begun.await),
        None => sleep(0).await,
    }
}

/// Waits until the page has been painted.
pub async fn next_frame() {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let Some(window) = web_sys::window() else { return drop(resolve.call0(&JsValue::NULL)) };
        let has_frame = window.request_animation_frame(&resolve).is_ok();
        let has_timer = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, FRAME_MS_MAX).is_ok();
        if !has_frame && !has_timer {
            drop(resolve.call0(&JsValue::NULL));
        }
    });
    // The promise never rejects.
    let _ = JsFuture::from(promise).await;
    // A frame's callbacks run before it is painted.
    next_task().await;
}

/// Waits for `duration_ms` milliseconds.
pub async fn sleep(duration_ms: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        let Some(window) = web_sys::window() else { return drop(resolve.call0(&JsValue::NULL)) };
        if window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, duration_ms).is_err() {
            drop(resolve.call0(&JsValue::NULL));
        }
    });
    // The promise never rejects.
    let _ = JsFuture::from(promise).await;
}

/// Waits for about `duration_ms` milliseconds in which the page runs: the time in which the browser freezes it, for instance
/// while the computer sleeps, does not count.
pub async fn sleep_awake(duration_ms: i32) {
    let mut left_ms = duration_ms;
    while left_ms > 0 {
        // After a freeze, a timer fires once, however long it lasted.
        sleep(left_ms.min(AWAKE_STEP_MS)).await;
        left_ms -= AWAKE_STEP_MS;
    }
}

/// Milliseconds since the page was opened.
pub fn now_ms() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

thread_local! {
    static TASKS: Option<Tasks> = Tasks::new().ok();
}

/// Tasks queued by messages to itself, since browsers delay timers by 4 ms, and by a second on a hidden page.
struct Tasks {
    channel: MessageChannel,
    waiting: Rc<RefCell<VecDeque<oneshot::Sender<()>>>>,
    _on_message: Closure<dyn FnMut()>,
}

impl Tasks {
    fn new() -> Result<Self, JsValue> {
        let channel = MessageChannel::new()?;
        let waiting = Rc::new(RefCell::new(VecDeque::<oneshot::Sender<()>>::new()));
        let ready = Rc::clone(&waiting);
        let on_message = Closure::<dyn FnMut()>::new(move || {
            let next = ready.borrow_mut().pop_front();
            // The receiver may have been dropped.
            let _ = next.map(|next| next.send(()));
        });
        channel.port1().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Ok(Self { channel, waiting, _on_message: on_message })
    }

    /// Queues a task; the receiver resolves when it runs.
    fn queue(&self) -> Option<oneshot::Receiver<()>> {
        self.channel.port2().post_message(&JsValue::NULL).ok()?;
        let (begin, begun) = oneshot::channel();
        self.waiting.borrow_mut().push_back(begin);
        Some(begun)
    }
}
