//! The 3D map: what rotation preserves, and what is drawn.

use crate::recorder::{Disc, record, style};
use proptest::prelude::*;
use shoal::plot::{SpacePoint, Theme, Viewpoint, colour, draw_space};

const SIZE_PX: (u32, u32) = (400, 300);

fn point(place: [f32; 3], look: Option<u32>) -> SpacePoint {
    SpacePoint { place, look }
}

fn circles(points: &[SpacePoint], viewpoint: Viewpoint) -> Vec<Disc> {
    record(SIZE_PX, |root| draw_space(root, points, viewpoint, &style(1.0)).unwrap()).circles
}

fn length([x, y, z]: [f32; 3]) -> f32 {
    (x * x + y * y + z * z).sqrt()
}

proptest! {
    #[test]
    fn turning_keeps_lengths_and_angles(
        one in prop::array::uniform3(-1.0_f32..1.0),
        other in prop::array::uniform3(-1.0_f32..1.0),
        yaw in -9.0_f32..9.0,
        pitch in -1.5_f32..1.5,
    ) {
        let view = Viewpoint { yaw, pitch, zoom: 1.0 };
        let apart = |a: [f32; 3], b: [f32; 3]| length(std::array::from_fn(|axis| a[axis] - b[axis]));
        prop_assert!((length(view.rotate(one)) - length(one)).abs() < 1e-5);
        prop_assert!((apart(view.rotate(one), view.rotate(other)) - apart(one, other)).abs() < 1e-5);
    }

    #[test]
    fn whatever_there_is_can_be_drawn_inside(
        places in prop::collection::vec(prop::array::uniform3(prop_oneof![
            -1e3_f32..1e3, Just(0.0), Just(f32::NAN), Just(f32::MAX), Just(f32::MIN)
        ]), 0..8),
        yaw in -9.0_f32..9.0,
        pitch in -1.5_f32..1.5,
    ) {
        let points: Vec<SpacePoint> = places.iter().map(|&place| point(place, Some(0))).collect();
        let drawn = circles(&points, Viewpoint { yaw, pitch, zoom: 1.0 });
        let finite = places.iter().filter(|place| place.iter().all(|value| value.is_finite())).count();
        prop_assert_eq!(drawn.len(), finite);
        for ((x, y), ..) in drawn {
            prop_assert!((0..=400).contains(&x) && (0..=300).contains(&y), "{x}, {y}");
        }
    }
}

#[test]
fn seen_from_the_side_the_first_axis_goes_right_and_the_third_up() {
    let level = Viewpoint { yaw: 0.0, pitch: 0.0, zoom: 1.0 };
    assert_eq!(level.rotate([1.0, 0.0, 0.0]), [1.0, 0.0, 0.0]);
    assert_eq!(level.rotate([0.0, 0.0, 1.0])[1], 1.0);
    // What is nearer on the second axis is nearer to the eye.
    assert!(level.rotate([0.0, -1.0, 0.0])[2] > level.rotate([0.0, 1.0, 0.0])[2]);
}

#[test]
fn the_near_are_drawn_last_larger_and_in_their_full_colour() {
    let level = Viewpoint { yaw: 0.0, pitch: 0.0, zoom: 1.0 };
    let (near, far) = (point([0.2, -1.0, 0.0], Some(0)), point([-0.2, 1.0, 0.0], Some(0)));
    let drawn = circles(&[near, far], level);
    let [(first, first_radius, pale, _), (last, last_radius, full, _)] = drawn[..] else { panic!("{drawn:?}") };
    assert!(first.0 < 200 && last.0 > 200, "the far one comes first");
    assert!(last_radius > first_radius);
    let own = colour(0, Theme::Light);
    let distance =
        |rgb: (u8, u8, u8)| rgb.0.abs_diff(own.0) as u32 + rgb.1.abs_diff(own.1) as u32 + rgb.2.abs_diff(own.2) as u32;
    assert!(distance(full) < distance(pale));
}

#[test]
fn axes_are_named_and_zooming_spreads() {
    let points = [point([1.0, 0.0, 0.0], Some(0)), point([-1.0, 0.0, 0.0], Some(1))];
    let drawn = record(SIZE_PX, |root| draw_space(root, &points, Viewpoint::default(), &style(1.0)).unwrap());
    let titles: Vec<&str> = drawn.texts.iter().map(|(text, _)| text.as_str()).collect();
    assert_eq!(titles, ["PC 1 (23 % of variance)", "PC 2", "PC 3"]);
    let narrow = record((300, 300), |root| draw_space(root, &points, Viewpoint::default(), &style(1.0)).unwrap());
    assert_eq!(narrow.texts[0].0, "PC 1 (23 %)");
    assert_eq!(drawn.lines.len(), 12, "a cube has twelve edges");
    let spread = |view| {
        let drawn = circles(&points, view);
        (drawn[0].0.0 - drawn[1].0.0).abs()
    };
    assert!(spread(Viewpoint::default().nearer(2.0)) > spread(Viewpoint::default()));
    let above = Viewpoint::default().turned(0.0, 9.0);
    assert!((above.pitch - std::f32::consts::FRAC_PI_2).abs() < 1e-6, "it stops straight above");
    assert_eq!(Viewpoint::default().nearer(100.0).zoom, 8.0);
}

#[test]
fn without_points_or_room_there_is_nothing() {
    assert!(circles(&[], Viewpoint::default()).is_empty());
    let one = [point([1.0; 3], Some(0))];
    let small = record((20, 20), |root| draw_space(root, &one, Viewpoint::default(), &style(1.0)).unwrap());
    assert!(small.circles.is_empty() && small.texts.is_empty());
    assert_eq!(circles(&one, Viewpoint::default())[0].0, (200, 150), "a lone point is in the middle");
    // A picture that is set aside is a ring.
    assert!(!circles(&[point([1.0; 3], None)], Viewpoint::default())[0].3);
}
