//! The flat map: to point at, to select on, to enlarge and to move.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::{html, prelude::*};

use crate::chart::watch;
use crate::plot::gesture::{Change, Drag, Gesture, Meant, Place};
use crate::plot::layers::{LayeredMap, Layers};
use crate::plot::motion::Motion;
use crate::plot::pictures::Pictures;
use crate::plot::selection::{Choice, choose};
use crate::plot::toolbar::{Tool, Tools, ZOOM_STEP, ZoomButtons};
use crate::plot::{capture, is_shortcut, place_of, wheel_factor};
use crate::state::State;
use crate::text;
use shoal::plot::{
    MapView, ScatterFrame, ScatterPoint, draw_scatter_axes, marks_in_polygon, marks_in_rectangle, scatter_marks,
};

/// One step of an arrow key, as a share of what is seen.
const KEY_STEP: f64 = 0.1;

/// What the flat map shows: handles, copied freely.
#[derive(Clone, Copy)]
struct Flat {
    layers: Layers,
    /// Where points lie on the canvas, in the part that is seen.
    frame: Memo<Option<ScatterFrame>>,
    view: RwSignal<MapView>,
    motion: Motion,
}

impl Flat {
    fn new(state: State) -> Self {
        let canvas = NodeRef::<html::Canvas>::new();
        let (surface, view, motion) = (watch(canvas), RwSignal::new(MapView::default()), Motion::new());
        let points = Memo::new(move |_| {
            let point = |item: &shoal::collection::Assignment| ScatterPoint {
                x: item.pca[0],
                y: item.pca[1],
                cluster: item.cluster,
            };
            let points = state
                .clustering
                .with(|clustering| clustering.iter().flat_map(|clustering| &clustering.items).map(point).collect());
            Arc::<Vec<ScatterPoint>>::new(points)
        });
        let whole = Memo::new(move |_| {
            let surface = surface.get()?;
            points.with(|points| ScatterFrame::new(points, surface.size_px, &surface.style))
        });
        let frame = Memo::new(move |_| Some(whole.get()?.seen(view.get())));
        let marks = Memo::new(move |_| {
            let (Some(surface), Some(frame)) = (surface.get(), frame.get()) else { return Arc::default() };
            points.with(|points| Arc::new(scatter_marks(points, &frame, motion.step(points.len()), &surface.style)))
        });
        let layers = Layers { state, canvas, surface, marks, here: RwSignal::new(None) };
        Self { layers, frame, view, motion }
    }

    /// A place in CSS pixels as a share of the plotting area.
    fn to_share(self, place: Place) -> (f64, f64) {
        let surface = self.layers.surface.get_untracked();
        let frame = self.frame.get_untracked();
        surface
            .zip(frame)
            .map_or((0.5, 0.5), |(surface, frame)| frame.to_share((surface.to_px(place.0), surface.to_px(place.1))))
    }

    fn change(self, change: impl FnOnce(MapView) -> MapView) {
        let changed = change(self.view.get_untracked());
        if changed != self.view.get_untracked() {
            self.motion.moved();
            self.view.set(changed);
        }
    }

    fn nearer(self, factor: f64, about: Place) {
        let about = self.to_share(about);
        self.change(|view| view.nearer(factor, about));
    }

    fn nearer_middle(self, factor: f64) {
        self.change(|view| view.nearer(factor, (0.5, 0.5)));
    }

    fn moved(self, right: f64, down: f64) {
        let (from, to) = (self.to_share((0.0, 0.0)), self.to_share((right, down)));
        self.change(|view| view.moved(to.0 - from.0, to.1 - from.1));
    }

    fn whole(self) {
        self.change(|_| MapView::default());
    }

    /// Points at what is nearest to the middle of what is seen.
    fn point_at_middle(self) {
        let Some((surface, frame)) = self.layers.surface.get_untracked().zip(self.frame.get_untracked()) else {
            return;
        };
        let middle_px =
            (f64::midpoint(frame.x_px.start, frame.x_px.end), f64::midpoint(frame.y_px.start, frame.y_px.end));
        let middle = (surface.to_css_px(middle_px.0), surface.to_css_px(middle_px.1));
        self.layers.point_at(self.layers.picture_nearest(middle));
    }

    fn select(self, meant: Meant, choice: Choice) {
        let Some(surface) = self.layers.surface.get_untracked() else { return };
        let to_px = |place: Place| (surface.to_px(place.0), surface.to_px(place.1));
        let marks = self.layers.marks.get_untracked();
        let paths: BTreeSet<String> = match meant {
            Meant::Nothing => return,
            Meant::Click(place) => {
                let path = self.layers.picture_at(place);
                self.layers.point_at(path.clone());
                path.into_iter().collect()
            }
            Meant::Box(one, other) => self.layers.paths_of(marks_in_rectangle(&marks, to_px(one), to_px(other))),
            Meant::Lasso(corners) => {
                let corners_px: Vec<Place> = corners.into_iter().map(to_px).collect();
                self.layers.paths_of(marks_in_polygon(&marks, &corners_px))
            }
        };
        choose(self.layers.state, paths, choice);
    }

