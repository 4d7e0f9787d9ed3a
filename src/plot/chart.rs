//! The interface that every chart implements, and the plain data that charts are drawn from.

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::prelude::DrawingBackend;

use super::error::PlotError;
use super::map_view::MapView;
use super::style::PlotStyle;
use super::viewpoint::Viewpoint;
use crate::collection::Clustering;

/// The size of an exported chart at scale 1, in pixels.
pub const CHART_PX: (u32, u32) = (1200, 900);

/// The result of drawing on a backend.
pub type Drawn<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// What a map shows, and how; by default all of it, as points, from the default viewpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ChartView {
    /// The visible part of the 2D map.
    pub map_view: MapView,
    /// Whether the 2D map shows thumbnails in place of points, as many as fit.
    pub shows_images: bool,
    /// The direction from which the 3D map is seen.
    pub viewpoint: Viewpoint,
}

/// What a chart is drawn from.
#[derive(Clone, Copy, Debug)]
pub struct ChartData<'a> {
    /// The clusters and their images.
    pub clustering: &'a Clustering,
    /// What a map shows of them.
    pub view: ChartView,
}

impl<'a> From<&'a Clustering> for ChartData<'a> {
    /// The clustering in the default view.
    fn from(clustering: &'a Clustering) -> Self {
        Self { clustering, view: ChartView::default() }
    }
}

/// How a chart is presented to people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChartInfo {
    /// A short name, as a label beside the buttons that save the chart.
    pub label: &'static str,
    /// One sentence that explains the chart, as a caption below it.
    pub caption: &'static str,
    /// The chart's part of an exported file's name: `map-2d` in `shoal-map-2d.png`.
    pub file_stem: &'static str,
    /// Whether the report includes the chart.
    pub in_report: bool,
    /// Whether the page shows the chart in a section that also saves it. Other charts are saved from the export bar.
    pub has_section: bool,
}

/// A thumbnail that covers a square of a chart, cropped at its centre.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChartImage {
    /// The image's path.
    pub path: String,
    /// The square's left edge, in pixels.
    pub x_px: u32,
    /// The square's upper edge, in pixels.
    pub y_px: u32,
    /// The square's side, in pixels.
    pub side_px: u32,
}

/// A chart of a clustering.
pub trait Chart {
    /// How the chart is presented to people.
    const INFO: ChartInfo;

    /// Checks that `data` has what the chart shows; by default, every clustering has.
    ///
    /// # Errors
    /// [`PlotError::Unavailable`] where something is missing.
    fn check(data: &ChartData<'_>) -> Result<(), PlotError> {
        let _ = data;
        Ok(())
    }

    /// The width and height of the exported chart at scale 1, in pixels; by default [`CHART_PX`].
    fn size_px(data: &ChartData<'_>) -> (u32, u32) {
        let _ = data;
        CHART_PX
    }

    /// Draws the chart on the whole of `area`, of any size. Where `data` lacks what the chart shows, it may be empty.
    ///
    /// # Errors
    /// The drawing backend's errors.
    fn draw<DB: DrawingBackend>(area: &DrawingArea<DB, Shift>, data: &ChartData<'_>, style: &PlotStyle) -> Drawn<DB>;

    /// The thumbnails that cover squares of a chart drawn with a size of `size_px`; by default none.
    ///
    /// They are kept apart from [`Self::draw`] because backends differ in how they get at an image: SVG embeds a data URI, a
    /// canvas decodes asynchronously.
    fn images(data: &ChartData<'_>, size_px: (u32, u32)) -> Vec<ChartImage> {
        let _ = (data, size_px);
        Vec::new()
    }
}
