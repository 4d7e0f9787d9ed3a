//! The machine, as far as the browser reports it.

use js_sys::Reflect;

/// The memory of a machine whose browser does not report it, in GiB.
const DEFAULT_MEMORY_GIB: f64 = 4.0;

/// The memory of the machine in GiB. No browser reports more than 8.
pub fn memory_gib() -> f64 {
    let navigator = web_sys::window().map(|window| window.navigator());
    let reported = navigator.and_then(|navigator| Reflect::get(&navigator, &"deviceMemory".into()).ok()?.as_f64());
    reported.filter(|gib| *gib > 0.0).unwrap_or(DEFAULT_MEMORY_GIB)
}

/// How many cores the machine has.
pub fn cores() -> f64 {
    web_sys::window().map_or(1.0, |window| window.navigator().hardware_concurrency())
}
