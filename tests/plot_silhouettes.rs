//! The silhouette plot: bars in their order, and what there is no room for.

#[path = "plot/recorder.rs"]
mod recorder;

use recorder::{Record, record, style};
use shoal::plot::{SilhouetteBars, Theme, colour, draw_silhouettes};

fn draw(clusters: &[(u32, &[f32])], size_px: (u32, u32)) -> Record {
    let bars: Vec<SilhouetteBars> = clusters
        .iter()
        .map(|&(cluster, silhouettes)| SilhouetteBars {
            cluster,
            name: format!("Group {cluster}"),
            silhouettes: silhouettes.to_vec(),
        })
        .collect();
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
fn more_bars_than_pixels_are_drawn_once_a_pixel() {
    let values: Vec<f32> = (0..20_000_u16).map(|value| f32::from(value) / 20_000.0).collect();
    let drawn = draw(&[(0, &values)], (400, 300));
    assert!(drawn.bars.len() <= 301, "{}", drawn.bars.len());
    assert!(drawn.bars.len() > 100);
    assert!(drawn.bars.iter().all(|(from, to, _)| to.1 > from.1), "each has a height");
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
