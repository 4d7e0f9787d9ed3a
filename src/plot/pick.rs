//! Picking of marks: at a position, in a rectangle, in a polygon.

use std::collections::HashMap;

use super::mark::Mark;

/// The mark at a position in canvas pixels: the topmost that covers it, or else the nearest within `reach_px`, and the topmost
/// of those equally near. `marks` are in the order in which they are drawn.
pub fn mark_at(marks: &[Mark], place_px: (f64, f64), reach_px: f64) -> Option<&Mark> {
    let square = |mark: &Mark| {
        let (x, y) = (f64::from(mark.centre_px.0), f64::from(mark.centre_px.1));
        (x - place_px.0).powi(2) + (y - place_px.1).powi(2)
    };
    let covers = |mark: &&Mark| square(mark) <= f64::from(mark.style.radius_px).powi(2);
    if let Some(mark) = marks.iter().rev().find(covers) {
        return Some(mark);
    }
    let mut nearest = None;
    let mut nearest_square = reach_px * reach_px;
    for mark in marks {
        let square = square(mark);
        if square <= nearest_square {
            (nearest, nearest_square) = (Some(mark), square);
        }
    }
    nearest
}

/// The marks whose centre is in the rectangle between two opposite corners, edges included.
pub fn marks_in_rectangle(
    marks: &[Mark],
    one_px: (f64, f64),
    other_px: (f64, f64),
) -> impl Iterator<Item = &Mark> + use<'_> {
    let between = |value: i32, one: f64, other: f64| (one.min(other)..=one.max(other)).contains(&f64::from(value));
    marks.iter().filter(move |mark| {
        between(mark.centre_px.0, one_px.0, other_px.0) && between(mark.centre_px.1, one_px.1, other_px.1)
    })
}

/// The marks whose centre is inside a closed polygon, by the even-odd rule.
///
/// Shimrat, "Algorithm 112: position of point relative to polygon", 1962.
pub fn marks_in_polygon<'a>(marks: &'a [Mark], corners_px: &'a [(f64, f64)]) -> impl Iterator<Item = &'a Mark> {
    marks.iter().filter(move |mark| {
        let (x, y) = (f64::from(mark.centre_px.0), f64::from(mark.centre_px.1));
        let mut inside = false;
        let Some(&(mut from)) = corners_px.last() else { return false };
        for &to in corners_px {
            // A half-open interval, so that a corner at exactly this height counts once.
            if (from.1 > y) != (to.1 > y) && x < from.0 + (y - from.1) / (to.1 - from.1) * (to.0 - from.0) {
                inside = !inside;
            }
            from = to;
        }
        inside
    })
}

/// At most `most` of `marks`, in their order, such that squares of `side_px` around their centres do not overlap. A mark that
/// would overlap an earlier one is skipped.
pub fn spread_out(marks: &[Mark], side_px: i32, most: usize) -> Vec<&Mark> {
    let side_px = side_px.max(1);
    let mut cells: HashMap<(i32, i32), Vec<(i32, i32)>> = HashMap::new();
    let mut taken = Vec::new();
    for mark in marks {
        if taken.len() == most {
            break;
        }
        let (x, y) = mark.centre_px;
        let (column, row) = (x.div_euclid(side_px), y.div_euclid(side_px));
        let mut near = (-1..=1).flat_map(|right| (-1..=1).map(move |down| (column + right, row + down)));
        let overlaps =
            |&(other_x, other_y): &(i32, i32)| (x - other_x).abs() < side_px && (y - other_y).abs() < side_px;
        if !near.any(|cell| cells.get(&cell).is_some_and(|centres| centres.iter().any(overlaps))) {
            cells.entry((column, row)).or_default().push((x, y));
            taken.push(mark);
        }
    }
    taken
}
