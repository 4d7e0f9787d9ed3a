//! Charts, drawn on whatever plotters can draw on.
//!
//! [`draw_scatter`] is the map of pictures and [`draw_space`] the same in three dimensions, [`draw_silhouettes`] how well each picture fits,
//! [`draw_curve`] how well each number of groups does; [`ScatterFrame`] says where on it a picture lies, and so which picture lies
//! under a pointer; [`palette`] has the clusters' colours and marks for the plots and the page alike.

mod curve;
mod frame;
pub mod palette;
mod scatter;
mod scatter3d;
mod silhouettes;
mod style;

pub use curve::{Curve, draw_curve};
pub use frame::{ScatterFrame, ScatterPoint, point_at};
pub use palette::{Marker, Theme, colour, css_colour, marker};
pub use scatter::draw_scatter;
pub use scatter3d::{SpacePoint, Viewpoint, draw_space};
pub use silhouettes::{SilhouetteBars, draw_silhouettes};
pub use style::PlotStyle;
