//! The visible part of the map in two dimensions: pan, zoom, select, keyboard commands.

use std::collections::BTreeSet;
use std::sync::Arc;

use leptos::{html, prelude::*};

use crate::chart::watch;
use crate::plot::gesture::{Point, Region};
use crate::plot::layers::Layers;
use crate::plot::selection::{SelectMode, select};
use crate::plot::throttle::DrawThrottle;
use crate::plot::toolbar::ZOOM_STEP;
use crate::state::State;
use shoal::plot::{
    ChartView, MapView, ScatterFrame, marks_in_polygon, marks_in_rectangle, scatter_marks, scatter_points,
};

/// The distance of one press of an arrow key, as a share of the visible part.
const KEY_STEP: f64 = 0.1;

/// The state of the map. Its fields are handles, so that it is copied freely.
#[derive(Clone, Copy)]
pub struct Viewport2d {
    /// The map's canvases and marks.
    pub layers: Layers,
    /// Where the visible points lie on the canvas.
    pub frame: Memo<Option<ScatterFrame>>,
    view: RwSignal<ChartView>,
    throttle: DrawThrottle,
}

impl Viewport2d {
    /// A viewport of the part of the map in `view`.
    pub fn new(state: State, view: RwSignal<ChartView>) -> Self {
        let canvas = NodeRef::<html::Canvas>::new();
        let (surface, throttle) = (watch(canvas), DrawThrottle::new());
        let map_view = Memo::new(move |_| view.with(|view| view.map_view));
        let points = Memo::new(move |_| {
            Arc::new(state.clustering.with(|clustering| clustering.as_deref().map(scatter_points).unwrap_or_default()))
        });
        let whole = Memo::new(move |_| {
            let surface = surface.get()?;
            points.with(|points| ScatterFrame::new(points, surface.size_px, &surface.style))
        });
        let frame = Memo::new(move |_| Some(whole.get()?.seen(map_view.get())));
        let marks = Memo::new(move |_| {
            let (Some(surface), Some(frame)) = (surface.get(), frame.get()) else { return Arc::default() };
            points.with(|points| Arc::new(scatter_marks(points, &frame, throttle.step(points.len()), &surface.style)))
        });
        let layers = Layers { state, canvas, surface, marks, hovered_here: RwSignal::new(None) };
        Self { layers, frame, view, throttle }
    }

    /// Zooms by a factor about a point, which stays in place.
    pub fn zoom(self, factor: f64, about: Point) {
        let about = self.to_share(about);
        self.change(|view| view.nearer(factor, about));
    }

    /// Zooms by a factor about the middle of the visible part.
    pub fn zoom_about_middle(self, factor: f64) {
        self.change(|view| view.nearer(factor, (0.5, 0.5)));
    }

    /// Pans by a distance in CSS pixels.
    pub fn pan(self, right: f64, down: f64) {
        let (from, to) = (self.to_share((0.0, 0.0)), self.to_share((right, down)));
        self.change(|view| view.moved(to.0 - from.0, to.1 - from.1));
    }

    /// Shows the whole map.
    pub fn fit(self) {
        self.change(|_| MapView::default());
    }

    /// Selects the images in a region.
    pub fn select(self, region: Region, mode: SelectMode) {
        let Some(surface) = self.layers.surface.get_untracked() else { return };
        let to_px = |point: Point| (surface.to_px(point.0), surface.to_px(point.1));
        let marks = self.layers.marks.get_untracked();
        let paths: BTreeSet<String> = match region {
            Region::Nothing => return,
            Region::Click(point) => {
                let path = self.layers.image_at(point);
                self.layers.hover(path.clone());
                path.into_iter().collect()
            }
            Region::Box(from, to) => self.layers.paths_of(marks_in_rectangle(&marks, to_px(from), to_px(to))),
            Region::Lasso(corners) => {
                let corners_px: Vec<Point> = corners.into_iter().map(to_px).collect();
                self.layers.paths_of(marks_in_polygon(&marks, &corners_px))
            }
        };
        select(self.layers.state, paths, mode);
    }

    /// Handles a key. Returns whether it is one of the map's.
    pub fn on_key(self, event: &web_sys::KeyboardEvent) -> bool {
        match event.key().as_str() {
            "ArrowLeft" => self.change(|view| view.moved(KEY_STEP, 0.0)),
            "ArrowRight" => self.change(|view| view.moved(-KEY_STEP, 0.0)),
            "ArrowUp" => self.change(|view| view.moved(0.0, KEY_STEP)),
            "ArrowDown" => self.change(|view| view.moved(0.0, -KEY_STEP)),
            "+" | "=" => self.zoom_about_middle(ZOOM_STEP),
            "-" => self.zoom_about_middle(1.0 / ZOOM_STEP),
            "0" => self.fit(),
            "Enter" => {
                if self.layers.state.hovered.with_untracked(Option::is_none) {
                    self.hover_middle();
                }
                let extends = event.ctrl_key() || event.meta_key() || event.shift_key();
                let paths = self.layers.state.hovered.get_untracked().into_iter().collect();
                select(self.layers.state, paths, if extends { SelectMode::Toggle } else { SelectMode::Replace });
                return true;
            }
            "Escape" => {
                self.layers.hover(None);
                select(self.layers.state, BTreeSet::new(), SelectMode::Replace);
                return true;
            }
            _ => return false,
        }
        self.hover_middle();
        true
    }

    /// Converts a point to shares of the plotting area.
    fn to_share(self, point: Point) -> (f64, f64) {
        let surface = self.layers.surface.get_untracked();
        let frame = self.frame.get_untracked();
        surface
            .zip(frame)
            .map_or((0.5, 0.5), |(surface, frame)| frame.to_share((surface.to_px(point.0), surface.to_px(point.1))))
    }

    fn change(self, change: impl FnOnce(MapView) -> MapView) {
        let before = self.view.with_untracked(|view| view.map_view);
        let changed = change(before);
        if changed != before {
            self.throttle.on_move();
            self.view.update(|view| view.map_view = changed);
        }
    }

    /// Hovers the image nearest to the middle of the visible part, which is what the keyboard selects.
    fn hover_middle(self) {
        let Some((surface, frame)) = self.layers.surface.get_untracked().zip(self.frame.get_untracked()) else {
            return;
        };
        let middle_px =
            (f64::midpoint(frame.x_px.start, frame.x_px.end), f64::midpoint(frame.y_px.start, frame.y_px.end));
        let middle = (surface.to_css_px(middle_px.0), surface.to_css_px(middle_px.1));
        self.layers.hover(self.layers.image_nearest(middle));
    }
}
