//! The mean silhouette over the number of clusters.

use plotters::chart::ChartBuilder;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{Circle, PathElement};
use plotters::prelude::DrawingBackend;
use plotters::style::{Color, IntoFont};

use crate::plot::chart::{Chart, ChartData, ChartInfo, Drawn};
use crate::plot::error::PlotError;
use crate::plot::palette::{Theme, colour};
use crate::plot::style::{PlotStyle, tick_text};

/// The least side of the plotting area, in pixels: on a smaller one nothing is drawn.
const LEAST_SIDE_PX: i64 = 16;
/// The padding above and below the curve, as a share of the silhouettes' span.
const PADDING: f64 = 0.1;
/// The least span of silhouettes that the axis shows.
const LEAST_SPAN: f64 = 1e-3;

/// The mean silhouette over the number of clusters.
pub struct Curve;

impl Chart for Curve {
    const INFO: ChartInfo = ChartInfo {
        label: "Number of groups",
        caption: "How many groups? The mean silhouette for every number that was tried",
        file_stem: "curve",
        in_report: true,
        has_section: true,
    };

    fn check(data: &ChartData<'_>) -> Result<(), PlotError> {
        if data.clustering.curve.is_some() {
            return Ok(());
        }
        let reason = "there is no curve: the number of groups was set, not searched for";
        Err(PlotError::Unavailable { code: "no-curve", reason })
    }

    fn draw<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, data: &ChartData<'_>, style: &PlotStyle) -> Drawn<DB> {
        let clustering = data.clustering;
        let points: Vec<_> = clustering.curve.iter().flatten().map(|point| (point.k, point.silhouette)).collect();
        let proposals = clustering.proposals.as_deref().unwrap_or_default();
        draw_curve(area, &CurveData { points: &points, chosen: clustering.k, proposals }, style)
    }
}

/// The values of a curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurveData<'a> {
    /// The numbers of clusters k, ascending, each with its mean silhouette where that is defined.
    pub points: &'a [(usize, Option<f32>)],
    /// The k in use, drawn as a filled circle.
    pub chosen: usize,
    /// The proposed values of k, drawn as rings.
    pub proposals: &'a [usize],
}

/// Draws the curve on the whole of `root`. Where no value is defined or `root` is too small, only the background is drawn.
///
/// # Errors
/// The drawing backend's errors.
pub fn draw_curve<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    curve: &CurveData<'_>,
    style: &PlotStyle,
) -> Drawn<DB> {
    root.fill(&style.background)?;
    let points: Vec<(f64, f64)> = curve
        .points
        .iter()
        .filter_map(|&(k, value)| Some((k as f64, f64::from(value.filter(|value| value.is_finite())?))))
        .collect();
    let (left_px, bottom_px) = style.label_areas_px();
    let (width_px, height_px) = root.dim_in_pixel();
    let room = |side_px: u32, area_px: u32| i64::from(side_px) - i64::from(area_px) - 2 * i64::from(style.margin_px());
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return root.present() };
    if room(width_px, left_px) < LEAST_SIDE_PX || room(height_px, bottom_px) < LEAST_SIDE_PX {
        return root.present();
    }
    let low = points.iter().map(|point| point.1).fold(f64::INFINITY, f64::min);
    let high = points.iter().map(|point| point.1).fold(f64::NEG_INFINITY, f64::max);
    let free = PADDING * (high - low).max(LEAST_SPAN);
    let mut chart = ChartBuilder::on(root)
        .margin(style.margin_px())
        .x_label_area_size(bottom_px)
        .y_label_area_size(left_px)
        .build_cartesian_2d(first.0 - 0.5..last.0 + 0.5, low - free..high + free)?;
    let font = |size: f64| ("sans-serif", size).into_font();
    let thin = style.stroke_px(1.0);
    let labels = (f64::from(width_px) / (5.0 * style.font_size_px())) as usize;
    chart
        .configure_mesh()
        .max_light_lines(0)
        .bold_line_style(style.muted.mix(0.22).stroke_width(thin))
        .axis_style(style.muted.stroke_width(thin))
        .set_all_tick_mark_size(style.tick_px())
        .x_labels(labels.clamp(2, points.len().max(2)))
        .y_labels(4)
        .x_label_formatter(&|k| whole(*k))
        .y_label_formatter(&|value| tick_text(*value, high - low + 2.0 * free))
        .label_style(font(0.85 * style.font_size_px()).color(&style.foreground))
        .axis_desc_style(font(style.font_size_px()).color(&style.foreground))
        .x_desc("Number of groups")
        .y_desc("Mean silhouette")
        .draw()?;
    let ink = colour(0, Theme::on(style.background));
    let radius_px = style.stroke_px(3.0);
    chart.draw_series([PathElement::new(points.clone(), ink.stroke_width(style.stroke_px(2.0)))])?;
    chart.draw_series(
        points
            .iter()
            .filter(|point| curve.proposals.contains(&(point.0 as usize)))
            .map(|&point| Circle::new(point, 2 * radius_px, ink.stroke_width(style.stroke_px(1.5)))),
    )?;
    chart.draw_series(
        points
            .iter()
            .filter(|point| curve.chosen == point.0 as usize)
            .map(|&point| Circle::new(point, radius_px + radius_px / 2, ink.filled())),
    )?;
    root.present()
}

/// The label of a tick at a whole number; ticks between two whole numbers have none.
fn whole(k: f64) -> String {
    if k.fract().abs() < 1e-9 { format!("{k:.0}") } else { String::new() }
}
