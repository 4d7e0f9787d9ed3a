//! The layers of a map: the points, the selection above them, and the hover card on top. Only layers that change are redrawn.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use leptos::{html, prelude::*};

use crate::chart::{Area, Surface, log_error};
use crate::plot::gesture::Point;
use crate::plot::hover_card::{Anchor, HoverCard};
use crate::plot::paint::Painter;
use crate::state::State;
use crate::text;
use shoal::plot::{Mark, MarkStyle, Marker, PlotStyle, css_colour, mark_at};

/// The greatest distance between the pointer and the centre of a point that it hovers, in CSS pixels.
const REACH_PX: f64 = 12.0;
/// Opacity of the veil over what is not selected.
const VEIL_OPACITY: f64 = 0.75;
/// The gap between a selected mark and its ring, in CSS pixels.
const RING_GAP_PX: f64 = 2.0;

/// The data of a map's layers. Its fields are handles, so that it is copied freely.
#[derive(Clone, Copy)]
pub struct Layers {
    /// The interface's state.
    pub state: State,
    /// The canvas of the points.
    pub canvas: NodeRef<html::Canvas>,
    /// The canvas's size and theme.
    pub surface: RwSignal<Option<Surface>>,
    /// The marks of the points.
    pub marks: Memo<Arc<Vec<Mark>>>,
    /// The path of the image that was last hovered on this map. Its card is shown while [`State::hovered`] is the same.
    pub hovered_here: RwSignal<Option<String>>,
}

impl Layers {
    /// The path of the image within reach of a point.
    pub fn image_at(self, point: Point) -> Option<String> {
        self.image_within(point, REACH_PX)
    }

    /// The path of the image nearest to a point.
    pub fn image_nearest(self, point: Point) -> Option<String> {
        self.image_within(point, f64::INFINITY)
    }

    /// The middle of the canvas, in CSS pixels.
    pub fn middle(self) -> Point {
        self.surface.get_untracked().map_or((0.0, 0.0), |surface| {
            let (width, height) = surface.size_px;
            (surface.to_css_px(f64::from(width) / 2.0), surface.to_css_px(f64::from(height) / 2.0))
        })
    }

    fn image_within(self, point: Point, reach_px: f64) -> Option<String> {
        let surface = self.surface.get_untracked()?;
        let point_px = (surface.to_px(point.0), surface.to_px(point.1));
        let marks = self.marks.get_untracked();
        self.path_of(mark_at(&marks, point_px, surface.to_px(reach_px))?)
    }

    /// The path of a mark's image.
    pub fn path_of(self, mark: &Mark) -> Option<String> {
        self.paths_of(std::iter::once(mark)).pop_first()
    }

    /// The paths of marks' images.
    pub fn paths_of<'a>(self, marks: impl Iterator<Item = &'a Mark>) -> BTreeSet<String> {
        self.state.clustering.with_untracked(|clustering| {
            let Some(clustering) = clustering else { return BTreeSet::new() };
            marks.filter_map(|mark| Some(clustering.items.get(mark.index)?.path.clone())).collect()
        })
    }

    /// The style with the variance that each axis explains. Reads the clustering reactively.
    pub fn explained(self, style: &PlotStyle) -> PlotStyle {
        let explained = self
            .state
            .clustering
            .with(|clustering| clustering.as_ref().map_or([None; 3], |clustering| clustering.explained));
        PlotStyle { explained, ..style.clone() }
    }

    /// Hovers an image, or none.
    pub fn hover(self, path: Option<String>) {
        if self.hovered_here.with_untracked(|known| *known != path) {
            self.hovered_here.set(path.clone());
        }
        if self.state.hovered.with_untracked(|known| *known != path) {
            self.state.hovered.set(path);
        }
    }

    /// Handles a pointer that leaves the map. An image that another part of the page hovers stays hovered, and so does one that
    /// a finger tapped.
    pub fn on_leave(self, event: &web_sys::PointerEvent) {
        let is_own = event.pointer_type() != "touch"
            && self
                .hovered_here
                .with_untracked(|here| here.is_some() && self.state.hovered.with_untracked(|hovered| hovered == here));
        if is_own {
            self.hover(None);
        }
    }
}

/// A translucent cover in the background's colour.
pub struct Veil<'a>(&'a web_sys::CanvasRenderingContext2d, &'a Surface);

impl Veil<'_> {
    /// Covers a rectangle of the canvas, in canvas pixels.
    pub fn cover(&self, x_px: Range<f64>, y_px: Range<f64>) {
        self.0.set_global_alpha(VEIL_OPACITY);
        self.0.set_fill_style_str(&css_colour(self.1.style.background));
        self.0.fill_rect(x_px.start, y_px.start, x_px.end - x_px.start, y_px.end - y_px.start);
        self.0.set_global_alpha(1.0);
    }

    /// Covers the whole canvas.
    pub fn cover_all(&self) {
        self.cover(0.0..self.1.size_px.0.into(), 0.0..self.1.size_px.1.into());
    }
}

