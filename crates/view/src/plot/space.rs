//! The map in three dimensions: to point at, to select on, to turn and to enlarge.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::{html, prelude::*};

use crate::chart::{Area, watch};
use crate::plot::gesture::{Change, Drag, Gesture, Meant};
use crate::plot::layers::{LayeredMap, Layers};
use crate::plot::motion::Motion;
use crate::plot::selection::{Choice, choose};
use crate::plot::toolbar::{ZOOM_STEP, ZoomButtons};
use crate::plot::{capture, is_shortcut, place_of, wheel_factor};
use crate::state::State;
use crate::text;
use shoal::plot::{PlotStyle, Scene, SpacePoint, Viewpoint, draw_space_cube, space_marks};

/// One step of an arrow key, in radians.
const KEY_TURN: f32 = 0.1;
/// So far a pointer moves for a turn of one radian, in CSS pixels.
const PX_A_RADIAN: f64 = 150.0;

/// The map on the first three principal components.
#[component]
pub fn SpaceMap(state: State) -> impl IntoView {
    let canvas = NodeRef::<html::Canvas>::new();
    let (surface, viewpoint, motion) = (watch(canvas), RwSignal::new(Viewpoint::default()), Motion::new());
    let points = Memo::new(move |_| {
        let point = |item: &shoal::collection::Assignment| SpacePoint { place: item.pca, cluster: item.cluster };
        let points = state
            .clustering
            .with(|clustering| clustering.iter().flat_map(|clustering| &clustering.items).map(point).collect());
        Arc::<Vec<SpacePoint>>::new(points)
    });
    let scene = Memo::new(move |_| {
        let surface = surface.get()?;
        points.with(|points| Scene::new(points, viewpoint.get(), surface.size_px, &surface.style))
    });
    let marks = Memo::new(move |_| {
        let (Some(surface), Some(scene)) = (surface.get(), scene.get()) else { return Arc::default() };
        points.with(|points| Arc::new(space_marks(points, &scene, motion.step(points.len()), &surface.style)))
    });
    let layers = Layers { state, canvas, surface, marks, here: RwSignal::new(None) };
    let change = move |change: &dyn Fn(Viewpoint) -> Viewpoint| {
        motion.moved();
        viewpoint.update(|view| *view = change(*view));
    };
    let nearer = move |factor: f64| change(&|view| view.nearer(factor as f32));
    let gesture = StoredValue::new_local(Gesture::default());

    let on_key = move |event: web_sys::KeyboardEvent| {
        if is_shortcut(&event) {
            return;
        }
        match event.key().as_str() {
            "ArrowLeft" => change(&|view| view.turned(-KEY_TURN, 0.0)),
            "ArrowRight" => change(&|view| view.turned(KEY_TURN, 0.0)),
            "ArrowUp" => change(&|view| view.turned(0.0, KEY_TURN)),
            "ArrowDown" => change(&|view| view.turned(0.0, -KEY_TURN)),
            "+" | "=" => nearer(ZOOM_STEP),
            "-" => nearer(1.0 / ZOOM_STEP),
            "0" => change(&|_| Viewpoint::default()),
            "Enter" => {
                if state.pointed.with_untracked(Option::is_none) {
                    layers.point_at(layers.picture_nearest(layers.middle()));
                }
                let adds = event.ctrl_key() || event.meta_key() || event.shift_key();
                let paths = state.pointed.get_untracked().into_iter().collect();
                choose(state, paths, if adds { Choice::Toggle } else { Choice::Only });
            }
            "Escape" => choose(state, BTreeSet::new(), Choice::Only),
            _ => return,
        }
        event.prevent_default();
    };
    let on_down = move |event: web_sys::PointerEvent| {
        if event.button() == 0 {
            gesture.update_value(|gesture| gesture.down(event.pointer_id(), place_of(&event), Drag::Move));
            capture(&event);
        }
    };
    let on_move = move |event: web_sys::PointerEvent| {
        if !gesture.with_value(Gesture::is_on) {
            layers.point_at(layers.picture_at(place_of(&event)));
            return;
        }
        let operation = |px: f64| (px / PX_A_RADIAN) as f32;
        match gesture.try_update_value(|gesture| gesture.moved(event.pointer_id(), place_of(&event))) {
            Some(Change::Moved(right, down)) => change(&|view| view.turned(operation(right), operation(down))),
            Some(Change::Pinched { factor, .. }) => nearer(factor),
            _ => {}
        }
    };
    let on_up = move |event: web_sys::PointerEvent| {
        if let Some(Meant::Click(place)) = gesture.try_update_value(|gesture| gesture.up(event.pointer_id())) {
            let path = layers.picture_at(place);
            layers.point_at(path.clone());
            let adds = event.ctrl_key() || event.meta_key() || event.shift_key();
            choose(state, path.into_iter().collect(), if adds { Choice::Toggle } else { Choice::Only });
        }
    };
    let on_wheel = move |event: web_sys::WheelEvent| {
        // Only with the key that zooms pages too: the wheel alone scrolls past.
        if event.ctrl_key() {
            event.prevent_default();
            nearer(wheel_factor(&event));
        }
    };
    let draw_cube = move |area: &Area, style: &PlotStyle| {
        let Some(scene) = scene.get() else { return Ok(()) };
        draw_space_cube(area, &scene, &layers.explained(style)).map_err(|error| error.to_string())
    };
    view! {
        <div class="buttons tools">
            <ZoomButtons nearer whole=move || change(&|_| Viewpoint::default())/>
        </div>
        <div
            class="space layers"
            tabindex="0"
            role="application"
            aria-label=text::SPACE_HINT
            on:keydown=on_key
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:pointercancel=move |_| gesture.update_value(Gesture::cancel)
            on:pointerleave=move |event| layers.leave(&event)
            on:wheel=on_wheel
            on:dblclick=move |_| change(&|_| Viewpoint::default())
        >
            <LayeredMap
                layers
                ground=move |area, style| {
                    area.fill(&style.background).map_err(|error| error.to_string())?;
                    draw_cube(area, style)
                }
                // The axes' titles stand above what is paled, to be read.
                veil=move |area, style, veil| {
                    veil.cover_all();
                    draw_cube(area, style)
                }
            />
        </div>
        <p class="soft">{text::SPACE_HINT}</p>
    }
}
