//! The map in two dimensions: hover, select, zoom, pan.

use leptos::prelude::*;

use crate::plot::gesture::{Drag, Gesture, GestureUpdate, Point, Region};
use crate::plot::layers::LayeredMap;
use crate::plot::map_images::MapImages;
use crate::plot::pointer::{capture, is_shortcut, point_of, wheel_factor};
use crate::plot::selection::SelectMode;
use crate::plot::toolbar::{Tool, Tools, ZoomButtons};
use crate::plot::viewport_2d::Viewport2d;
use crate::state::State;
use crate::text;
use shoal::plot::{ChartView, draw_scatter_axes};

/// The map on the first two principal components.
#[component]
pub fn Map2d(state: State, view: RwSignal<ChartView>) -> impl IntoView {
    let map = Viewport2d::new(state, view);
    let tool = RwSignal::new(Tool::Box);
    let shows_images = move || view.with(|view| view.shows_images);
    let toggle_images = move || view.update(|view| view.shows_images = !view.shows_images);
    let outline = RwSignal::new(Vec::<Point>::new());
    let gesture = StoredValue::new_local(Gesture::default());
    let space_is_down = StoredValue::new(false);

    let on_down = move |event: web_sys::PointerEvent| {
        let drag = match (event.button(), event.pointer_type().as_str()) {
            (1, _) => Drag::Move,
            (0, _) if space_is_down.get_value() => Drag::Move,
            (0, "touch") if tool.get_untracked() == Tool::Box => Drag::Nothing,
            (0, _) => match tool.get_untracked() {
                Tool::Box if event.shift_key() => Drag::Lasso,
                Tool::Box => Drag::Box,
                Tool::Lasso => Drag::Lasso,
                Tool::Hand => Drag::Move,
            },
            _ => return,
        };
        gesture.update_value(|gesture| gesture.on_down(event.pointer_id(), point_of(&event), drag));
        capture(&event);
    };
    let on_move = move |event: web_sys::PointerEvent| {
        let point = point_of(&event);
        if !gesture.with_value(Gesture::is_active) {
            map.layers.hover(map.layers.image_at(point));
            return;
        }
        let update = gesture.try_update_value(|gesture| gesture.on_move(event.pointer_id(), point));
        match update.unwrap_or(GestureUpdate::Nothing) {
            GestureUpdate::Nothing => {}
            GestureUpdate::Outline(corners) => outline.set(corners),
            GestureUpdate::Move(right, down) => map.pan(right, down),
            GestureUpdate::Pinch { factor, about, by } => {
                outline.set(Vec::new());
                map.pan(by.0, by.1);
                map.zoom(factor, about);
            }
        }
    };
    let on_up = move |event: web_sys::PointerEvent| {
        let region = gesture.try_update_value(|gesture| gesture.on_up(event.pointer_id())).unwrap_or(Region::Nothing);
        outline.set(Vec::new());
        let (ctrl, shift) = (event.ctrl_key() || event.meta_key(), event.shift_key());
        let mode = match &region {
            Region::Click(_) if ctrl || shift => SelectMode::Toggle,
            _ if ctrl => SelectMode::Add,
            _ => SelectMode::Replace,
        };
        map.select(region, mode);
    };
    let on_cancel = move |_| {
        gesture.update_value(Gesture::cancel);
        outline.set(Vec::new());
    };
    let on_wheel = move |event: web_sys::WheelEvent| {
        // Only with Ctrl, as for zooming a page: the wheel alone scrolls the page past the map.
        if event.ctrl_key() {
            event.prevent_default();
            map.zoom(wheel_factor(&event), point_of(&event));
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.key() == " " {
            space_is_down.set_value(true);
            event.prevent_default();
        } else if !is_shortcut(&event) && map.on_key(&event) {
            event.prevent_default();
        }
    };
    let corners = move || outline.get().iter().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ");
    view! {
        <div class="buttons tools">
            <Tools tool shows_images toggle_images/>
            <ZoomButtons zoom=move |factor| map.zoom_about_middle(factor) fit=move || map.fit()/>
        </div>
        <div
            class="flat layers"
            class:owned=move || tool.get() != Tool::Box
            class:movable=move || tool.get() == Tool::Hand
            tabindex="0"
            role="application"
            aria-label=text::MAP_2D_HINT
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:pointercancel=on_cancel
            on:pointerleave=move |event| map.layers.on_leave(&event)
            on:mousedown=prevent_autoscroll
            on:wheel=on_wheel
            on:keydown=on_key
            on:keyup=move |event| { if event.key() == " " { space_is_down.set_value(false); } }
            on:blur=move |_| space_is_down.set_value(false)
            on:dblclick=move |_| map.fit()
        >
            <LayeredMap
                layers=map.layers
                ground=move |area, style| {
                    area.fill(&style.background).map_err(|error| error.to_string())?;
                    let Some(frame) = map.frame.get() else { return Ok(()) };
                    draw_scatter_axes(area, &frame, &map.layers.explained(style)).map_err(|error| error.to_string())
                }
                veil=move |_, _, veil| {
                    if let Some(frame) = map.frame.get() {
                        veil.cover(frame.x_px, frame.y_px);
                    }
                    Ok(())
                }
            />
            <Show when=shows_images>
                <MapImages layers=map.layers/>
            </Show>
            <svg aria-hidden="true"><polygon points=corners/></svg>
        </div>
        <p class="soft">{text::MAP_2D_HINT}</p>
    }
}

/// Keeps the middle button from starting to scroll: it pans the map.
fn prevent_autoscroll(event: web_sys::MouseEvent) {
    if event.button() == 1 {
        event.prevent_default();
    }
}