/// The layers. `ground` draws below the points; `veil` covers them while images are selected.
#[component]
pub fn LayeredMap(
    layers: Layers,
    ground: impl Fn(&Area, &PlotStyle) -> Result<(), String> + 'static,
    veil: impl Fn(&Area, &PlotStyle, &Veil<'_>) -> Result<(), String> + 'static,
) -> impl IntoView {
    let Layers { state, canvas, surface, marks, hovered_here } = layers;
    let (points, selection) = (Painter::new(), Painter::new());
    let painters = StoredValue::new_local([points.clone(), selection.clone()]);
    on_cleanup(move || {
        painters.with_value(|painters| painters.iter().for_each(Painter::stop));
        // The image that this map hovers is not hovered any longer.
        if hovered_here.try_get_untracked().flatten().is_some_and(|here| state.hovered.get_untracked() == Some(here)) {
            state.hovered.set(None);
        }
    });
    Effect::new(move |_| {
        let (Some(canvas), Some(surface)) = (canvas.get(), surface.get()) else { return };
        let draw_ground = |hidden: &_, _: &_| {
            let drawn = surface.prepare(hidden).map_or(Ok(()), |area| ground(&area, &surface.style));
            drawn.unwrap_or_else(|error| log_error(&error));
        };
        points.draw(&canvas, &surface, draw_ground, marks.get().to_vec());
    });
    let above = NodeRef::<html::Canvas>::new();
    Effect::new(move |_| {
        let (Some(canvas), Some(surface)) = (above.get(), surface.get()) else { return };
        let selected = selected_marks(layers);
        let draw_veil = |hidden: &_, context: &_| {
            if !selected.is_empty() {
                let veiled = surface
                    .prepare(hidden)
                    .map_or(Ok(()), |area| veil(&area, &surface.style, &Veil(context, &surface)));
                veiled.unwrap_or_else(|error| log_error(&error));
            }
        };
        let rings = selected.iter().map(|mark| ring(mark, &surface));
        let all = rings.chain(selected.iter().copied()).collect();
        selection.draw(&canvas, &surface, draw_veil, all);
    });
    let hovered = Memo::new(move |_| {
        let path = state.hovered.get()?;
        let surface = surface.get()?;
        let index = state.clustering.with(|clustering| clustering.as_ref()?.index_of(&path))?;
        let mark = marks.with(|marks| marks.iter().find(|mark| mark.index == index).copied())?;
        let point = (surface.to_css_px(mark.centre_px.0.into()), surface.to_css_px(mark.centre_px.1.into()));
        let map_size = (surface.to_css_px(surface.size_px.0.into()), surface.to_css_px(surface.size_px.1.into()));
        Some((path, Anchor { point, map_size }))
    });
    let ring_at_hovered = move || {
        let (_, Anchor { point: (x, y), .. }) = hovered.get()?;
        Some(view! { <div class="ring" aria-hidden="true" style:transform=format!("translate({x}px, {y}px)")></div> })
    };
    let card = move || {
        let (path, anchor) = hovered.get().filter(|(path, _)| hovered_here.with(|here| here.as_ref() == Some(path)))?;
        Some(view! { <HoverCard state path anchor/> })
    };
    view! {
        <canvas node_ref=canvas role="img" aria-label=text::MAP_DESCRIPTION></canvas>
        <canvas node_ref=above class="above" aria-hidden="true"></canvas>
        {ring_at_hovered}
        <div role="status">{card}</div>
    }
}

/// The marks of the selected images, in drawing order.
fn selected_marks(layers: Layers) -> Vec<Mark> {
    let marks = layers.marks.get();
    layers.state.selected.with(|selected| {
        if selected.is_empty() {
            return Vec::new();
        }
        layers.state.clustering.with(|clustering| {
            let Some(clustering) = clustering else { return Vec::new() };
            let is_selected =
                |mark: &&Mark| clustering.items.get(mark.index).is_some_and(|item| selected.contains(&item.path));
            marks.iter().filter(is_selected).copied().collect()
        })
    })
}

/// The ring around a selected mark.
fn ring(mark: &Mark, surface: &Surface) -> Mark {
    let radius_px = mark.style.radius_px + surface.to_px(RING_GAP_PX).round() as i32;
    let style = MarkStyle { marker: Marker::Circle, radius_px, colour: surface.style.foreground, is_filled: false };
    Mark { style, ..*mark }
}
