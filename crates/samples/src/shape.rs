//! Outlines.

use tiny_skia::{Path, PathBuilder, Rect};

/// A position: x to the right, y down.
pub(super) type Point = (f32, f32);

/// A circle.
pub(super) fn circle(centre: Point, radius: f32) -> Option<Path> {
    PathBuilder::from_circle(centre.0, centre.1, radius)
}

/// An upright oval.
pub(super) fn oval(centre: Point, across: f32, down: f32) -> Option<Path> {
    let rect = Rect::from_xywh(centre.0 - across, centre.1 - down, 2.0 * across, 2.0 * down)?;
    PathBuilder::from_oval(rect)
}

/// A rectangle by its upper left corner.
pub(super) fn rect(corner: Point, width: f32, height: f32) -> Option<Path> {
    Rect::from_xywh(corner.0, corner.1, width, height).map(PathBuilder::from_rect)
}

/// A closed outline with straight sides.
pub(super) fn polygon(corners: &[Point]) -> Option<Path> {
    let mut builder = trail(corners, false);
    builder.close();
    builder.finish()
}

/// An open line with straight parts.
pub(super) fn line(points: &[Point]) -> Option<Path> {
    trail(points, false).finish()
}

/// A closed outline that runs smoothly through all points.
pub(super) fn smooth(points: &[Point]) -> Option<Path> {
    let mut builder = trail(points, true);
    builder.close();
    builder.finish()
}

/// An open line that bends from the first to the last point towards the one between them.
pub(super) fn arc(from: Point, towards: Point, to: Point) -> Option<Path> {
    let mut builder = PathBuilder::new();
    builder.move_to(from.0, from.1);
    builder.quad_to(towards.0, towards.1, to.0, to.1);
    builder.finish()
}

/// The position at `degrees` clockwise from the top, `radius` away from `centre`.
pub(super) fn around(centre: Point, radius: f32, degrees: f32) -> Point {
    let (sine, cosine) = degrees.to_radians().sin_cos();
    (centre.0 + radius * sine, centre.1 - radius * cosine)
}

fn trail(points: &[Point], closed_smoothly: bool) -> PathBuilder {
    let mut builder = PathBuilder::new();
    let Some(first) = points.first() else { return builder };
    builder.move_to(first.0, first.1);
    if !closed_smoothly {
        for point in &points[1..] {
            builder.line_to(point.0, point.1);
        }
        return builder;
    }
    let at = |index: usize| points[index % points.len()];
    for here in 0..points.len() {
        let (before, from, to, after) = (at(here + points.len() - 1), at(here), at(here + 1), at(here + 2));
        let (dx, dy) = ((to.0 - before.0) / 6.0, (to.1 - before.1) / 6.0);
        let (ex, ey) = ((after.0 - from.0) / 6.0, (after.1 - from.1) / 6.0);
        builder.cubic_to(from.0 + dx, from.1 + dy, to.0 - ex, to.1 - ey, to.0, to.1);
    }
    builder
}
