//! The map of pictures on the first three principal components, seen from anywhere.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::{PathElement, Text};
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoFont, RGBColor};

use super::mark::{Look, Mark, radius_px};
use super::palette::{Marker, Theme, colour, marker};
use super::scatter::{axis_title, short_axis_title};
use super::style::PlotStyle;

/// The least side of the canvas, in pixels, on which anything is drawn.
const LEAST_SIDE_PX: u32 = 48;
/// How much of its colour the furthest point loses to the background.
const HAZE: f32 = 0.6;
/// So many paler shades a colour would have between all of it and none: marks of one look are drawn together.
const HAZE_STEPS: f32 = 32.0;
/// How much smaller than the middle one the furthest point is, and how much larger the nearest.
const NEARNESS: f32 = 0.35;
/// Half the diagonal of a cube whose half edge is 1: what has to fit, however it is turned.
const CUBE_RADIUS: f32 = 1.732_050_8;
/// Where a title stands beside its edge of the cube, as a multiple of the distance from the middle.
const TITLE_DISTANCE: f32 = 1.16;
/// Narrower canvases, in heights of text, have short titles, so that they keep clear of each other.
const SHORT_TITLES_EM: f64 = 30.0;

/// A picture in space.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpacePoint {
    /// Its place on the first three principal components.
    pub place: [f32; 3],
    /// Its cluster; `None` when it is set aside.
    pub cluster: Option<u32>,
}

/// From where one looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Viewpoint {
    /// The turn about the upright axis, in radians.
    pub yaw: f32,
    /// The tilt, in radians: 0 looks from the side, positive from above.
    pub pitch: f32,
    /// How much larger than to fit everything.
    pub zoom: f32,
}

impl Default for Viewpoint {
    fn default() -> Self {
        Self { yaw: 0.6, pitch: 0.4, zoom: 1.0 }
    }
}

impl Viewpoint {
    /// Turned further; the tilt stops at straight above and straight below.
    pub fn turned(self, yaw: f32, pitch: f32) -> Self {
        let limit = std::f32::consts::FRAC_PI_2;
        Self { yaw: (self.yaw + yaw) % std::f32::consts::TAU, pitch: (self.pitch + pitch).clamp(-limit, limit), ..self }
    }

    /// Nearer by a factor, from half to eight times as large as fits.
    pub fn nearer(self, factor: f32) -> Self {
        Self { zoom: (self.zoom * factor).clamp(0.5, 8.0), ..self }
    }

    /// Where a place in the cube from -1 to 1 is seen: right, up, and towards the eye. Lengths stay what they are.
    pub fn operation(self, [x, y, z]: [f32; 3]) -> [f32; 3] {
        let (sin_yaw, cos_yaw) = self.yaw.sin_cos();
        let (sin_pitch, cos_pitch) = self.pitch.sin_cos();
        let (right, back) = (x * cos_yaw - y * sin_yaw, x * sin_yaw + y * cos_yaw);
        [right, z * cos_pitch + back * sin_pitch, z * sin_pitch - back * cos_pitch]
    }
}

/// From values to the cube from -1 to 1: one unit is as long on every axis.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cube {
    middle: [f32; 3],
    half_edge: f32,
}

impl Cube {
    /// The cube around the points that are finite; `None` when there is none.
    fn around(points: &[SpacePoint]) -> Option<Self> {
        let mut low = [f32::INFINITY; 3];
        let mut high = [f32::NEG_INFINITY; 3];
        for point in points.iter().filter(|point| is_finite(point)) {
            for axis in 0..3 {
                low[axis] = low[axis].min(point.place[axis]);
                high[axis] = high[axis].max(point.place[axis]);
            }
        }
        if low[0] > high[0] {
            return None;
        }
        let middle = std::array::from_fn(|axis| f32::midpoint(low[axis], high[axis]));
        let half_edge = (0..3).map(|axis| high[axis] / 2.0 - low[axis] / 2.0).fold(0.0, f32::max);
        // Rows at one place lie in the middle of a cube of any size.
        Some(Self { middle, half_edge: if half_edge > 0.0 { half_edge } else { 1.0 } })
    }

    fn place(self, point: &SpacePoint) -> [f32; 3] {
        std::array::from_fn(|axis| (point.place[axis] - self.middle[axis]) / self.half_edge)
    }
}

/// Draws `points` on the whole of `root` as seen from `viewpoint`, the far ones first, smaller and paler. Points that are
/// not finite are left out; where there are none, or `root` has no room, only the background is drawn.
///
/// # Errors
/// What the drawing backend reports.
pub fn draw_space<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    points: &[SpacePoint],
    viewpoint: Viewpoint,
    style: &PlotStyle,
) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    root.fill(&style.background)?;
    if let Some(scene) = Scene::new(points, viewpoint, root.dim_in_pixel(), style) {
        draw_space_cube(root, &scene, style)?;
        for mark in space_marks(points, &scene, 1, style) {
            mark.draw(root, style)?;
        }
    }
    root.present()
}

/// The cube around the points as it is seen on a canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scene {
    cube: Cube,
    viewpoint: Viewpoint,
    size_px: (u32, u32),
    unit_px: f32,
}

impl Scene {
    /// `points` as seen from `viewpoint` on a canvas of `size_px`. `None` when there is no finite point, or no room.
    pub fn new(points: &[SpacePoint], viewpoint: Viewpoint, size_px: (u32, u32), style: &PlotStyle) -> Option<Self> {
        let side_px = size_px.0.min(size_px.1);
        let cube = Cube::around(points).filter(|_| side_px >= LEAST_SIDE_PX)?;
        let unit_px = (side_px as f32 / 2.0 - style.margin_px() as f32) / CUBE_RADIUS * viewpoint.zoom;
        Some(Self { cube, viewpoint, size_px, unit_px })
    }

