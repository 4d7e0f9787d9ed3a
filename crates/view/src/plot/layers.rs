//! A map's layers: the points, above them what is selected, above that the picture under the pointer. Only the layer that
//! changes is drawn anew.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use leptos::{html, prelude::*};

use crate::chart::{Area, Surface, tell};
use crate::plot::card::{Card, Spot};
use crate::plot::gesture::Place;
use crate::plot::paint::Painter;
use crate::state::State;
use crate::text;
use shoal::plot::{Mark, MarkStyle, Marker, PlotStyle, css_colour, mark_at};

/// How far from a point's centre a pointer may be, in CSS pixels.
const REACH_PX: f64 = 12.0;
/// How opaque the veil over what is not selected is.
const VEIL: f64 = 0.75;
/// How far outside a selected mark its ring is, in CSS pixels.
const RING_GAP_PX: f64 = 2.0;

/// What a map shows and where: handles, copied freely.
#[derive(Clone, Copy)]
pub struct Layers {
    /// The interface's state.
    pub state: State,
    /// The canvas of the points.
    pub canvas: NodeRef<html::Canvas>,
    /// Its size and theme.
    pub surface: RwSignal<Option<Surface>>,
    /// The points' marks.
    pub marks: Memo<Arc<Vec<Mark>>>,
    /// The path of the picture that was last pointed at on this map: its card is shown while nothing else is pointed at.
    pub here: RwSignal<Option<String>>,
}

impl Layers {
    /// The path of the picture at a place of the map, in CSS pixels.
    pub fn picture_at(self, place: Place) -> Option<String> {
        self.picture_near(place, REACH_PX)
    }

    /// The path of the picture nearest to a place of the map.
    pub fn picture_nearest(self, place: Place) -> Option<String> {
        self.picture_near(place, f64::INFINITY)
    }

    /// The middle of the canvas, in CSS pixels.
    pub fn middle(self) -> Place {
        self.surface.get_untracked().map_or((0.0, 0.0), |surface| {
            let (width, height) = surface.size_px;
            (surface.to_css_px(f64::from(width) / 2.0), surface.to_css_px(f64::from(height) / 2.0))
        })
    }

    fn picture_near(self, place: Place, reach_px: f64) -> Option<String> {
        let surface = self.surface.get_untracked()?;
        let place_px = (surface.to_px(place.0), surface.to_px(place.1));
        let marks = self.marks.get_untracked();
        self.path_of(mark_at(&marks, place_px, surface.to_px(reach_px))?)
    }

    /// The path of a mark's picture.
    pub fn path_of(self, mark: &Mark) -> Option<String> {
        self.paths_of(std::iter::once(mark)).pop_first()
    }

    /// The paths of marks' pictures.
    pub fn paths_of<'a>(self, marks: impl Iterator<Item = &'a Mark>) -> BTreeSet<String> {
        self.state.clustering.with_untracked(|clustering| {
            let Some(clustering) = clustering else { return BTreeSet::new() };
            marks.filter_map(|mark| Some(clustering.items.get(mark.index)?.path.clone())).collect()
        })
    }

    /// A style with what the axes explain; read anew with every result.
    pub fn explained(self, style: &PlotStyle) -> PlotStyle {
        let explained = self
            .state
            .clustering
            .with(|clustering| clustering.as_ref().map_or([None; 3], |clustering| clustering.explained));
        PlotStyle { explained, ..style.clone() }
    }

    /// Points at a picture, or at none.
    pub fn point_at(self, path: Option<String>) {
        if self.here.with_untracked(|known| *known != path) {
            self.here.set(path.clone());
        }
        if self.state.pointed.with_untracked(|known| *known != path) {
            self.state.pointed.set(path);
        }
    }

    /// A pointer leaves: what another part of the page points at stays, and so does what a finger that was lifted tapped.
    pub fn leave(self, event: &web_sys::PointerEvent) {
        let own = event.pointer_type() != "touch"
            && self.here.with_untracked(|here| here.is_some() && self.state.pointed.with_untracked(|it| it == here));
        if own {
            self.point_at(None);
        }
    }
}