    /// What a key does. Whether it did anything.
    fn key(self, event: &web_sys::KeyboardEvent) -> bool {
        match event.key().as_str() {
            "ArrowLeft" => self.change(|view| view.moved(KEY_STEP, 0.0)),
            "ArrowRight" => self.change(|view| view.moved(-KEY_STEP, 0.0)),
            "ArrowUp" => self.change(|view| view.moved(0.0, KEY_STEP)),
            "ArrowDown" => self.change(|view| view.moved(0.0, -KEY_STEP)),
            "+" | "=" => self.nearer_middle(ZOOM_STEP),
            "-" => self.nearer_middle(1.0 / ZOOM_STEP),
            "0" => self.whole(),
            "Enter" => {
                if self.layers.state.pointed.with_untracked(Option::is_none) {
                    self.point_at_middle();
                }
                let adds = event.ctrl_key() || event.meta_key() || event.shift_key();
                let paths = self.layers.state.pointed.get_untracked().into_iter().collect();
                choose(self.layers.state, paths, if adds { Choice::Toggle } else { Choice::Only });
                return true;
            }
            "Escape" => {
                self.layers.point_at(None);
                choose(self.layers.state, BTreeSet::new(), Choice::Only);
                return true;
            }
            _ => return false,
        }
        self.point_at_middle();
        true
    }
}

/// The map on the first two principal components.
#[component]
pub fn FlatMap(state: State) -> impl IntoView {
    let flat = Flat::new(state);
    let (tool, pictures) = (RwSignal::new(Tool::Box), RwSignal::new(false));
    let shape = RwSignal::new(Vec::<Place>::new());
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
        gesture.update_value(|gesture| gesture.down(event.pointer_id(), place_of(&event), drag));
        capture(&event);
    };
    let on_move = move |event: web_sys::PointerEvent| {
        let place = place_of(&event);
        if !gesture.with_value(Gesture::is_on) {
            flat.layers.point_at(flat.layers.picture_at(place));
            return;
        }
        let change = gesture.try_update_value(|gesture| gesture.moved(event.pointer_id(), place));
        match change.unwrap_or(Change::Nothing) {
            Change::Nothing => {}
            Change::Shape(corners) => shape.set(corners),
            Change::Moved(right, down) => flat.moved(right, down),
            Change::Pinched { factor, about, by } => {
                shape.set(Vec::new());
                flat.moved(by.0, by.1);
                flat.nearer(factor, about);
            }
        }
    };
    let on_up = move |event: web_sys::PointerEvent| {
        let meant = gesture.try_update_value(|gesture| gesture.up(event.pointer_id())).unwrap_or(Meant::Nothing);
        shape.set(Vec::new());
        let (adds, shift) = (event.ctrl_key() || event.meta_key(), event.shift_key());
        let choice = match &meant {
            Meant::Click(_) if adds || shift => Choice::Toggle,
            _ if adds => Choice::Add,
            _ => Choice::Only,
        };
        flat.select(meant, choice);
    };
    let on_cancel = move |_| {
        gesture.update_value(Gesture::cancel);
        shape.set(Vec::new());
    };
    let on_wheel = move |event: web_sys::WheelEvent| {
        // Only with the key that zooms pages too: the wheel alone scrolls past.
        if event.ctrl_key() {
            event.prevent_default();
            flat.nearer(wheel_factor(&event), place_of(&event));
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.key() == " " {
            space_is_down.set_value(true);
            event.prevent_default();
        } else if !is_shortcut(&event) && flat.key(&event) {
            event.prevent_default();
        }
    };
    let outline = move || shape.get().iter().map(|(x, y)| format!("{x},{y}")).collect::<Vec<_>>().join(" ");
    view! {
        <div class="buttons tools">
            <Tools tool pictures/>
            <ZoomButtons nearer=move |factor| flat.nearer_middle(factor) whole=move || flat.whole()/>
        </div>
        <div
            class="flat layers"
            class:owned=move || tool.get() != Tool::Box
            class:movable=move || tool.get() == Tool::Hand
            tabindex="0"
            role="application"
            aria-label=text::FLAT_HINT
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:pointercancel=on_cancel
            on:pointerleave=move |event| flat.layers.leave(&event)
            on:mousedown=prevent_autoscroll
            on:wheel=on_wheel
            on:keydown=on_key
            on:keyup=move |event| { if event.key() == " " { space_is_down.set_value(false); } }
            on:blur=move |_| space_is_down.set_value(false)
            on:dblclick=move |_| flat.whole()
        >
            <LayeredMap
                layers=flat.layers
                ground=move |area, style| {
                    area.fill(&style.background).map_err(|error| error.to_string())?;
                    let Some(frame) = flat.frame.get() else { return Ok(()) };
                    draw_scatter_axes(area, &frame, &flat.layers.explained(style)).map_err(|error| error.to_string())
                }
                veil=move |_, _, veil| {
                    if let Some(frame) = flat.frame.get() {
                        veil.cover(frame.x_px, frame.y_px);
                    }
                    Ok(())
                }
            />
            <Show when=move || pictures.get()>
                <Pictures layers=flat.layers/>
            </Show>
            <svg aria-hidden="true"><polygon points=outline/></svg>
        </div>
        <p class="soft">{text::FLAT_HINT}</p>
    }
}

/// The middle button moves the map instead of starting to scroll.
fn prevent_autoscroll(event: web_sys::MouseEvent) {
    if event.button() == 1 {
        event.prevent_default();
    }
}
