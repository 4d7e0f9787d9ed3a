//! The 2D map: positions, colours, marks and axes.

use std::collections::{BTreeMap, BTreeSet};

use crate::recorder::{Record, Rgb, record, style};
use shoal::plot::{Marker, PlotStyle, ScatterFrame, ScatterPoint, draw_scatter, marker};

const SIZE_PX: (u32, u32) = (640, 480);

fn draw(points: &[ScatterPoint], size_px: (u32, u32), style: &PlotStyle) -> Record {
    record(size_px, |root| draw_scatter(root, points, style).unwrap())
}

fn point(x: f32, y: f32, look: Option<u32>) -> ScatterPoint {
    ScatterPoint { x, y, look }
}

fn spiral(n: u16, clusters: u32) -> Vec<ScatterPoint> {
    (0..n)
        .map(|index| {
            let turn = f32::from(index) * 0.7;
            point(turn * turn.cos(), 0.3 * turn * turn.sin(), Some(u32::from(index) % clusters))
        })
        .collect()
}

#[test]
fn every_point_is_drawn_inside_in_the_colour_of_its_cluster() {
    let points = spiral(120, 20);
    let record = draw(&points, SIZE_PX, &style(1.0));
    assert_eq!(record.circles.len(), points.len());
    let frame = ScatterFrame::new(&points, SIZE_PX, &style(1.0)).unwrap();
    let mut colours: BTreeMap<u32, BTreeSet<Rgb>> = BTreeMap::new();
    for (&((x, y), radius, rgb, fill), point) in record.circles.iter().zip(&points) {
        let radius = f64::from(radius);
        assert!(f64::from(x) - radius >= frame.x_px.start && f64::from(x) + radius <= frame.x_px.end);
        assert!(f64::from(y) - radius >= frame.y_px.start && f64::from(y) + radius <= frame.y_px.end);
        assert!(fill);
        colours.entry(point.look.unwrap()).or_default().insert(rgb);
    }
    assert!(colours.values().all(|colours| colours.len() == 1));
    assert_eq!(colours.values().flatten().collect::<BTreeSet<_>>().len(), 20);
    assert!(record.presented > 0);
}

#[test]
fn both_axes_have_the_same_scale() {
    let points = [point(0.0, 0.0, Some(0)), point(4.0, 0.0, Some(0)), point(0.0, 1.0, Some(0))];
    for size_px in [SIZE_PX, (300, 900)] {
        let record = draw(&points, size_px, &style(1.0));
        let [origin, right, up] = [0, 1, 2].map(|index| record.circles[index].0);
        assert!((f64::from(right.0 - origin.0) / 4.0 - f64::from(origin.1 - up.1)).abs() <= 1.0);
    }
}

#[test]
fn the_mesh_agrees_with_the_points() {
    let points = [point(-1.0, -0.5, Some(0)), point(1.0, 0.5, Some(0)), point(0.0, 0.0, Some(0))];
    let record = draw(&points, SIZE_PX, &style(1.0));
    let zero = record.circles[2].0;
    let near = |a: i32, b: i32| (a - b).abs() <= 1;
    let is_mesh = |length: i32| length > 200;
    assert!(record.lines.iter().any(|(a, b, _)| a.0 == b.0 && near(a.0, zero.0) && is_mesh((a.1 - b.1).abs())));
    assert!(record.lines.iter().any(|(a, b, _)| a.1 == b.1 && near(a.1, zero.1) && is_mesh((a.0 - b.0).abs())));
}

#[test]
fn axes_say_how_much_they_explain_where_it_is_known() {
    let texts = draw(&spiral(9, 2), SIZE_PX, &style(1.0)).texts;
    let titles: Vec<_> = texts.iter().map(|(text, _)| text.as_str()).filter(|text| text.starts_with("PC")).collect();
    assert_eq!(BTreeSet::from_iter(titles), BTreeSet::from(["PC 1 (23 % of variance)", "PC 2"]));
    let ticks: BTreeSet<_> = texts.iter().map(|(text, _)| text).collect();
    assert!(ticks.contains(&"0.0".to_owned()) || ticks.contains(&"0".to_owned()), "{ticks:?}");
    assert!(!ticks.iter().any(|text| text.starts_with("-0") && text.trim_matches(['-', '0', '.']).is_empty()));
}

#[test]
fn everything_grows_with_the_pixel_ratio() {
    let points = spiral(9, 2);
    let (once, twice) = (draw(&points, SIZE_PX, &style(1.0)), draw(&points, (1280, 960), &style(2.0)));
    assert_eq!(twice.circles[0].1, 2 * once.circles[0].1);
    assert_eq!(twice.lines.iter().map(|line| line.2).min(), Some(2));
    let largest = |record: &Record| record.texts.iter().map(|text| text.1).fold(0.0, f64::max);
    assert!((largest(&twice) / largest(&once) - 2.0).abs() < 1e-6);
}

#[test]
fn set_aside_pictures_are_rings() {
    let record = draw(&[point(0.0, 0.0, None), point(1.0, 1.0, Some(0))], SIZE_PX, &style(1.0));
    assert_eq!((record.circles[0].2, record.circles[0].3), ((86, 97, 115), false));
}

#[test]
fn clusters_beyond_the_colours_have_other_marks() {
    let points: Vec<_> = (0..120_u16).map(|id| point(f32::from(id), 0.0, Some(u32::from(id)))).collect();
    let record = draw(&points, (4000, 400), &style(1.0));
    assert_eq!(record.circles.len(), 40);
    assert_eq!(record.polygons.len(), 80);
    assert_eq!([0, 20, 40, 60, 80, 100].map(marker), {
        use Marker::{Circle, Diamond, Square, Triangle, TriangleDown};
        [Circle, Square, Triangle, Diamond, TriangleDown, Circle]
    });
}

#[test]
fn whatever_there_is_can_be_drawn() {
    let extremes = [f32::MAX, f32::MIN, 0.0, f32::MIN_POSITIVE, f32::NAN, f32::INFINITY, 1e-30, -1.0, 16_777_216.0];
    let mut sets: Vec<Vec<ScatterPoint>> = vec![vec![], vec![point(f32::NAN, 0.0, Some(0)); 3]];
    for &x in &extremes {
        sets.push(vec![point(x, x, Some(0)); 5]);
        sets.push(extremes.iter().map(|&y| point(x, y, Some(1))).collect());
        sets.push(extremes.iter().map(|&y| point(y, x, None)).collect());
    }
    sets.push(vec![point(1.0, 1.0, Some(0)), point(1.000_000_1, 1.0, Some(0))]);
    sets.push(vec![point(1e-30, 0.0, Some(0)), point(2e-30, 0.0, Some(0))]);
    for points in &sets {
        let shown = points.iter().filter(|point| point.x.is_finite() && point.y.is_finite()).count();
        let record = draw(points, SIZE_PX, &style(1.0));
        assert_eq!(record.circles.len(), shown);
        for &((x, y), ..) in &record.circles {
            assert!((0..640).contains(&x) && (0..480).contains(&y), "{points:?}");
        }
    }
    for size_px in [(0, 0), (1, 1), (40, 4000), (4000, 40), (90, 90)] {
        draw(&spiral(9, 2), size_px, &style(1.0));
    }
    for scale in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e9] {
        draw(&spiral(9, 2), SIZE_PX, &style(scale));
        draw(&spiral(9, 2), SIZE_PX, &PlotStyle { font_px: scale, ..style(1.0) });
    }
}
