//! The silhouette plot: one bar per image, grouped by cluster.
//!
//! Rousseeuw, "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis", 1987.

use plotters::chart::ChartBuilder;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{PathElement, Rectangle, Text};
use plotters::prelude::DrawingBackend;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoFont};

use crate::collection::Clustering;
use crate::plot::chart::{Chart, ChartData, ChartInfo, Drawn};
use crate::plot::palette::{Theme, colour, looks_of};
use crate::plot::style::{PlotStyle, tick_text};

/// The least side of the plotting area, in pixels: on a smaller one nothing is drawn.
const LEAST_SIDE_PX: i32 = 16;
/// The gap between clusters, as a share of all bars' height.
const GAP: f64 = 0.01;
/// The opacity of the spread of bars that share a row of pixels.
const PALE: f64 = 0.4;

/// Every image's silhouette.
pub struct Silhouette;

impl Chart for Silhouette {
    const INFO: ChartInfo = ChartInfo {
        label: "Silhouettes",
        caption: "How well pictures fit: each is a bar as long as its silhouette; the line is the mean of all",
        file_stem: "silhouettes",
        in_report: true,
        has_section: true,
    };

    fn draw<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, data: &ChartData<'_>, style: &PlotStyle) -> Drawn<DB> {
        draw_silhouettes(area, &silhouette_bars(data.clustering), style)
    }
}

/// A cluster's bars.
#[derive(Clone, Debug, PartialEq)]
pub struct SilhouetteBars {
    /// The cluster's id.
    pub cluster: u32,
    /// The cluster's look, one of [`looks`](crate::plot::looks).
    pub look: u32,
    /// The cluster's name.
    pub name: String,
    /// The images' silhouettes, from -1 to 1, in any order; values that are not finite are left out.
    pub silhouettes: Vec<f32>,
}

/// Bars that share a row of pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BarRow {
    /// The first row of pixels.
    pub from_px: i32,
    /// The row of pixels after the last.
    pub to_px: i32,
    /// The least silhouette.
    pub low: f32,
    /// The mean silhouette.
    pub mean: f32,
    /// The greatest silhouette.
    pub high: f32,
}

/// The silhouettes of every cluster's images, by cluster id.
pub fn silhouette_bars(clustering: &Clustering) -> Vec<SilhouetteBars> {
    let looks = looks_of(clustering);
    let mut bars: Vec<SilhouetteBars> = clustering
        .clusters
        .iter()
        .map(|cluster| SilhouetteBars {
            cluster: cluster.id,
            look: looks.get(&cluster.id).copied().unwrap_or_default(),
            name: cluster.name.clone(),
            silhouettes: Vec::new(),
        })
        .collect();
    for item in &clustering.items {
        // Clusters are in id order.
        let place = item.cluster.and_then(|id| bars.binary_search_by_key(&id, |bars| bars.cluster).ok());
        if let (Some(place), Some(silhouette)) = (place, item.silhouette) {
            bars[place].silhouettes.push(silhouette);
        }
    }
    bars
}

/// The rows of bars that are `bar_px` high, from `top_px` down: one per bar, or one per row of pixels where bars are thinner
/// than a pixel.
pub fn bar_rows(values: &[f32], top_px: f64, bar_px: f64) -> Vec<BarRow> {
    let start_px = |place: usize| (top_px + bar_px * place as f64).round() as i32;
    let mut rows = Vec::new();
    let mut place = 0;
    while place < values.len() {
        let from_px = start_px(place);
        let sharing = (place..values.len()).take_while(|&other| start_px(other) == from_px).count();
        let own = &values[place..place + sharing];
        rows.push(BarRow {
            from_px,
            to_px: start_px(place + sharing).max(from_px + 1),
            low: own.iter().copied().fold(f32::INFINITY, f32::min),
            mean: (own.iter().map(|&value| f64::from(value)).sum::<f64>() / own.len() as f64) as f32,
            high: own.iter().copied().fold(f32::NEG_INFINITY, f32::max),
        });
        place += sharing;
    }
    rows
}

/// The positions of the clusters' bars, from the top of the canvas.
struct Bands {
    bar_px: f64,
    /// Each cluster's upper and lower edge, in pixels.
    edges_px: Vec<(f64, f64)>,
}

