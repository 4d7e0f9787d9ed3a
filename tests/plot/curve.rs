//! The curve over the number of clusters.

use crate::recorder::{Record, record, style};
use shoal::plot::{CurveData, draw_curve};

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