/// Pales what lies below.
pub struct Veil<'a>(&'a web_sys::CanvasRenderingContext2d, &'a Surface);

impl Veil<'_> {
    /// Covers a rectangle of the canvas: its left and right, top and bottom edges in canvas pixels.
    pub fn cover(&self, x_px: Range<f64>, y_px: Range<f64>) {
        self.0.set_global_alpha(VEIL);
        self.0.set_fill_style_str(&css_colour(self.1.style.background));
        self.0.fill_rect(x_px.start, y_px.start, x_px.end - x_px.start, y_px.end - y_px.start);
        self.0.set_global_alpha(1.0);
    }

    /// Covers the whole canvas.
    pub fn cover_all(&self) {
        self.cover(0.0..self.1.size_px.0.into(), 0.0..self.1.size_px.1.into());
    }
}

/// The layers. `ground` draws what is below the points, `veil` what pales them where pictures are selected.
#[component]
pub fn LayeredMap(
    layers: Layers,
    ground: impl Fn(&Area, &PlotStyle) -> Result<(), String> + 'static,
    veil: impl Fn(&Area, &PlotStyle, &Veil<'_>) -> Result<(), String> + 'static,
) -> impl IntoView {
    let Layers { state, canvas, surface, marks, here } = layers;
    let (points, selection) = (Painter::new(), Painter::new());
    let painters = StoredValue::new_local([points.clone(), selection.clone()]);
    on_cleanup(move || {
        painters.with_value(|painters| painters.iter().for_each(Painter::stop));
        // What this map points at is pointed at no more.
        if here.try_get_untracked().flatten().is_some_and(|here| state.pointed.get_untracked() == Some(here)) {
            state.pointed.set(None);
        }
    });
    Effect::new(move |_| {
        let (Some(canvas), Some(surface)) = (canvas.get(), surface.get()) else { return };
        let draw_ground = |hidden: &_, _: &_| {
            let drawn = surface.prepare(hidden).map_or(Ok(()), |area| ground(&area, &surface.style));
            drawn.unwrap_or_else(|error| tell(&error));
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
                veiled.unwrap_or_else(|error| tell(&error));
            }
        };
        let rings = selected.iter().map(|mark| ring(mark, &surface));
        let all = rings.chain(selected.iter().copied()).collect();
        selection.draw(&canvas, &surface, draw_veil, all);
    });
    let pointed = Memo::new(move |_| {
        let path = state.pointed.get()?;
        let surface = surface.get()?;
        let index = state.clustering.with(|clustering| clustering.as_ref()?.place_of(&path))?;
        let mark = marks.with(|marks| marks.iter().find(|mark| mark.index == index).copied())?;
        let place = (surface.to_css_px(mark.centre_px.0.into()), surface.to_css_px(mark.centre_px.1.into()));
        let size = (surface.to_css_px(surface.size_px.0.into()), surface.to_css_px(surface.size_px.1.into()));
        Some((path, Spot { place, size }))
    });
    let at_point = move || {
        let (_, Spot { place: (x, y), .. }) = pointed.get()?;
        Some(view! { <div class="ring" aria-hidden="true" style:transform=format!("translate({x}px, {y}px)")></div> })
    };
    let card = move || {
        let (path, spot) = pointed.get().filter(|(path, _)| here.with(|here| here.as_ref() == Some(path)))?;
        Some(view! { <Card state path spot/> })
    };
    view! {
        <canvas node_ref=canvas role="img" aria-label=text::PLOT_DESCRIPTION></canvas>
        <canvas node_ref=above class="above" aria-hidden="true"></canvas>
        {at_point}
        <div role="status">{card}</div>
    }
}

/// The marks of the pictures that are selected, in the order of drawing.
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

/// The ring around a mark that is selected.
fn ring(mark: &Mark, surface: &Surface) -> Mark {
    let radius_px = mark.style.radius_px + surface.to_px(RING_GAP_PX).round() as i32;
    let style = MarkStyle { marker: Marker::Circle, radius_px, colour: surface.style.foreground, is_filled: false };
    Mark { style, ..*mark }
}
