//! The map of images on the first two principal components.

use plotters::chart::ChartBuilder;
use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::prelude::DrawingBackend;
use plotters::style::{Color, IntoFont};

use crate::collection::{Assignment, Clustering};
use crate::plot::axes::axis_title;
use crate::plot::chart::{CHART_PX, Chart, ChartData, ChartImage, ChartInfo, Drawn};
use crate::plot::frame::{ScatterFrame, ScatterPoint};
use crate::plot::legend::{plot_size_px, split_off_legend};
use crate::plot::map_view::MapView;
use crate::plot::mark::{Mark, MarkStyle, radius_px};
use crate::plot::palette::{Marker, Theme, colour, looks_of, marker};
use crate::plot::pick::spread_out;
use crate::plot::style::{PlotStyle, tick_text};

/// The side of a thumbnail in place of a point, in CSS pixels.
const IMAGE_PX: f64 = 32.0;
/// The most thumbnails on the map.
const IMAGES_MAX: usize = 400;

/// The map on the first two principal components.
pub struct Pca2d;

impl Chart for Pca2d {
    const INFO: ChartInfo = ChartInfo {
        label: "2D map",
        caption: "Map of the pictures: those that look alike lie near each other",
        file_stem: "map-2d",
        in_report: true,
        has_section: true,
    };

    fn draw<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, data: &ChartData<'_>, style: &PlotStyle) -> Drawn<DB> {
        let plot = split_off_legend(area, data.clustering, style)?;
        draw_part(&plot, &scatter_points(data.clustering), data.view.map_view, style)
    }

    fn images(data: &ChartData<'_>, size_px: (u32, u32)) -> Vec<ChartImage> {
        if !data.view.shows_images {
            return Vec::new();
        }
        let style = PlotStyle::for_export(size_px.0 as f32 / CHART_PX.0 as f32);
        let points = scatter_points(data.clustering);
        let Some(frame) = ScatterFrame::new(&points, plot_size_px(size_px), &style) else { return Vec::new() };
        let marks = scatter_marks(&points, &frame.seen(data.view.map_view), 1, &style);
        let side_px = style.stroke_px(IMAGE_PX);
        let image = |mark: &Mark| {
            let corner = |centre_px: i32| centre_px.saturating_sub_unsigned(side_px / 2).max(0) as u32;
            let (x_px, y_px) = (corner(mark.centre_px.0), corner(mark.centre_px.1));
            Some(ChartImage { path: data.clustering.items.get(mark.index)?.path.clone(), x_px, y_px, side_px })
        };
        spread_out(&marks, (1.1 * f64::from(side_px)) as i32, IMAGES_MAX).into_iter().filter_map(image).collect()
    }
}

/// The images of a clustering on its 2D map.
pub fn scatter_points(clustering: &Clustering) -> Vec<ScatterPoint> {
    let looks = looks_of(clustering);
    let look = |item: &Assignment| looks.get(&item.cluster?).copied();
    let point = |item: &Assignment| ScatterPoint { x: item.pca[0], y: item.pca[1], look: look(item) };
    clustering.items.iter().map(point).collect()
}

/// Draws `points` on the whole of `root`: one colour per cluster, unassigned images as rings, with the same scale on both
/// axes. Points that are not finite are left out; where `root` is too small for a plot, only the background is drawn.
///
/// # Errors
/// The drawing backend's errors.
pub fn draw_scatter<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    points: &[ScatterPoint],
    style: &PlotStyle,
) -> Drawn<DB> {
    draw_part(root, points, MapView::default(), style)
}

fn draw_part<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    points: &[ScatterPoint],
    view: MapView,
    style: &PlotStyle,
) -> Drawn<DB> {
    root.fill(&style.background)?;
    let Some(frame) = ScatterFrame::new(points, root.dim_in_pixel(), style) else { return Ok(()) };
    let frame = frame.seen(view);
    draw_scatter_axes(root, &frame, style)?;
    for mark in scatter_marks(points, &frame, 1, style) {
        mark.draw(root, style)?;
    }
    root.present()
}

/// The marks of every `step`th of `points`, as far as `frame` shows them, in drawing order.
pub fn scatter_marks(points: &[ScatterPoint], frame: &ScatterFrame, step: usize, style: &PlotStyle) -> Vec<Mark> {
    let theme = Theme::on(style.background);
    let radius_px = radius_px(points.len(), style);
    let mark = |(index, point): (usize, &ScatterPoint)| {
        let (x, y) = frame.to_px(point).filter(|&place| frame.holds(place))?;
        let mark_style = match point.look {
            Some(look) => MarkStyle { marker: marker(look), radius_px, colour: colour(look, theme), is_filled: true },
            None => MarkStyle { marker: Marker::Circle, radius_px, colour: style.muted, is_filled: false },
        };
        Some(Mark { index, centre_px: (x.round() as i32, y.round() as i32), style: mark_style })
    };
    points.iter().enumerate().step_by(step.max(1)).filter_map(mark).collect()
}

/// Draws axes, mesh and titles on the whole of `root`.
///
/// # Errors
/// The drawing backend's errors.
pub fn draw_scatter_axes<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    frame: &ScatterFrame,
    style: &PlotStyle,
) -> Drawn<DB> {
    let (left_px, bottom_px) = style.label_areas_px();
    let mut chart = ChartBuilder::on(root)
        .margin(style.margin_px())
        .x_label_area_size(bottom_px)
        .y_label_area_size(left_px)
        .build_cartesian_2d(frame.x.clone(), frame.y.clone())?;
    let font = |size: f64| ("sans-serif", size).into_font();
    let thin = style.stroke_px(1.0);
    // Labels are about 5 characters wide: this keeps them apart.
    let labels = |side_px: f64| ((side_px / (6.0 * style.font_size_px())) as usize).clamp(2, 8);
    chart
        .configure_mesh()
        .max_light_lines(0)
        .bold_line_style(style.muted.mix(0.22).stroke_width(thin))
        .axis_style(style.muted.stroke_width(thin))
        .set_all_tick_mark_size(style.tick_px())
        .x_labels(labels(frame.x_px.end - frame.x_px.start))
        .y_labels(labels(frame.y_px.end - frame.y_px.start))
        .x_label_formatter(&|value| tick_text(*value, frame.x.end - frame.x.start))
        .y_label_formatter(&|value| tick_text(*value, frame.y.end - frame.y.start))
        .label_style(font(0.85 * style.font_size_px()).color(&style.foreground))
        .axis_desc_style(font(style.font_size_px()).color(&style.foreground))
        .x_desc(axis_title(0, style.explained))
        .y_desc(axis_title(1, style.explained))
        .draw()
}
