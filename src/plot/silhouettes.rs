//! The silhouette plot: every picture a bar, its clusters below each other.
//!
//! Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis", 1987.

use plotters::chart::ChartBuilder;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::{PathElement, Rectangle, Text};
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoFont};

use super::palette::{Theme, colour};
use super::style::{PlotStyle, tick_text};

/// The least side of the plotting area, in pixels, on which anything is drawn.
const LEAST_SIDE_PX: i32 = 16;
/// Left free between clusters, as a share of all bars.
const GAP: f64 = 0.01;

/// A cluster's bars.
#[derive(Clone, Debug, PartialEq)]
pub struct SilhouetteBars {
    /// The cluster's id.
    pub cluster: u32,
    /// Its name.
    pub name: String,
    /// Its pictures' silhouettes, from -1 to 1, in any order; what is not finite is left out.
    pub silhouettes: Vec<f32>,
}

/// Draws the bars on the whole of `root`, clusters in their order from the top, in each the longest bar first, and the mean
/// of all as a line. Where there are more bars than pixels, as many are drawn as there is room for. Without bars or room,
/// only the background is drawn.
///
/// # Errors
/// What the drawing backend reports.
pub fn draw_silhouettes<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    clusters: &[SilhouetteBars],
    style: &PlotStyle,
) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
    root.fill(&style.background)?;
    let sorted: Vec<Vec<f32>> = clusters.iter().map(|bars| sorted(&bars.silhouettes)).collect();
    let count: usize = sorted.iter().map(Vec::len).sum();
    let low = sorted.iter().flatten().copied().fold(0.0_f32, f32::min);
    let (_, bottom_px) = style.label_areas_px();
    let (width_px, height_px) = root.dim_in_pixel();
    let room = |side_px: u32, area_px: u32| side_px as i32 - area_px as i32 - 2 * style.margin_px() as i32;
    if count == 0 || room(width_px, 0) < LEAST_SIDE_PX || room(height_px, bottom_px) < LEAST_SIDE_PX {
        return root.present();
    }
    let mut chart = ChartBuilder::on(root)
        .margin(style.margin_px())
        .x_label_area_size(bottom_px)
        .build_cartesian_2d(f64::from(low).min(-0.05)..1.0, 0.0..1.0)?;
    let font = |size: f64| ("sans-serif", size).into_font();
    let thin = style.stroke_px(1.0);
    chart
        .configure_mesh()
        .max_light_lines(0)
        .disable_y_mesh()
        .y_labels(0)
        .bold_line_style(style.muted.mix(0.22).stroke_width(thin))
        .axis_style(style.muted.stroke_width(thin))
        .set_all_tick_mark_size(style.tick_px())
        .x_labels(6)
        .x_label_formatter(&|value| tick_text(*value, 1.0))
        .label_style(font(0.85 * style.font_size_px()).color(&style.foreground))
        .axis_desc_style(font(style.font_size_px()).color(&style.foreground))
        .x_desc("Silhouette")
        .draw()?;

    let theme = Theme::on(style.background);
    let (x_px, y_px) = chart.plotting_area().get_pixel_range();
    let side_px = f64::from(y_px.end - y_px.start);
    let to_x = |value: f64| {
        let (left, right) = (f64::from(low).min(-0.05), 1.0);
        (f64::from(x_px.start) + (value - left) / (right - left) * f64::from(x_px.end - x_px.start)).round() as i32
    };
    let gap = GAP * count as f64;
    let bar_px = side_px / (count as f64 + gap * clusters.len().saturating_sub(1) as f64);
    let mut top = f64::from(y_px.start);
    for (bars, values) in clusters.iter().zip(&sorted) {
        let own = colour(bars.cluster, theme);
        let mut drawn_to = i32::MIN;
        for (place, &value) in values.iter().enumerate() {
            let (from, to) = (top + bar_px * place as f64, top + bar_px * (place + 1) as f64);
            let (from, to) = (from.round() as i32, to.round() as i32);
            // Bars thinner than a pixel: the first of those that share one stands for them.
            if from >= drawn_to {
                let end = to.max(from + 1);
                root.draw(&Rectangle::new([(to_x(0.0), from), (to_x(f64::from(value)), end)], own.filled()))?;
                drawn_to = end;
            }
        }
        let height_px = bar_px * values.len() as f64;
        if height_px >= 1.1 * style.font_size_px() {
            let middle = (top + height_px / 2.0).round() as i32;
            let left =
                font(0.85 * style.font_size_px()).color(&style.foreground).pos(Pos::new(HPos::Right, VPos::Center));
            let place = (x_px.end - style.margin_px() as i32, middle);
            root.draw(&Text::new(bars.name.clone(), place, left))?;
        }
        top += height_px + bar_px * gap;
    }
    let mean = sorted.iter().flatten().map(|&value| f64::from(value)).sum::<f64>() / count as f64;
    let line = style.foreground.stroke_width(style.stroke_px(1.5));
    root.draw(&PathElement::new(vec![(to_x(mean), y_px.start), (to_x(mean), y_px.end)], line))?;
    root.present()
}

fn sorted(values: &[f32]) -> Vec<f32> {
    let mut values: Vec<f32> = values.iter().copied().filter(|value| value.is_finite()).collect();
    values.sort_by(|one, other| other.total_cmp(one));
    values
}
