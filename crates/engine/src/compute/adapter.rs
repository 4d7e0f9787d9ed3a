//! The browser's GPU adapter, requested without loading the GPU's program.

use js_sys::{Function, Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// An adapter that the browser offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Adapter {
    /// Whether it is a software implementation, which is slower than the workers.
    pub is_fallback: bool,
}

/// The adapter that a worker would get. `navigator.gpu` alone proves nothing: there may be no adapter behind it.
pub async fn request() -> Option<Adapter> {
    let navigator = web_sys::window()?.navigator();
    let gpu = property(&navigator, "gpu")?;
    let request: Function = property(&gpu, "requestAdapter")?.dyn_into().ok()?;
    // The same options as in the GPU worker's program, so that both get the same adapter.
    let options = Object::new();
    Reflect::set(&options, &"powerPreference".into(), &"high-performance".into()).ok()?;
    let promise: Promise = request.call1(&gpu, &options).ok()?.dyn_into().ok()?;
    let adapter = JsFuture::from(promise).await.ok().filter(JsValue::is_object)?;
    // Browsers from before 2025 have the flag on the adapter itself.
    let is_fallback = property(&adapter, "info")
        .and_then(|info| property(&info, "isFallbackAdapter"))
        .or_else(|| property(&adapter, "isFallbackAdapter"))
        .is_some_and(|flag| flag.is_truthy());
    Some(Adapter { is_fallback })
}

/// A property's value, unless it is missing.
fn property(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|value| !value.is_undefined() && !value.is_null())
}
