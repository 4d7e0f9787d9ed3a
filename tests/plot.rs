//! The plots: what is drawn where and in which colour, and what lies under a pointer.

#[path = "plot/recorder.rs"]
mod recorder;

use std::collections::{BTreeMap, BTreeSet};

use plotters::style::RGBColor;
use recorder::{Record, Rgb, record, style};
use shoal::plot::{
    CurveData, Marker, PlotStyle, ScatterFrame, ScatterPoint, Theme, colour, css_colour, draw_curve, draw_scatter,
    marker, palette,
};

const SIZE_PX: (u32, u32) = (640, 480);

fn draw(points: &[ScatterPoint], size_px: (u32, u32), style: &PlotStyle) -> Record {
    record(size_px, |root| draw_scatter(root, points, style).unwrap())
}

fn point(x: f32, y: f32, cluster: Option<u32>) -> ScatterPoint {
    ScatterPoint { x, y, cluster }
}

fn spiral(n: u16, clusters: u32) -> Vec<ScatterPoint> {
    (0..n)
        .map(|index| {
            let operation = f32::from(index) * 0.7;
            point(operation * operation.cos(), 0.3 * operation * operation.sin(), Some(u32::from(index) % clusters))
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
        colours.entry(point.cluster.unwrap()).or_default().insert(rgb);
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

/// Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB: none, protan-, deuteran- and tritanopia.
const VISIONS: [[[f64; 3]; 3]; 4] = [
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
];

fn linear(RGBColor(red, green, blue): RGBColor) -> [f64; 3] {
    [red, green, blue].map(|value| {
        let value = f64::from(value) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
}

fn times(matrix: [[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
}

/// Björn Ottosson, "A perceptual color space for image processing" (2020).
fn oklab(linear: [f64; 3]) -> [f64; 3] {
    let cones = times(
        [
            [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
            [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
            [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
        ],
        linear,
    );
    times(
        [
            [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
            [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
            [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
        ],
        cones.map(f64::cbrt),
    )
}

/// The least distance in Oklab, over all kinds of vision, between any two of the first `count` clusters of like marks.
fn least_distance(theme: Theme, count: u32) -> f64 {
    let mut least = f64::INFINITY;
    for vision in VISIONS {
        let seen = |id| oklab(times(vision, linear(colour(id, theme))).map(|value| value.clamp(0.0, 1.0)));
        let pairs = (0..count).flat_map(|a| (0..a).map(move |b| (a, b)));
        for (a, b) in pairs.filter(|&(a, b)| marker(a) == marker(b)) {
            let square: f64 = seen(a).iter().zip(seen(b)).map(|(a, b)| (a - b).powi(2)).sum();
            least = least.min(square.sqrt());
        }
    }
    least
}

#[test]
fn colours_stay_apart_for_every_kind_of_colour_vision() {
    for theme in [Theme::Light, Theme::Dark] {
        // About 0.02 is the least difference that is seen. Beyond twenty colours the marks tell clusters apart.
        for (count, least) in [(4, 0.19), (8, 0.1), (20, 0.06), (100, 0.06)] {
            assert!(least_distance(theme, count) >= least, "{theme:?} {count}: {}", least_distance(theme, count));
        }
    }
}

#[test]
fn colours_stand_out_on_their_background() {
    let luminance = |colour| linear(colour).iter().zip([0.2126, 0.7152, 0.0722]).map(|(a, b)| a * b).sum::<f64>();
    let contrast = |one, other| {
        let (a, b): (f64, f64) = (luminance(one), luminance(other));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    };
    for theme in [Theme::Light, Theme::Dark] {
        let PlotStyle { foreground, background, muted, .. } = PlotStyle::of_page(theme, 1.0);
        assert_eq!(Theme::on(background), theme);
        for id in 0..palette::COLOURS as u32 {
            let colour = colour(id, theme);
            assert!(contrast(colour, background) >= 3.0, "{theme:?} {}", css_colour(colour));
        }
        assert!(contrast(muted, background) >= 3.0, "{theme:?}: pictures in no group");
        assert!(contrast(foreground, background) >= 4.5, "{theme:?}: text");
    }
    assert_eq!(css_colour(colour(0, Theme::Light)), "#0072b2");
    assert_eq!(colour(23, Theme::Dark), colour(3, Theme::Dark));
}

fn curve(points: &[(usize, Option<f32>)], size_px: (u32, u32)) -> Record {
    record(size_px, |root| draw_curve(root, &CurveData { points, chosen: 4, proposals: &[4, 2] }, &style(1.0)).unwrap())
}

#[test]
fn the_curve_rings_its_proposals_and_fills_the_count_in_use() {
    let points = [(2, Some(0.3)), (3, Some(0.2)), (4, Some(0.5)), (5, None), (6, Some(0.1))];
    let record = curve(&points, (400, 300));
    let (filled, rings): (Vec<_>, Vec<_>) = record.circles.into_iter().partition(|circle| circle.3);
    assert_eq!((filled.len(), rings.len()), (1, 2));
    let highest = filled[0].0;
    assert!(rings.iter().any(|ring| ring.0 == highest));
    assert!(rings.iter().all(|ring| ring.0.1 >= highest.1), "the best is not the highest");
    assert!(record.texts.iter().any(|(text, _)| text == "Number of groups"));
}

#[test]
fn a_curve_without_values_or_room_is_empty() {
    assert!(curve(&[(2, None), (3, Some(f32::NAN))], (400, 300)).circles.is_empty());
    assert!(curve(&[(4, Some(0.5))], (12, 9)).circles.is_empty());
    assert_eq!(curve(&[(4, Some(0.5))], (400, 300)).circles.len(), 2);
}
