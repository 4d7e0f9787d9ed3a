//! Pointing at images on the maps, selecting them, and enlarging a part of the 2D map.

use crate::recorder::{record, style};
use plotters::style::RGBColor;
use proptest::prelude::*;
use shoal::plot::{
    MapView, Mark, MarkStyle, Marker, ScatterFrame, ScatterPoint, Scene, SpacePoint, Viewpoint, draw_scatter, mark_at,
    marks_in_polygon, marks_in_rectangle, scatter_marks, space_marks, spread_out,
};

const SIZE_PX: (u32, u32) = (640, 480);
const STYLE: MarkStyle = MarkStyle { marker: Marker::Circle, radius_px: 4, colour: RGBColor(0, 0, 0), is_filled: true };

fn mark(index: usize, centre_px: (i32, i32)) -> Mark {
    Mark { index, centre_px, style: STYLE }
}

fn marks(centres: &[(i32, i32)]) -> Vec<Mark> {
    centres.iter().enumerate().map(|(index, &centre)| mark(index, centre)).collect()
}

fn indices<'a>(marks: impl IntoIterator<Item = &'a Mark>) -> Vec<usize> {
    marks.into_iter().map(|mark| mark.index).collect()
}

fn point(x: f32, y: f32) -> ScatterPoint {
    ScatterPoint { x, y, look: Some(0) }
}

fn centres() -> impl Strategy<Value = Vec<(i32, i32)>> {
    prop::collection::vec((0..200_i32, 0..200_i32), 0..60)
}

/// Whether a place is inside a polygon, by the angle that the polygon turns about it: right for simple ones.
fn turns_about(polygon: &[(f64, f64)], (x, y): (f64, f64)) -> bool {
    let angle = |(to_x, to_y): (f64, f64)| (to_y - y).atan2(to_x - x);
    let mut turned = 0.0;
    for (place, &from) in polygon.iter().enumerate() {
        let step = angle(polygon[(place + 1) % polygon.len()]) - angle(from);
        turned += (step + 3.0 * std::f64::consts::PI).rem_euclid(std::f64::consts::TAU) - std::f64::consts::PI;
    }
    turned.abs() > 1.0
}

proptest! {
    #[test]
    fn a_rectangle_selects_what_lies_between_its_edges(
        centres in centres(), one in (0..200_i32, 0..200_i32), other in (0..200_i32, 0..200_i32),
    ) {
        let marks = marks(&centres);
        let corner = |(x, y): (i32, i32)| (f64::from(x), f64::from(y));
        let expected: Vec<usize> = (0..centres.len())
            .filter(|&index| {
                let (x, y) = centres[index];
                x >= one.0.min(other.0) && x <= one.0.max(other.0) && y >= one.1.min(other.1) && y <= one.1.max(other.1)
            })
            .collect();
        prop_assert_eq!(indices(marks_in_rectangle(&marks, corner(one), corner(other))), expected);
    }

    #[test]
    fn a_star_shaped_loop_selects_what_it_turns_about(
        centres in centres(), radii in prop::collection::vec(20.0_f64..100.0, 3..20),
    ) {
        // Corners at growing angles about the middle: never crosses itself. No mark is exactly on an edge.
        let polygon: Vec<(f64, f64)> = radii
            .iter()
            .enumerate()
            .map(|(place, radius)| {
                let angle = std::f64::consts::TAU * place as f64 / radii.len() as f64;
                (100.013 + radius * angle.cos(), 100.017 + radius * angle.sin())
            })
            .collect();
        let marks = marks(&centres);
        let expected: Vec<usize> = (0..centres.len())
            .filter(|&index| turns_about(&polygon, (f64::from(centres[index].0), f64::from(centres[index].1))))
            .collect();
        prop_assert_eq!(indices(marks_in_polygon(&marks, &polygon)), expected);
    }

    #[test]
    fn the_mark_at_a_place_covers_it_or_is_the_nearest(
        // So close that marks cover each other.
        centres in prop::collection::vec((0..50_i32, 0..50_i32), 0..40), place in (0..50_i32, 0..50_i32),
    ) {
        let marks = marks(&centres);
        let square = |index: usize| (centres[index].0 - place.0).pow(2) + (centres[index].1 - place.1).pow(2);
        let covering = (0..centres.len()).rev().find(|&index| square(index) <= 16);
        let within = (0..centres.len()).filter(|&index| square(index) <= 144);
        let nearest = within.min_by_key(|&index| (square(index), std::cmp::Reverse(index)));
        let found = mark_at(&marks, (f64::from(place.0), f64::from(place.1)), 12.0).map(|mark| mark.index);
        prop_assert_eq!(found, covering.or(nearest));
    }

    #[test]
    fn squares_are_taken_in_order_and_never_overlap(centres in centres(), side_px in 1..60_i32, most in 0..30_usize) {
        let marks = marks(&centres);
        let mut expected: Vec<usize> = Vec::new();
        for (index, &(x, y)) in centres.iter().enumerate() {
            let overlaps = |&other: &usize| {
                (x - centres[other].0).abs() < side_px && (y - centres[other].1).abs() < side_px
            };
            if expected.len() < most && !expected.iter().any(overlaps) {
                expected.push(index);
            }
        }
        prop_assert_eq!(indices(spread_out(&marks, side_px, most)), expected);
    }

    #[test]
    fn what_is_under_the_pointer_stays_there_while_the_map_is_enlarged(
        steps in prop::collection::vec((0.5_f64..2.0, 0.0_f64..1.0, 0.0_f64..1.0), 1..12),
    ) {
        let mut view = MapView::default();
        for (factor, x, y) in steps {
            let next = view.nearer(factor, (x, y));
            prop_assert!((1.0..=100.0).contains(&next.zoom()));
            let (left_top, right_bottom) = (next.on_whole((0.0, 0.0)), next.on_whole((1.0, 1.0)));
            for share in [left_top.0, left_top.1, right_bottom.0, right_bottom.1] {
                prop_assert!((-1e-9..=1.0 + 1e-9).contains(&share), "beyond the map: {share}");
            }
            if factor >= 1.0 {
                let (before, after) = (view.on_whole((x, y)), next.on_whole((x, y)));
                prop_assert!((before.0 - after.0).abs() < 1e-9 && (before.1 - after.1).abs() < 1e-9);
            }
            view = next;
        }
    }
}

