//! Marks, which stand for images on the maps, shared by drawing and pointing.

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, Polygon};
use plotters::prelude::DrawingBackend;
use plotters::style::{Color, RGBColor};

use super::chart::Drawn;
use super::palette::Marker;
use super::style::PlotStyle;

/// The shape, size and colour of a mark.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MarkStyle {
    /// The shape.
    pub marker: Marker,
    /// About half the width, in canvas pixels; shapes of the same radius cover about the same area.
    pub radius_px: i32,
    /// The colour.
    pub colour: RGBColor,
    /// Whether the mark is filled; otherwise it is a ring.
    pub is_filled: bool,
}

/// An image's mark on a canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// The index of the mark's point.
    pub index: usize,
    /// The centre, in pixels from the canvas's top left corner.
    pub centre_px: (i32, i32),
    /// The shape, size and colour.
    pub style: MarkStyle,
}

impl Mark {
    /// The corners, in canvas pixels; a circle has none.
    pub fn corners_px(&self) -> Vec<(i32, i32)> {
        let ((x, y), radius) = (self.centre_px, self.style.radius_px);
        let wide = radius + (radius + 2) / 4;
        match self.style.marker {
            Marker::Circle => Vec::new(),
            Marker::Square => {
                vec![
                    (x - radius, y - radius),
                    (x + radius, y - radius),
                    (x + radius, y + radius),
                    (x - radius, y + radius),
                ]
            }
            Marker::Triangle => vec![(x, y - wide), (x + wide, y + wide), (x - wide, y + wide)],
            Marker::Diamond => vec![(x, y - wide), (x + wide, y), (x, y + wide), (x - wide, y)],
            Marker::TriangleDown => vec![(x, y + wide), (x - wide, y - wide), (x + wide, y - wide)],
        }
    }

    /// Draws the mark with plotters, which takes one call per mark. A caller with a canvas can draw thousands at once.
    ///
    /// # Errors
    /// The drawing backend's errors.
    pub fn draw<DB: DrawingBackend>(&self, root: &DrawingArea<DB, Shift>, style: &PlotStyle) -> Drawn<DB> {
        let MarkStyle { marker, radius_px, colour, is_filled } = self.style;
        match marker {
            Marker::Circle if is_filled => root.draw(&Circle::new(self.centre_px, radius_px, colour.filled())),
            Marker::Circle => {
                root.draw(&Circle::new(self.centre_px, radius_px, colour.stroke_width(style.stroke_px(RING_PX))))
            }
            _ => root.draw(&Polygon::new(self.corners_px(), colour.filled())),
        }
    }
}

/// The width of a ring's line, in CSS pixels.
pub const RING_PX: f64 = 1.0;

/// The radius of the marks on a map of `count` points, in canvas pixels.
pub(super) fn radius_px(count: usize, style: &PlotStyle) -> i32 {
    style.stroke_px(match count {
        ..=500 => 4.0,
        501..=3000 => 3.0,
        _ => 2.0,
    }) as i32
}
