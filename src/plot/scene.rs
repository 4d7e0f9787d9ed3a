//! The projection of a 3D map onto a canvas, shared by drawing and pointing.

use super::style::PlotStyle;
use super::viewpoint::Viewpoint;

/// The least side of the canvas, in pixels, on which anything is drawn.
const LEAST_SIDE_PX: u32 = 48;
/// Half the diagonal of a cube whose half edge is 1: a cube in any rotation fits into a sphere of this radius.
pub(super) const CUBE_RADIUS: f32 = 1.732_050_8;

/// An image on the 3D map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpacePoint {
    /// The image's values on the first three principal components.
    pub place: [f32; 3],
    /// The look of the image's cluster, one of [`looks`](super::looks); `None` for an unassigned image.
    pub look: Option<u32>,
}

/// The mapping from values to the cube from -1 to 1, with the same scale on every axis.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Cube {
    middle: [f32; 3],
    half_edge: f32,
}

impl Cube {
    /// The least cube around the finite points; `None` without a finite point.
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
        // Points that coincide lie in the middle of a cube of any size.
        Some(Self { middle, half_edge: if half_edge > 0.0 { half_edge } else { 1.0 } })
    }

    /// The point's coordinates in the cube.
    fn place(self, point: &SpacePoint) -> [f32; 3] {
        std::array::from_fn(|axis| (point.place[axis] - self.middle[axis]) / self.half_edge)
    }
}

/// The cube around the points as a viewpoint shows it on a canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scene {
    cube: Cube,
    pub(super) viewpoint: Viewpoint,
    size_px: (u32, u32),
    unit_px: f32,
}

impl Scene {
    /// `points` as seen from `viewpoint` on a canvas of `size_px`. `None` without a finite point or on a canvas
    /// that is too small.
    pub fn new(points: &[SpacePoint], viewpoint: Viewpoint, size_px: (u32, u32), style: &PlotStyle) -> Option<Self> {
        let side_px = size_px.0.min(size_px.1);
        let cube = Cube::around(points).filter(|_| side_px >= LEAST_SIDE_PX)?;
        let unit_px = (side_px as f32 / 2.0 - style.margin_px() as f32) / CUBE_RADIUS * viewpoint.zoom;
        Some(Self { cube, viewpoint, size_px, unit_px })
    }

    /// The point's rotated coordinates in the cube (right, up, towards the eye); `None` unless it is finite.
    pub(super) fn rotated(&self, point: &SpacePoint) -> Option<[f32; 3]> {
        is_finite(point).then(|| self.viewpoint.rotate(self.cube.place(point)))
    }

    /// The position on the canvas of rotated coordinates, in pixels from the top left corner.
    pub(super) fn on_canvas(&self, [right, up, _]: [f32; 3]) -> (i32, i32) {
        let x = self.size_px.0 as f32 / 2.0 + right * self.unit_px;
        let y = self.size_px.1 as f32 / 2.0 - up * self.unit_px;
        (x.round() as i32, y.round() as i32)
    }

    /// Whether a position in pixels is on the canvas.
    pub(super) fn holds(&self, (x, y): (i32, i32)) -> bool {
        (0..=self.size_px.0 as i32).contains(&x) && (0..=self.size_px.1 as i32).contains(&y)
    }
}

fn is_finite(point: &SpacePoint) -> bool {
    point.place.iter().all(|value| value.is_finite())
}
