//! Charts of a clustering, drawn on any plotters backend.
//!
//! [`ChartKind`] lists the charts that can be exported; each is a file in `charts/`. The functions that draw them are public
//! too, for a page that draws them interactively. A map is drawn in two steps: first its axes, then one [`Mark`] per image. The
//! marks are also what the position of a pointer is compared with ([`mark_at`] and its like), and a canvas may draw many of them
//! with one call. [`palette`] has the clusters' colours and marks, for the plots and for the page.

mod axes;
mod chart;
mod charts;
mod error;
mod frame;
mod legend;
mod map_view;
mod mark;
pub mod palette;
mod pick;
mod scene;
mod style;
mod svg;
mod viewpoint;

pub use chart::{CHART_PX, Chart, ChartData, ChartImage, ChartInfo, ChartView, Drawn};
pub use charts::{
    BarRow, ChartKind, ContactSheet, CurveData, SheetTile, SheetWords, SilhouetteBars, band_at, bar_rows, draw_curve,
    draw_scatter, draw_scatter_axes, draw_silhouettes, draw_space, draw_space_cube, scatter_marks, scatter_points,
    silhouette_bars, space_marks, space_points,
};
pub use error::PlotError;
pub use frame::{ScatterFrame, ScatterPoint};
pub use map_view::MapView;
pub use mark::{Mark, MarkStyle, RING_PX};
pub use palette::{Marker, Theme, colour, css_colour, looks, looks_of, marker};
pub use pick::{mark_at, marks_in_polygon, marks_in_rectangle, spread_out};
pub use scene::{Scene, SpacePoint};
pub use style::PlotStyle;
pub use svg::{SvgCanvas, svg, text_width_px};
pub use viewpoint::Viewpoint;