    /// Where on the canvas a turned place is.
    fn on_canvas(&self, [right, up, _]: [f32; 3]) -> (i32, i32) {
        let x = self.size_px.0 as f32 / 2.0 + right * self.unit_px;
        let y = self.size_px.1 as f32 / 2.0 - up * self.unit_px;
        (x.round() as i32, y.round() as i32)
    }

    fn holds(&self, (x, y): (i32, i32)) -> bool {
        (0..=self.size_px.0 as i32).contains(&x) && (0..=self.size_px.1 as i32).contains(&y)
    }
}

/// The marks of every `step`th of `points` that `scene` shows, in the order in which they are drawn: the far ones first,
/// smaller and paler.
pub fn space_marks(points: &[SpacePoint], scene: &Scene, step: usize, style: &PlotStyle) -> Vec<Mark> {
    let mut turned: Vec<(usize, [f32; 3])> = points
        .iter()
        .enumerate()
        .step_by(step.max(1))
        .filter(|(_, point)| is_finite(point))
        .map(|(index, point)| (index, scene.viewpoint.operation(scene.cube.place(point))))
        .collect();
    // Stable: of points at one depth the later is in front, as on the flat map.
    turned.sort_by(|(_, one), (_, other)| one[2].total_cmp(&other[2]));
    let theme = Theme::on(style.background);
    let middle_px = radius_px(points.len(), style) as f32;
    let mark = |(index, place): (usize, [f32; 3])| {
        let nearness = place[2] / CUBE_RADIUS;
        let radius_px = (middle_px * (1.0 + NEARNESS * nearness)).round().max(1.0) as i32;
        let haze = (HAZE * (1.0 - nearness) / 2.0 * HAZE_STEPS).round() / HAZE_STEPS;
        let look = match points[index].cluster {
            None => Look { marker: Marker::Circle, radius_px, colour: style.muted, is_filled: false },
            Some(id) => {
                let colour = mixed(colour(id, theme), style.background, haze);
                Look { marker: marker(id), radius_px, colour, is_filled: true }
            }
        };
        let centre_px = scene.on_canvas(place);
        scene.holds(centre_px).then_some(Mark { index, centre_px, look })
    };
    turned.into_iter().filter_map(mark).collect()
}

/// Draws the cube's edges, those of the corner of least values stronger, and the axes' titles on the whole of `root`.
///
/// # Errors
/// What the drawing backend reports.
pub fn draw_space_cube<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    scene: &Scene,
    style: &PlotStyle,
) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    let viewpoint = scene.viewpoint;
    let on_canvas = |place: [f32; 3]| scene.on_canvas(place);
    let corner =
        |bits: usize| -> [f32; 3] { std::array::from_fn(|axis| if bits >> axis & 1 == 1 { 1.0 } else { -1.0 }) };
    let font = ("sans-serif", style.font_size_px()).into_font();
    for from in 0..8_usize {
        for axis in (0..3).filter(|axis| from >> axis & 1 == 0) {
            let ends = [from, from | 1 << axis].map(|bits| on_canvas(viewpoint.operation(corner(bits))));
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
        let (x, y) = on_canvas(viewpoint.operation(place));
        // Half the height a letter is a fair guess; a title that would leave the canvas is moved in.
        let half_px = (0.3 * style.font_size_px() * words.chars().count() as f64) as i32;
        let x = x.clamp(half_px.min(width_px as i32 / 2), (width_px as i32 - half_px).max(width_px as i32 / 2));
        let y = y.clamp(style.font_size_px() as i32, height_px as i32 - style.font_size_px() as i32);
        let letters = font.color(&style.foreground).pos(Pos::new(HPos::Center, VPos::Center));
        root.draw(&Text::new(words, (x, y), letters))?;
    }
    Ok(())
}

/// Where the axes' titles stand: beside the outermost edges that run along them, so that no point is behind a title.
fn title_places(viewpoint: Viewpoint) -> [[f32; 3]; 3] {
    let seen = |place: [f32; 3]| viewpoint.operation(place);
    let edges = |axis: usize| {
        let (one, other) = ((axis + 1) % 3, (axis + 2) % 3);
        [[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0], [1.0, 1.0]].map(|signs| {
            let mut middle = [0.0; 3];
            (middle[one], middle[other]) = (signs[0] * TITLE_DISTANCE, signs[1] * TITLE_DISTANCE);
            middle
        })
    };
    // The upright axis on the left, the others below.
    let lowest = |axis: usize| edges(axis).into_iter().min_by(|one, other| seen(*one)[1].total_cmp(&seen(*other)[1]));
    let leftmost = edges(2).into_iter().min_by(|one, other| seen(*one)[0].total_cmp(&seen(*other)[0]));
    [lowest(0), lowest(1), leftmost].map(Option::unwrap_or_default)
}

fn mixed(one: RGBColor, other: RGBColor, share: f32) -> RGBColor {
    let mix = |one: u8, other: u8| (f32::from(one) * (1.0 - share) + f32::from(other) * share).round() as u8;
    RGBColor(mix(one.0, other.0), mix(one.1, other.1), mix(one.2, other.2))
}

fn is_finite(point: &SpacePoint) -> bool {
    point.place.iter().all(|value| value.is_finite())
}
