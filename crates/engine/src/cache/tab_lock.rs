//! The tab lock: a Web Lock that marks the tab to which the stored collection belongs.

use std::cell::Cell;
use std::rc::Rc;

use futures_channel::oneshot;
use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

/// The lock's name.
const NAME: &str = "shoal-session";

// web-sys has this only behind its unstable flag.
#[wasm_bindgen]
extern "C" {
    type LockManager;

    #[wasm_bindgen(method, catch)]
    fn request(this: &LockManager, name: &str, options: &Object, granted: &Function) -> Result<Promise, JsValue>;
}

/// The lock. Dropping it releases it.
pub struct TabLock {
    release: Function,
}

impl Drop for TabLock {
    fn drop(&mut self) {
        // A promise's resolve function never throws.
        let _ = self.release.call0(&JsValue::NULL);
    }
}

/// Acquires the lock: at once or, if `waits`, as soon as no other tab holds it. `None` if it is not available. In an insecure
/// context, which has no locks, every tab gets one.
pub async fn acquire(waits: bool) -> Option<TabLock> {
    let locks = web_sys::window()
        .and_then(|window| Reflect::get(&window.navigator(), &"locks".into()).ok())
        .filter(|locks| !locks.is_undefined());
    let mut release = None;
    let until_released = Promise::new(&mut |resolve, _| release = Some(resolve));
    let lock = TabLock { release: release? };
    let Some(locks) = locks else { return Some(lock) };
    let (sender, answer) = oneshot::channel();
    let sender = Rc::new(Cell::new(Some(sender)));
    let reply = sender.clone();
    let granted = Closure::once(move |granted: JsValue| {
        let is_granted = !granted.is_null();
        if let Some(sender) = reply.take() {
            // If the receiver is gone, the lock was dropped and is released.
            let _ = sender.send(is_granted);
        }
        if is_granted { JsValue::from(until_released) } else { JsValue::UNDEFINED }
    });
    let options = Object::new();
    // Setting a property of a plain object cannot fail.
    let _ = Reflect::set(&options, &"ifAvailable".into(), &(!waits).into());
    let requested = locks.unchecked_into::<LockManager>().request(NAME, &options, granted.as_ref().unchecked_ref());
    match requested {
        Ok(ended) => {
            spawn_local(async move {
                // Resolves when the lock is released, rejects when it is refused.
                if JsFuture::from(ended).await.is_err()
                    && let Some(sender) = sender.take()
                {
                    let _ = sender.send(false);
                }
                drop(granted);
            });
        }
        Err(_) => return None,
    }
    answer.await.unwrap_or(false).then_some(lock)
}
