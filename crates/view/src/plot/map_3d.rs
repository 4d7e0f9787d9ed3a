//! The map in three dimensions: hover, select, rotate, zoom.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::{html, prelude::*};

use crate::chart::{Area, watch};
use crate::plot::gesture::{Drag, Gesture, GestureUpdate, Region};
use crate::plot::layers::{LayeredMap, Layers};
use crate::plot::pointer::{capture, is_shortcut, point_of, wheel_factor};
use crate::plot::selection::{SelectMode, select};
use crate::plot::throttle::DrawThrottle;
use crate::plot::toolbar::{ZOOM_STEP, ZoomButtons};
use crate::state::State;
use crate::text;
use shoal::plot::{ChartView, PlotStyle, Scene, Viewpoint, draw_space_cube, space_marks, space_points};

/// The rotation of one press of an arrow key, in radians.
const KEY_ROTATION: f32 = 0.1;
/// The pointer's distance for a rotation by one radian, in CSS pixels.
const PX_PER_RADIAN: f64 = 150.0;

/// The map on the first three principal components.
#[component]
pub fn Map3d(state: State, view: RwSignal<ChartView>) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let (surface, throttle) = (watch(canvas), DrawThrottle::new());
    let viewpoint = Memo::new(move |_| view.with(|view| view.viewpoint));
    let points = Memo::new(move |_| {
        Arc::new(state.clustering.with(|clustering| clustering.as_deref().map(space_points).unwrap_or_default()))
    });
    let scene = Memo::new(move |_| {
        let surface = surface.get()?;
        points.with(|points| Scene::new(points, viewpoint.get(), surface.size_px, &surface.style))
    });
    let marks = Memo::new(move |_| {
        let (Some(surface), Some(scene)) = (surface.get(), scene.get()) else { return Arc::default() };
        points.with(|points| Arc::new(space_marks(points, &scene, throttle.step(points.len()), &surface.style)))
    });
    let layers = Layers { state, canvas, surface, marks, hovered_here: RwSignal::new(None) };
    let change = move |change: &dyn Fn(Viewpoint) -> Viewpoint| {
        throttle.on_move();
        view.update(|view| view.viewpoint = change(view.viewpoint));
    };
    let zoom = move |factor: f64| change(&|viewpoint| viewpoint.nearer(factor as f32));
    let gesture = StoredValue::new_local(Gesture::default());

    let on_key = move |event: web_sys::KeyboardEvent| {
        if is_shortcut(&event) {
            return;
        }
        match event.key().as_str() {
            "ArrowLeft" => change(&|viewpoint| viewpoint.turned(-KEY_ROTATION, 0.0)),
            "ArrowRight" => change(&|viewpoint| viewpoint.turned(KEY_ROTATION, 0.0)),
            "ArrowUp" => change(&|viewpoint| viewpoint.turned(0.0, KEY_ROTATION)),
            "ArrowDown" => change(&|viewpoint| viewpoint.turned(0.0, -KEY_ROTATION)),
            "+" | "=" => zoom(ZOOM_STEP),
            "-" => zoom(1.0 / ZOOM_STEP),
            "0" => change(&|_| Viewpoint::default()),
            "Enter" => {
                if state.hovered.with_untracked(Option::is_none) {
                    layers.hover(layers.image_nearest(layers.middle()));
                }
                let extends = event.ctrl_key() || event.meta_key() || event.shift_key();
                let paths = state.hovered.get_untracked().into_iter().collect();
                select(state, paths, if extends { SelectMode::Toggle } else { SelectMode::Replace });
            }
            "Escape" => select(state, BTreeSet::new(), SelectMode::Replace),
            _ => return,
        }
        event.prevent_default();
    };
    let on_down = move |event: web_sys::PointerEvent| {
        if event.button() == 0 {
            gesture.update_value(|gesture| gesture.on_down(event.pointer_id(), point_of(&event), Drag::Move));
            capture(&event);
        }
    };
    let on_move = move |event: web_sys::PointerEvent| {
        if !gesture.with_value(Gesture::is_active) {
            layers.hover(layers.image_at(point_of(&event)));
            return;
        }
        let radians = |px: f64| (px / PX_PER_RADIAN) as f32;
        match gesture.try_update_value(|gesture| gesture.on_move(event.pointer_id(), point_of(&event))) {
            Some(GestureUpdate::Move(right, down)) => {
                change(&|viewpoint| viewpoint.turned(radians(right), radians(down)))
            }
            Some(GestureUpdate::Pinch { factor, .. }) => zoom(factor),
            _ => {}
        }
    };
    let on_up = move |event: web_sys::PointerEvent| {
        if let Some(Region::Click(point)) = gesture.try_update_value(|gesture| gesture.on_up(event.pointer_id())) {
            let path = layers.image_at(point);
            layers.hover(path.clone());
            let extends = event.ctrl_key() || event.meta_key() || event.shift_key();
            select(state, path.into_iter().collect(), if extends { SelectMode::Toggle } else { SelectMode::Replace });
        }
    };
    let on_wheel = move |event: web_sys::WheelEvent| {
        // Only with Ctrl, as for zooming a page: the wheel alone scrolls the page past the map.
        if event.ctrl_key() {
            event.prevent_default();
            zoom(wheel_factor(&event));
        }
    };
    let draw_cube = move |area: &Area, style: &PlotStyle| {
        let Some(scene) = scene.get() else { return Ok(()) };
        draw_space_cube(area, &scene, &layers.explained(style)).map_err(|error| error.to_string())
    };
    view! {
        <div class="buttons tools">
            <ZoomButtons zoom fit=move || change(&|_| Viewpoint::default())/>
        </div>
        <div
            class="space layers"
            tabindex="0"
            role="application"
            aria-label=text::MAP_3D_HINT
            on:keydown=on_key
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:pointercancel=move |_| gesture.update_value(Gesture::cancel)
            on:pointerleave=move |event| layers.on_leave(&event)
            on:wheel=on_wheel
            on:dblclick=move |_| change(&|_| Viewpoint::default())
        >
            <LayeredMap
                layers
                ground=move |area, style| {
                    area.fill(&style.background).map_err(|error| error.to_string())?;
                    draw_cube(area, style)
                }
                // The cube is drawn again above the veil, so that its axis titles stay readable.
                veil=move |area, style, veil| {
                    veil.cover_all();
                    draw_cube(area, style)
                }
            />
        </div>
        <p class="soft">{text::MAP_3D_HINT}</p>
    }
}
