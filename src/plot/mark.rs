//! The marks that stand for pictures on the maps: what drawing and pointing share.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::{Circle, Polygon};
use plotters::prelude::DrawingBackend;
use plotters::style::{Color, RGBColor};

use super::palette::Marker;
use super::style::PlotStyle;

/// How a mark looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Its shape.
    pub marker: Marker,
    /// Half its width, about, in canvas pixels; all shapes of one radius cover about the same area.
    pub radius_px: i32,
    /// Its colour.
    pub colour: RGBColor,
    /// Whether it is filled, or else a ring.
    pub is_filled: bool,
}

/// A picture's mark on a canvas.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Which of the points it stands for.
    pub index: usize,
    /// Its centre, in pixels from the canvas's left and top.
    pub centre_px: (i32, i32),
    /// How it looks.
    pub look: Look,
}

impl Mark {
    /// Its corners, in canvas pixels; none for a circle.
    pub fn corners_px(&self) -> Vec<(i32, i32)> {
        let ((x, y), radius) = (self.centre_px, self.look.radius_px);
        let wide = radius + (radius + 2) / 4;
        match self.look.marker {
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

    /// Draws it with plotters, one call a mark. What has a canvas at hand draws thousands together.
    ///
    /// # Errors
    /// What the drawing backend reports.
    pub fn draw<DB: DrawingBackend>(
        &self,
        root: &DrawingArea<DB, Shift>,
        style: &PlotStyle,
    ) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
        let Look { marker, radius_px, colour, is_filled } = self.look;
        match marker {
            Marker::Circle if is_filled => root.draw(&Circle::new(self.centre_px, radius_px, colour.filled())),
            Marker::Circle => {
                root.draw(&Circle::new(self.centre_px, radius_px, colour.stroke_width(style.stroke_px(RING_PX))))
            }
            _ => root.draw(&Polygon::new(self.corners_px(), colour.filled())),
        }
    }
}

/// How wide the line of a ring is, in CSS pixels.
pub const RING_PX: f64 = 1.0;

/// The radius of the marks on a map of so many, in canvas pixels.
pub(super) fn radius_px(count: usize, style: &PlotStyle) -> i32 {
    style.stroke_px(match count {
        ..=500 => 4.0,
        501..=3000 => 3.0,
        _ => 2.0,
    }) as i32
}
