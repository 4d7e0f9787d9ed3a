//! Which tab the stored collection belongs to: the one that holds a lock of the browser's.

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

/// The lock, once it is held; dropping it lets go.
pub struct Ownership {
    release: Function,
}

impl Drop for Ownership {
    fn drop(&mut self) {
        // A promise's own function never throws.
        let _ = self.release.call0(&JsValue::NULL);
    }
}

/// Takes the lock: at once or, when `patient`, as soon as no other tab holds it. `None` when it cannot be had. Where the
/// browser has no locks (it is no secure context), every tab is its own.
pub async fn own(patient: bool) -> Option<Ownership> {
    let locks = web_sys::window()
        .and_then(|window| Reflect::get(&window.navigator(), &"locks".into()).ok())
        .filter(|locks| !locks.is_undefined());
    let mut release = None;
    let held = Promise::new(&mut |resolve, _| release = Some(resolve));
    let ownership = Ownership { release: release? };
    let Some(locks) = locks else { return Some(ownership) };
    let (sender, answer) = oneshot::channel();
    let sender = Rc::new(Cell::new(Some(sender)));
    let tell = sender.clone();
    let granted = Closure::once(move |lock: JsValue| {
        let is_held = !lock.is_null();
        if let Some(sender) = tell.take() {
            // Whoever no longer waits drops the ownership, which lets go.
            let _ = sender.send(is_held);
        }
        if is_held { JsValue::from(held) } else { JsValue::UNDEFINED }
    });
    let options = Object::new();
    // Setting a property of a plain object cannot fail.
    let _ = Reflect::set(&options, &"ifAvailable".into(), &(!patient).into());
    let asked = locks.unchecked_into::<LockManager>().request(NAME, &options, granted.as_ref().unchecked_ref());
    match asked {
        Ok(ended) => {
            spawn_local(async move {
                // Resolves when the lock is let go; refused, it answers that nothing is held.
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
    answer.await.unwrap_or(false).then_some(ownership)
}
