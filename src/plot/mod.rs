//! Charts, drawn on whatever plotters can draw on.
//!
//! [`draw_scatter`] is the map of pictures; [`ScatterFrame`] says where on it a picture lies, and so which picture lies
//! under a pointer; [`palette`] has the clusters' colours and marks for the plots and the page alike.

mod frame;
pub mod palette;
mod scatter;

pub use frame::{ScatterFrame, ScatterPoint, point_at};
pub use palette::{Marker, Theme, colour, css_colour, marker};
pub use scatter::{PlotStyle, draw_scatter};
