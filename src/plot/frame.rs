//! The mapping from values to pixels on the 2D map, shared by drawing and pointing.

use std::ops::Range;

use super::PlotStyle;
use super::map_view::MapView;

/// An image on the 2D map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScatterPoint {
    /// The value on the first principal component.
    pub x: f32,
    /// The value on the second principal component.
    pub y: f32,
    /// The look of the image's cluster, one of [`looks`](super::looks); `None` for an unassigned image.
    pub look: Option<u32>,
}

/// The least span that an axis shows, relative to the values: below it one would see rounding errors.
const LEAST_SPAN: f64 = 1e-6;
/// The least side of the plotting area, in pixels: on a smaller one nothing is drawn.
const LEAST_SIDE_PX: f64 = 16.0;
/// The padding around the points, as a share of the larger side.
const PADDING: f64 = 0.04;

/// The map's plotting area and the values that it shows, with the same scale on both axes.
#[derive(Clone, Debug, PartialEq)]
pub struct ScatterFrame {
    /// Left and right edge of the plotting area, in pixels.
    pub x_px: Range<f64>,
    /// Top and bottom edge of the plotting area, in pixels.
    pub y_px: Range<f64>,
    /// The values at the left and the right edge.
    pub x: Range<f64>,
    /// The values at the bottom and the top edge.
    pub y: Range<f64>,
}

impl ScatterFrame {
    /// The frame that shows all finite `points` on a canvas of `size_px`; `None` if the canvas is too small.
    pub fn new(points: &[ScatterPoint], size_px: (u32, u32), style: &PlotStyle) -> Option<Self> {
        let margin = f64::from(style.margin_px());
        let (left, bottom) = style.label_areas_px();
        let x_px = margin + f64::from(left)..f64::from(size_px.0) - margin - 1.0;
        let y_px = margin..f64::from(size_px.1) - margin - f64::from(bottom) - 1.0;
        let (width_px, height_px) = (x_px.end - x_px.start, y_px.end - y_px.start);
        if width_px < LEAST_SIDE_PX || height_px < LEAST_SIDE_PX {
            return None;
        }
        let x = bounds(points, |point| point.x);
        let y = bounds(points, |point| point.y);
        let units_per_px = ((x.end - x.start) / width_px).max((y.end - y.start) / height_px) * (1.0 + 2.0 * PADDING);
        let around = |bounds: Range<f64>, side_px: f64| {
            let centre = f64::midpoint(bounds.start, bounds.end);
            let half = units_per_px * side_px / 2.0;
            centre - half..centre + half
        };
        Some(Self { x: around(x, width_px), y: around(y, height_px), x_px, y_px })
    }

    /// The frame that shows the part `view` of this one, on the same canvas.
    #[must_use]
    pub fn seen(&self, view: MapView) -> Self {
        let ((left, top), (right, bottom)) = (view.on_whole((0.0, 0.0)), view.on_whole((1.0, 1.0)));
        let x = |share: f64| self.x.start + share * (self.x.end - self.x.start);
        let y = |share: f64| self.y.end - share * (self.y.end - self.y.start);
        Self { x: x(left)..x(right), y: y(bottom)..y(top), x_px: self.x_px.clone(), y_px: self.y_px.clone() }
    }

    /// Whether a position, in pixels from the top left corner, is on the plotting area.
    pub fn holds(&self, (x_px, y_px): (f64, f64)) -> bool {
        (self.x_px.start..=self.x_px.end).contains(&x_px) && (self.y_px.start..=self.y_px.end).contains(&y_px)
    }

    /// A position, in pixels from the top left corner, as shares of the plotting area's width and height.
    pub fn to_share(&self, (x_px, y_px): (f64, f64)) -> (f64, f64) {
        (
            (x_px - self.x_px.start) / (self.x_px.end - self.x_px.start),
            (y_px - self.y_px.start) / (self.y_px.end - self.y_px.start),
        )
    }

    /// The position of `point`, in pixels from the top left corner; `None` unless it is finite.
    pub fn to_px(&self, point: &ScatterPoint) -> Option<(f64, f64)> {
        if !is_finite(point) {
            return None;
        }
        let right = (f64::from(point.x) - self.x.start) / (self.x.end - self.x.start);
        let up = (f64::from(point.y) - self.y.start) / (self.y.end - self.y.start);
        Some((
            self.x_px.start + right * (self.x_px.end - self.x_px.start),
            self.y_px.end - up * (self.y_px.end - self.y_px.start),
        ))
    }
}

fn is_finite(point: &ScatterPoint) -> bool {
    point.x.is_finite() && point.y.is_finite()
}

/// The least and the greatest value, widened to the least span; -1 to 1 without points.
fn bounds(points: &[ScatterPoint], value: impl Fn(&ScatterPoint) -> f32) -> Range<f64> {
    let values = || points.iter().filter(|point| is_finite(point)).map(|point| f64::from(value(point)));
    let (low, high) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    if low > high {
        return -1.0..1.0;
    }
    let least = LEAST_SPAN * low.abs().max(high.abs()).max(1.0);
    if high - low >= least {
        return low..high;
    }
    let centre = f64::midpoint(low, high);
    centre - least / 2.0..centre + least / 2.0
}