#[test]
fn a_loop_that_crosses_itself_leaves_out_what_it_goes_round_twice() {
    // A five-pointed star drawn in one line: its middle is outside by the even-odd rule.
    let polygon: Vec<(f64, f64)> = [0.0_f64, 2.0, 4.0, 1.0, 3.0]
        .map(|corner| (std::f64::consts::TAU * corner / 5.0).sin_cos())
        .map(|(x, y)| (100.0 + 90.0 * x, 100.0 - 90.0 * y))
        .to_vec();
    let marks = marks(&[(100, 100), (100, 40), (100, 180)]);
    assert_eq!(indices(marks_in_polygon(&marks, &polygon)), [1]);
    assert!(indices(marks_in_polygon(&marks, &[])).is_empty());
}

#[test]
fn a_part_of_the_map_is_the_whole_enlarged() {
    let points: Vec<ScatterPoint> = (0..50_u8).map(|i| point(f32::from(i).sin(), f32::from(i).cos() * 0.4)).collect();
    let whole = ScatterFrame::new(&points, SIZE_PX, &style(1.0)).unwrap();
    assert_eq!(whole.seen(MapView::default()), whole);
    let view = MapView::default().nearer(4.0, (0.25, 0.75));
    let seen = whole.seen(view);
    let stays = |share: f64, px: &std::ops::Range<f64>| px.start + share * (px.end - px.start);
    let fixed = (stays(0.25, &whole.x_px), stays(0.75, &whole.y_px));
    for point in &points {
        let (before, after) = (whole.to_px(point).unwrap(), seen.to_px(point).unwrap());
        assert!((after.0 - (fixed.0 + 4.0 * (before.0 - fixed.0))).abs() < 1e-6);
        assert!((after.1 - (fixed.1 + 4.0 * (before.1 - fixed.1))).abs() < 1e-6);
    }
    let marks = scatter_marks(&points, &seen, 1, &style(1.0));
    let expected: Vec<usize> =
        (0..points.len()).filter(|&index| seen.to_px(&points[index]).is_some_and(|place| seen.holds(place))).collect();
    assert_eq!(indices(&marks), expected);
    assert!(!expected.is_empty() && expected.len() < points.len());
    // Moved to the left and up by a tenth of what is seen.
    let moved = whole.seen(view.moved(-0.1, -0.1)).to_px(&points[0]).unwrap();
    let before = seen.to_px(&points[0]).unwrap();
    assert!((before.0 - moved.0 - 0.1 * (whole.x_px.end - whole.x_px.start)).abs() < 1e-6);
    assert!((before.1 - moved.1 - 0.1 * (whole.y_px.end - whole.y_px.start)).abs() < 1e-6);
}

#[test]
fn marks_are_where_points_are_drawn() {
    let mut points: Vec<ScatterPoint> = (0..40_u8).map(|i| point(f32::from(i).sin(), f32::from(i * 3).cos())).collect();
    points.push(point(f32::NAN, 0.0));
    points.push(ScatterPoint { look: None, ..point(0.1, 0.1) });
    let frame = ScatterFrame::new(&points, SIZE_PX, &style(1.0)).unwrap();
    let marks = scatter_marks(&points, &frame, 1, &style(1.0));
    let drawn = record(SIZE_PX, |root| draw_scatter(root, &points, &style(1.0)).unwrap());
    let places: Vec<_> = marks.iter().map(|mark| mark.centre_px).collect();
    assert_eq!(places, drawn.circles.iter().map(|circle| circle.0).collect::<Vec<_>>());
    let mut every_third = indices(&scatter_marks(&points, &frame, 3, &style(1.0)));
    every_third.retain(|index| *index != 40);
    assert_eq!(every_third, (0..42).step_by(3).collect::<Vec<_>>());
}

#[test]
fn of_points_behind_each_other_the_one_nearer_to_the_eye_is_meant() {
    let at = |place: [f32; 3]| SpacePoint { place, look: Some(0) };
    // Seen from the side, the second axis leads away from the eye: 1 is before 0, and 2 beside both.
    let points = [at([0.0, 1.0, 0.0]), at([0.0, -1.0, 0.0]), at([1.0, 0.0, 0.0]), at([f32::NAN, 0.0, 0.0])];
    let level = Viewpoint { yaw: 0.0, pitch: 0.0, zoom: 1.0 };
    let scene = Scene::new(&points, level, SIZE_PX, &style(1.0)).unwrap();
    let marks = space_marks(&points, &scene, 1, &style(1.0));
    assert_eq!(indices(&marks), [0, 2, 1], "the far ones first");
    let [first, _, last] = [0, 1, 2].map(|place| marks[place].centre_px);
    assert_eq!(first, last, "one behind the other");
    let found = |(x, y): (i32, i32)| mark_at(&marks, (f64::from(x), f64::from(y)), 12.0).map(|mark| mark.index);
    assert_eq!(found(last), Some(1));
    assert_eq!(found(marks[1].centre_px), Some(2));
    assert_eq!(found((5, 5)), None);
}
