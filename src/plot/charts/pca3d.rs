//! The map of images on the first three principal components, seen from any direction.

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{PathElement, Text};
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoFont, RGBColor};

use crate::collection::{Assignment, Clustering};
use crate::plot::axes::{axis_title, short_axis_title};
use crate::plot::chart::{Chart, ChartData, ChartInfo, Drawn};
use crate::plot::legend::split_off_legend;
use crate::plot::mark::{Mark, MarkStyle, radius_px};
use crate::plot::palette::{Marker, Theme, colour, looks_of, marker};
use crate::plot::scene::{CUBE_RADIUS, Scene, SpacePoint};
use crate::plot::style::PlotStyle;
use crate::plot::viewpoint::Viewpoint;

/// The share of its colour that the furthest point loses to the background.
const HAZE: f32 = 0.6;
/// The number of shades between a colour and the background; few shades let a canvas draw many marks of one style at once.
const HAZE_STEPS: f32 = 32.0;
/// The share by which the furthest point is smaller, and the nearest larger, than one in the middle.
const NEARNESS: f32 = 0.35;
/// The distance of an axis's title from the middle, as a multiple of its edge's distance.
const TITLE_DISTANCE: f32 = 1.16;
/// On canvases narrower than this many text heights titles are short, so that they do not overlap.
const SHORT_TITLES_EM: f64 = 30.0;

/// The map on the first three principal components.
pub struct Pca3d;

impl Chart for Pca3d {
    const INFO: ChartInfo = ChartInfo {
        label: "3D map",
        caption: "The same map in three dimensions",
        file_stem: "map-3d",
        in_report: true,
        has_section: true,
    };

    fn draw<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, data: &ChartData<'_>, style: &PlotStyle) -> Drawn<DB> {
        let plot = split_off_legend(area, data.clustering, style)?;
        draw_space(&plot, &space_points(data.clustering), data.view.viewpoint, style)
    }
}

/// The images of a clustering on its 3D map.
pub fn space_points(clustering: &Clustering) -> Vec<SpacePoint> {
    let looks = looks_of(clustering);
    let look = |item: &Assignment| looks.get(&item.cluster?).copied();
    clustering.items.iter().map(|item| SpacePoint { place: item.pca, look: look(item) }).collect()
}

/// Draws `points` on the whole of `root` as seen from `viewpoint`: the far ones first, smaller and paler. Points that are
/// not finite are left out; without points, or where `root` is too small, only the background is drawn.
///
/// # Errors
/// The drawing backend's errors.
pub fn draw_space<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    points: &[SpacePoint],
    viewpoint: Viewpoint,
    style: &PlotStyle,
) -> Drawn<DB> {
    root.fill(&style.background)?;
    if let Some(scene) = Scene::new(points, viewpoint, root.dim_in_pixel(), style) {
        draw_space_cube(root, &scene, style)?;
        for mark in space_marks(points, &scene, 1, style) {
            mark.draw(root, style)?;
        }
    }
    root.present()
}

/// The marks of every `step`th of `points`, as far as `scene` shows them, in drawing order: the far ones first, smaller and
/// paler.
pub fn space_marks(points: &[SpacePoint], scene: &Scene, step: usize, style: &PlotStyle) -> Vec<Mark> {
    let mut rotated: Vec<(usize, [f32; 3])> = points
        .iter()
        .enumerate()
        .step_by(step.max(1))
        .filter_map(|(index, point)| Some((index, scene.rotated(point)?)))
        .collect();
    // The sort is stable: of points at the same depth the later is in front, as on the 2D map.
    rotated.sort_by(|(_, one), (_, other)| one[2].total_cmp(&other[2]));
    let theme = Theme::on(style.background);
    let middle_px = radius_px(points.len(), style) as f32;
    let mark = |(index, place): (usize, [f32; 3])| {
        let nearness = place[2] / CUBE_RADIUS;
        let radius_px = (middle_px * (1.0 + NEARNESS * nearness)).round().max(1.0) as i32;
        let haze = (HAZE * (1.0 - nearness) / 2.0 * HAZE_STEPS).round() / HAZE_STEPS;
        let mark_style = match points[index].look {
            None => MarkStyle { marker: Marker::Circle, radius_px, colour: style.muted, is_filled: false },
            Some(look) => {
                let colour = mixed(colour(look, theme), style.background, haze);
                MarkStyle { marker: marker(look), radius_px, colour, is_filled: true }
            }
        };
        let centre_px = scene.on_canvas(place);
        scene.holds(centre_px).then_some(Mark { index, centre_px, style: mark_style })
    };
    rotated.into_iter().filter_map(mark).collect()
}

