//! Charts, drawn on whatever plotters can draw on.
//!
//! [`draw_scatter`] is the map of pictures and [`draw_space`] the same in three dimensions, [`draw_silhouettes`] how well each picture fits,
//! [`draw_curve`] how well each number of groups does; [`ScatterFrame`] says where on it a picture lies, and so which picture lies
//! under a pointer; [`Figure`] is each of these for an outcome, and [`svg()`] draws them as SVG; [`ContactSheet`] shows sample
//! pictures; [`palette`] has the clusters' colours and marks for the plots and the page alike.

mod contact;
mod curve;
mod figure;
mod frame;
pub mod palette;
mod scatter;
mod scatter3d;
mod silhouettes;
mod style;
mod svg;

pub use contact::{ContactSheet, SheetTile, SheetWords};
pub use curve::{Curve, draw_curve};
pub use figure::{FIGURE_PX, Figure, figure_style, silhouette_bars};
pub use frame::{ScatterFrame, ScatterPoint, point_at};
pub use palette::{Marker, Theme, colour, css_colour, marker};
pub use scatter::draw_scatter;
pub use scatter3d::{SpacePoint, Viewpoint, draw_space};
pub use silhouettes::{SilhouetteBars, draw_silhouettes};
pub use style::PlotStyle;
pub use svg::{SvgCanvas, svg, text_width_px};
