//! Helpers for pointer, wheel and key events on a map.

use wasm_bindgen::JsCast;

use crate::plot::gesture::Point;

/// The position of a pointer on the map.
pub fn point_of(event: &web_sys::MouseEvent) -> Point {
    let target = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    let (left, top) = target.map_or((0.0, 0.0), |target| {
        let edges = target.get_bounding_client_rect();
        (edges.left(), edges.top())
    });
    (f64::from(event.client_x()) - left, f64::from(event.client_y()) - top)
}

/// Captures a pointer, so that the map gets its events outside the map too.
pub fn capture(event: &web_sys::PointerEvent) {
    let target = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    if let Some(target) = target {
        // Without the capture a drag ends at the map's edge.
        let _ = target.set_pointer_capture(event.pointer_id());
    }
}

/// The zoom factor of a wheel event, which is also how browsers report a pinch on a touchpad.
pub fn wheel_factor(event: &web_sys::WheelEvent) -> f64 {
    let line_px = if event.delta_mode() == web_sys::WheelEvent::DOM_DELTA_LINE { 16.0 } else { 1.0 };
    (-event.delta_y() * line_px / 100.0).clamp(-0.25, 0.25).exp()
}

/// Whether a key is a shortcut of the browser, which a map ignores. With Enter, Ctrl adds to the selection instead.
pub fn is_shortcut(event: &web_sys::KeyboardEvent) -> bool {
    (event.ctrl_key() || event.meta_key() || event.alt_key()) && event.key() != "Enter"
}