/// Draws the cube's edges and the axes' titles on the whole of `root`. The edges at the corner of the least values are
/// stronger.
///
/// # Errors
/// The drawing backend's errors.
pub fn draw_space_cube<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    scene: &Scene,
    style: &PlotStyle,
) -> Drawn<DB> {
    let viewpoint = scene.viewpoint;
    let on_canvas = |place: [f32; 3]| scene.on_canvas(place);
    let corner =
        |bits: usize| -> [f32; 3] { std::array::from_fn(|axis| if bits >> axis & 1 == 1 { 1.0 } else { -1.0 }) };
    let font = ("sans-serif", style.font_size_px()).into_font();
    for from in 0..8_usize {
        for axis in (0..3).filter(|axis| from >> axis & 1 == 0) {
            let ends = [from, from | 1 << axis].map(|bits| on_canvas(viewpoint.rotate(corner(bits))));
            let strength = if from == 0 { 0.9 } else { 0.3 };
            let line = style.muted.mix(strength).stroke_width(style.stroke_px(1.0));
            root.draw(&PathElement::new(ends.to_vec(), line))?;
        }
    }
    let (width_px, height_px) = root.dim_in_pixel();
    let title =
        if f64::from(width_px) < SHORT_TITLES_EM * style.font_size_px() { short_axis_title } else { axis_title };
    for (axis, place) in title_places(viewpoint).into_iter().enumerate() {
        let words = title(axis, style.explained);
        let (x, y) = on_canvas(viewpoint.rotate(place));
        // A letter is about half as wide as high. A title that would leave the canvas is moved inwards.
        let half_px = (0.3 * style.font_size_px() * words.chars().count() as f64) as i32;
        let x = x.clamp(half_px.min(width_px as i32 / 2), (width_px as i32 - half_px).max(width_px as i32 / 2));
        let y = y.clamp(style.font_size_px() as i32, height_px as i32 - style.font_size_px() as i32);
        let letters = font.color(&style.foreground).pos(Pos::new(HPos::Center, VPos::Center));
        root.draw(&Text::new(words, (x, y), letters))?;
    }
    Ok(())
}

/// The positions of the axes' titles: next to the outermost edges along each axis, so that no title covers a point.
fn title_places(viewpoint: Viewpoint) -> [[f32; 3]; 3] {
    let seen = |place: [f32; 3]| viewpoint.rotate(place);
    let edges = |axis: usize| {
        let (one, other) = ((axis + 1) % 3, (axis + 2) % 3);
        [[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]].map(|signs| {
            let mut middle = [0.0; 3];
            (middle[one], middle[other]) = (signs[0] * TITLE_DISTANCE, signs[1] * TITLE_DISTANCE);
            middle
        })
    };
    // The vertical axis's title is on the left, the others are below.
    let lowest = |axis: usize| edges(axis).into_iter().min_by(|one, other| seen(*one)[1].total_cmp(&seen(*other)[1]));
    let leftmost = edges(2).into_iter().min_by(|one, other| seen(*one)[0].total_cmp(&seen(*other)[0]));
    [lowest(0), lowest(1), leftmost].map(Option::unwrap_or_default)
}

fn mixed(one: RGBColor, other: RGBColor, share: f32) -> RGBColor {
    let mix = |one: u8, other: u8| (f32::from(one) * (1.0 - share) + f32::from(other) * share).round() as u8;
    RGBColor(mix(one.0, other.0), mix(one.1, other.1), mix(one.2, other.2))
}