impl Bands {
    /// Bands for so many bars a cluster. `None` when there is no bar, or no room.
    fn new(counts: &[usize], size_px: (u32, u32), style: &PlotStyle) -> Option<Self> {
        let (_, bottom_px) = style.label_areas_px();
        let room = |side_px: u32, area_px: u32| side_px as i32 - area_px as i32 - 2 * style.margin_px() as i32;
        let count: usize = counts.iter().sum();
        if count == 0 || room(size_px.0, 0) < LEAST_SIDE_PX || room(size_px.1, bottom_px) < LEAST_SIDE_PX {
            return None;
        }
        let gap = GAP * count as f64;
        let side_px = f64::from(room(size_px.1, bottom_px));
        let bar_px = side_px / (count as f64 + gap * counts.len().saturating_sub(1) as f64);
        let mut top_px = f64::from(style.margin_px());
        let edges = |&count: &usize| {
            let edges = (top_px, top_px + bar_px * count as f64);
            top_px = edges.1 + bar_px * gap;
            edges
        };
        Some(Self { bar_px, edges_px: counts.iter().map(edges).collect() })
    }
}

/// The id of the cluster whose bars are at `y_px` on a canvas drawn by [`draw_silhouettes`].
pub fn band_at(clusters: &[SilhouetteBars], size_px: (u32, u32), style: &PlotStyle, y_px: f64) -> Option<u32> {
    let finite = |bars: &SilhouetteBars| bars.silhouettes.iter().filter(|value| value.is_finite()).count();
    let bands = Bands::new(&clusters.iter().map(finite).collect::<Vec<_>>(), size_px, style)?;
    let place = bands.edges_px.iter().position(|&(top, bottom)| (top..bottom).contains(&y_px))?;
    Some(clusters[place].cluster)
}

/// Draws the bars on the whole of `root`, clusters in order from the top, in each the longest bar first, and the mean of all
/// silhouettes as a line. Bars thinner than a pixel share a row of pixels: solid up to their mean, pale up to their least and
/// greatest. Without bars, or where `root` is too small, only the background is drawn.
///
/// # Errors
/// The drawing backend's errors.
pub fn draw_silhouettes<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    clusters: &[SilhouetteBars],
    style: &PlotStyle,
) -> Drawn<DB> {
    root.fill(&style.background)?;
    let sorted: Vec<Vec<f32>> = clusters.iter().map(|bars| sorted(&bars.silhouettes)).collect();
    let counts: Vec<usize> = sorted.iter().map(Vec::len).collect();
    let low = sorted.iter().flatten().copied().fold(0.0_f32, f32::min);
    let (_, bottom_px) = style.label_areas_px();
    let Some(bands) = Bands::new(&counts, root.dim_in_pixel(), style) else { return root.present() };
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
    let to_x = |value: f64| {
        let (left, right) = (f64::from(low).min(-0.05), 1.0);
        (f64::from(x_px.start) + (value - left) / (right - left) * f64::from(x_px.end - x_px.start)).round() as i32
    };
    for ((bars, values), &(top, bottom)) in clusters.iter().zip(&sorted).zip(&bands.edges_px) {
        let own = colour(bars.look, theme);
        for row in bar_rows(values, top, bands.bar_px) {
            let bar = |from: f32, to: f32| [(to_x(f64::from(from)), row.from_px), (to_x(f64::from(to)), row.to_px)];
            if row.low < row.high {
                root.draw(&Rectangle::new(bar(row.low.min(0.0), row.high.max(0.0)), own.mix(PALE).filled()))?;
            }
            root.draw(&Rectangle::new(bar(0.0, row.mean), own.filled()))?;
        }
        let height_px = bottom - top;
        if height_px >= 1.1 * style.font_size_px() {
            let middle = (top + height_px / 2.0).round() as i32;
            let left =
                font(0.85 * style.font_size_px()).color(&style.foreground).pos(Pos::new(HPos::Right, VPos::Center));
            let place = (x_px.end - style.margin_px() as i32, middle);
            root.draw(&Text::new(bars.name.clone(), place, left))?;
        }
    }
    let mean =
        sorted.iter().flatten().map(|&value| f64::from(value)).sum::<f64>() / counts.iter().sum::<usize>() as f64;
    let line = style.foreground.stroke_width(style.stroke_px(1.5));
    root.draw(&PathElement::new(vec![(to_x(mean), y_px.start), (to_x(mean), y_px.end)], line))?;
    root.present()
}

fn sorted(values: &[f32]) -> Vec<f32> {
    let mut values: Vec<f32> = values.iter().copied().filter(|value| value.is_finite()).collect();
    values.sort_by(|one, other| other.total_cmp(one));
    values
}
