//! The map of pictures on the first three principal components, seen from anywhere.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::{Circle, PathElement, Text};
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoFont, RGBColor};

use super::palette::{Theme, colour, marker};
use super::scatter::{axis_title, draw_marker};
use super::style::PlotStyle;

/// The least side of the canvas, in pixels, on which anything is drawn.
const LEAST_SIDE_PX: u32 = 48;
/// How much of its colour the furthest point loses to the background.
const HAZE: f32 = 0.6;
/// How much smaller than the middle one the furthest point is, and how much larger the nearest.
const NEARNESS: f32 = 0.35;
/// Half the diagonal of a cube whose half edge is 1: what has to fit, however it is turned.
const CUBE_RADIUS: f32 = 1.732_050_8;
/// Where a title stands beside its edge of the cube, as a multiple of the distance from the middle.
const TITLE_DISTANCE: f32 = 1.16;

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
    pub fn turn(self, [x, y, z]: [f32; 3]) -> [f32; 3] {
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
    let (width_px, height_px) = root.dim_in_pixel();
    let Some(cube) = Cube::around(points) else { return root.present() };
    if width_px.min(height_px) < LEAST_SIDE_PX {
        return root.present();
    }
    let unit_px = (width_px.min(height_px) as f32 / 2.0 - style.margin_px() as f32) / CUBE_RADIUS * viewpoint.zoom;
    let on_canvas = |[right, up, _]: [f32; 3]| {
        let x = width_px as f32 / 2.0 + right * unit_px;
        let y = height_px as f32 / 2.0 - up * unit_px;
        (x.round() as i32, y.round() as i32)
    };
    draw_cube(root, viewpoint, style, on_canvas)?;

    let mut seen: Vec<([f32; 3], Option<u32>)> = points
        .iter()
        .filter(|point| is_finite(point))
        .map(|point| (viewpoint.turn(cube.place(point)), point.cluster))
        .collect();
    // Stable: of points at one depth the later is in front, as on the flat map.
    seen.sort_by(|(one, _), (other, _)| one[2].total_cmp(&other[2]));
    let theme = Theme::on(style.background);
    let radius_px = style.stroke_px(match seen.len() {
        ..=500 => 4.0,
        501..=3000 => 3.0,
        _ => 2.0,
    }) as f32;
    for (place, cluster) in seen {
        let nearness = place[2] / CUBE_RADIUS;
        let radius_px = (radius_px * (1.0 + NEARNESS * nearness)).round().max(1.0) as i32;
        let haze = HAZE * (1.0 - nearness) / 2.0;
        let centre = on_canvas(place);
        match cluster {
            None => root.draw(&Circle::new(centre, radius_px, style.muted.stroke_width(style.stroke_px(1.0))))?,
            Some(id) => {
                let faded = mixed(colour(id, theme), style.background, haze);
                draw_marker(root, marker(id), centre, radius_px, faded.filled())?;
            }
        }
    }
    root.present()
}

/// The cube's edges, those of the corner of least values stronger, and the axes' titles.
fn draw_cube<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    viewpoint: Viewpoint,
    style: &PlotStyle,
    on_canvas: impl Fn([f32; 3]) -> (i32, i32),
) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    let corner =
        |bits: usize| -> [f32; 3] { std::array::from_fn(|axis| if bits >> axis & 1 == 1 { 1.0 } else { -1.0 }) };
    let font = ("sans-serif", style.font_size_px()).into_font();
    for from in 0..8_usize {
        for axis in (0..3).filter(|axis| from >> axis & 1 == 0) {
            let ends = [from, from | 1 << axis].map(|bits| on_canvas(viewpoint.turn(corner(bits))));
            let strength = if from == 0 { 0.9 } else { 0.3 };
            let line = style.muted.mix(strength).stroke_width(style.stroke_px(1.0));
            root.draw(&PathElement::new(ends.to_vec(), line))?;
        }
    }
    let (width_px, height_px) = root.dim_in_pixel();
    for (axis, place) in title_places(viewpoint).into_iter().enumerate() {
        let words = axis_title(axis, style.explained);
        let (x, y) = on_canvas(viewpoint.turn(place));
        // Half the height a letter is a fair guess; a title that would leave the canvas is moved in.
        let half_px = (0.3 * style.font_size_px() * words.chars().count() as f64) as i32;
        let x = x.clamp(half_px.min(width_px as i32 / 2), (width_px as i32 - half_px).max(width_px as i32 / 2));
        let y = y.clamp(style.font_size_px() as i32, height_px as i32 - style.font_size_px() as i32);
        let title = font.color(&style.foreground).pos(Pos::new(HPos::Center, VPos::Center));
        root.draw(&Text::new(words, (x, y), title))?;
    }
    Ok(())
}

/// Where the axes' titles stand: beside the outermost edges that run along them, so that no point is behind a title.
fn title_places(viewpoint: Viewpoint) -> [[f32; 3]; 3] {
    let seen = |place: [f32; 3]| viewpoint.turn(place);
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
