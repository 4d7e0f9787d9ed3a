//! Charts, drawn on whatever plotters can draw on.
//!
//! [`draw_scatter`] is the map of pictures and [`draw_space`] the same in three dimensions, [`draw_silhouettes`] how well
//! each picture fits, [`draw_curve`] how well each number of groups does. A map is drawn in two steps: axes, then a [`Mark`]
//! a picture. The marks are also what a pointer is compared with ([`mark_at`] and its like), and what a canvas may draw many
//! of at once. [`Figure`] is each chart for an clustering, and [`svg()`] draws them as SVG; [`ContactSheet`] shows sample pictures; [`palette`] has the clusters' colours and marks for the plots and the page alike.

mod contact;
mod curve;
mod error;
mod figure;
mod frame;
mod mark;
pub mod palette;
mod pick;
mod scatter;
mod scatter3d;
mod silhouettes;
mod style;
mod svg;
mod view;

pub use contact::{ContactSheet, SheetTile, SheetWords};
pub use curve::{Curve, draw_curve};
pub use error::PlotError;
pub use figure::{FIGURE_PX, Figure, figure_style, silhouette_bars};
pub use frame::{ScatterFrame, ScatterPoint};
pub use mark::{Look, Mark, RING_PX};
pub use palette::{Marker, Theme, colour, css_colour, marker};
pub use pick::{mark_at, marks_in_polygon, marks_in_rectangle, spread_out};
pub use scatter::{draw_scatter, draw_scatter_axes, scatter_marks};
pub use scatter3d::{Scene, SpacePoint, Viewpoint, draw_space, draw_space_cube, space_marks};
pub use silhouettes::{BarRow, SilhouetteBars, band_at, bar_rows, draw_silhouettes};
pub use style::PlotStyle;
pub use svg::{SvgCanvas, svg, text_width_px};
pub use view::MapView;
