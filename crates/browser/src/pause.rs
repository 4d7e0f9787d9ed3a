//! Time on the page's thread, and long work cut into slices so that the page stays alive.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use futures_channel::oneshot;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// A slice lasts this long, in milliseconds.
const SLICE_MS: f64 = 8.0;
/// A frame is waited for no longer than this, in milliseconds: a page that nobody sees has none.
const FRAME_MS_MAX: i32 = 100;

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
    let asked = TASKS.with(|tasks| tasks.as_ref().and_then(Tasks::ask));
    // A sender goes only once it has sent.
    match asked {
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
    // It is never rejected.
    let _ = JsFuture::from(promise).await;
    // What is asked for a frame is done before it is painted.
    next_task().await;
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

thread_local! {
    static TASKS: Option<Tasks> = Tasks::new().ok();
}

/// Tasks of one's own, by messages to oneself: timers wait for milliseconds, and for a second each on a page that nobody sees.
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
            // Who waited may have given up.
            let _ = next.map(|next| next.send(()));
        });
        channel.port1().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Ok(Self { channel, waiting, _on_message: on_message })
    }

    /// Asks for a task, which what is returned tells of.
    fn ask(&self) -> Option<oneshot::Receiver<()>> {
        self.channel.port2().post_message(&JsValue::NULL).ok()?;
        let (begin, begun) = oneshot::channel();
        self.waiting.borrow_mut().push_back(begin);
        Some(begun)
    }
}
