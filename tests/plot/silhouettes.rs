//! The silhouette plot: the order of the bars, and bars that share pixels.

use std::collections::BTreeMap;

use crate::recorder::{Record, record, style};
use shoal::plot::{SilhouetteBars, Theme, band_at, bar_rows, colour, draw_silhouettes};

fn bars_of(cluster: u32, silhouettes: &[f32]) -> SilhouetteBars {
    SilhouetteBars { cluster, look: cluster, name: format!("Group {cluster}"), silhouettes: silhouettes.to_vec() }
}

fn draw(clusters: &[(u32, &[f32])], size_px: (u32, u32)) -> Record {
    let bars: Vec<SilhouetteBars> =
        clusters.iter().map(|&(cluster, silhouettes)| bars_of(cluster, silhouettes)).collect();
    record(size_px, |root| draw_silhouettes(root, &bars, &style(1.0)).unwrap())
}

#[test]
fn bars_are_grouped_by_cluster_and_the_longest_come_first() {
    let drawn = draw(&[(3, &[0.2, 0.8, -0.1]), (5, &[0.5])], (400, 300));
    let colours: Vec<_> = drawn.bars[1..].iter().map(|bar| bar.2).collect();
    let [own, other] = [3, 5].map(|id| colour(id, Theme::Light)).map(|rgb| (rgb.0, rgb.1, rgb.2));
    assert_eq!(colours, [own, own, own, other]);
    let bars = &drawn.bars[1..];
    assert!(bars.windows(2).all(|pair| pair[0].1.1 <= pair[1].0.1), "each is below the one before");
    assert!(bars.iter().all(|(from, to, _)| to.1 > from.1), "each has a height");
    let lengths: Vec<i32> = bars.iter().map(|(from, to, _)| to.0 - from.0).collect();
    assert!(lengths[0] > lengths[1] && lengths[1] > 0, "{lengths:?}");
    assert_eq!(bars[2].1.0, bars[0].0.0, "the negative one ends where the others begin");
    // As long as its silhouette says: 0.8 to 0.5, but for a pixel.
    assert!((f64::from(lengths[0]) * 0.5 - f64::from(lengths[3]) * 0.8).abs() < 1.0, "{lengths:?}");
    assert!(drawn.texts.iter().any(|(text, _)| text == "Group 3"));
}

#[test]
fn the_line_is_at_the_mean() {
    let drawn = draw(&[(0, &[0.6, 0.2]), (1, &[0.4])], (400, 300));
    let &(from, to, _) = drawn.lines.last().unwrap();
    let (bar_from, bar_to, _) = drawn.bars[3];
    assert_eq!((from.0, to.0), (bar_to.0, bar_to.0), "0.4 is the mean, and one of the bars");
    assert!(bar_from.0 < from.0);
}

#[test]
fn bars_that_share_a_row_of_pixels_are_told_by_their_least_mean_and_greatest() {
    let values: Vec<f32> = (0..20_000_i32).rev().map(|value| value as f32 / 10_000.0 - 1.0).collect();
    for (top_px, bar_px) in [(8.0, 0.013), (8.3, 0.4), (0.0, 0.99), (5.5, 1.0), (3.2, 2.7)] {
        let mut expected: BTreeMap<i32, Vec<f32>> = BTreeMap::new();
        for (place, &value) in values.iter().enumerate() {
            expected.entry((top_px + bar_px * place as f64).round() as i32).or_default().push(value);
        }
        let rows = bar_rows(&values, top_px, bar_px);
        assert_eq!(rows.len(), expected.len());
        for (row, (from_px, values)) in rows.iter().zip(&expected) {
            let mean = values.iter().map(|&value| f64::from(value)).sum::<f64>() / values.len() as f64;
            assert_eq!(row.from_px, *from_px);
            assert_eq!((row.high, row.low), (values[0], *values.last().unwrap()), "values are in order");
            assert!((f64::from(row.mean) - mean).abs() < 1e-6);
        }
        assert!(rows.windows(2).all(|pair| pair[0].to_px == pair[1].from_px), "rows leave no gap");
        let end_px = (top_px + bar_px * values.len() as f64).round() as i32;
        assert!((rows.last().unwrap().to_px - end_px).abs() <= 1);
    }
    assert!(bar_rows(&[], 0.0, 1.0).is_empty());
}

#[test]
fn more_bars_than_pixels_are_drawn_once_a_pixel() {
    let values: Vec<f32> = (0..20_000_u16).map(|value| f32::from(value) / 20_000.0).collect();
    let drawn = draw(&[(0, &values)], (400, 300));
    // A pale and a solid one a row.
    assert!(drawn.bars.len() <= 2 * 300, "{}", drawn.bars.len());
    assert!(drawn.bars.len() > 200);
    assert!(drawn.bars.iter().all(|(from, to, _)| to.1 > from.1), "each has a height");
}

#[test]
fn the_band_under_the_pointer_is_the_one_drawn_there() {
    let clusters: [(u32, &[f32]); 4] = [(3, &[0.2, 0.8, 0.7]), (5, &[0.5]), (6, &[f32::NAN]), (9, &[0.4, 0.3])];
    let bars: Vec<SilhouetteBars> = clusters.iter().map(|&(cluster, values)| bars_of(cluster, values)).collect();
    let drawn = draw(&clusters, (400, 300));
    let at = |y_px: f64| band_at(&bars, (400, 300), &style(1.0), y_px);
    let expected = [3, 3, 3, 5, 9, 9];
    assert_eq!(drawn.bars.len(), 1 + expected.len());
    for ((from, to, _), id) in drawn.bars[1..].iter().zip(expected) {
        assert_eq!(at(f64::from(from.1 + to.1) / 2.0), Some(id));
    }
    assert_eq!((at(0.0), at(299.0)), (None, None));
}

#[test]
fn what_is_undefined_is_left_out_and_nothing_is_only_background() {
    assert_eq!(draw(&[(0, &[f32::NAN, 0.5])], (400, 300)).bars.len(), 2);
    for (clusters, size_px) in
        [(&[][..], (400, 300)), (&[(0, &[f32::NAN][..])], (400, 300)), (&[(0, &[0.5])], (10, 10))]
    {
        let drawn = draw(clusters, size_px);
        assert!(drawn.lines.is_empty() && drawn.texts.is_empty());
    }
}
