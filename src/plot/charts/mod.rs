//! The list of charts.
//!
//! A new chart is a file in this folder, whose type implements [`Chart`], and a line in the list below.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::LazyLock;

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::prelude::DrawingBackend;
use serde::{Deserialize, Serialize};

use super::chart::{Chart, ChartData, ChartImage, ChartInfo, Drawn};
use super::error::PlotError;
use super::style::PlotStyle;
use super::svg;
use crate::options::OptionError;

/// Declares the charts' modules, and [`ChartKind`] with a variant for each. A module's name is the chart's name in the public
/// API.
macro_rules! charts {
    ($($module:ident: $chart:ident,)+) => {
        $(mod $module;)+

        /// A chart of a clustering.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
        #[serde(rename_all = "snake_case")]
        pub enum ChartKind {
            $(
                #[doc = concat!("The chart `", stringify!($module), "`.")]
                $chart,
            )+
        }

        impl ChartKind {
            /// Every chart, in the order in which they are shown.
            pub const ALL: &'static [Self] = &[$(Self::$chart),+];

            /// The chart's name in the public API.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$chart => stringify!($module),)+
                }
            }

            /// How the chart is presented to people.
            pub const fn info(self) -> ChartInfo {
                match self {
                    $(Self::$chart => $module::$chart::INFO,)+
                }
            }

            /// Checks that `data` has what the chart shows.
            ///
            /// # Errors
            /// [`PlotError::Unavailable`] where something is missing.
            pub fn check(self, data: &ChartData<'_>) -> Result<(), PlotError> {
                match self {
                    $(Self::$chart => $module::$chart::check(data),)+
                }
            }

            /// The width and height of the exported chart at scale 1, in pixels.
            pub fn size_px(self, data: &ChartData<'_>) -> (u32, u32) {
                match self {
                    $(Self::$chart => $module::$chart::size_px(data),)+
                }
            }

            /// Draws the chart on the whole of `area`. `style.explained` is taken from the clustering.
            ///
            /// # Errors
            /// The drawing backend's errors.
            pub fn draw<DB: DrawingBackend>(
                self,
                area: &DrawingArea<DB, Shift>,
                data: &ChartData<'_>,
                style: PlotStyle,
            ) -> Drawn<DB> {
                let style = PlotStyle { explained: data.clustering.explained, ..style };
                match self {
                    $(Self::$chart => $module::$chart::draw(area, data, &style),)+
                }
            }

            /// The thumbnails that cover squares of a chart drawn with a size of `size_px`.
            pub fn images(self, data: &ChartData<'_>, size_px: (u32, u32)) -> Vec<ChartImage> {
                match self {
                    $(Self::$chart => $module::$chart::images(data, size_px),)+
                }
            }
        }
    };
}

charts! {
    pca2d: Pca2d,
    pca3d: Pca3d,
    silhouette: Silhouette,
    curve: Curve,
    contact: Contact,
}

pub use contact::{ContactSheet, SheetTile, SheetWords};
pub use curve::{CurveData, draw_curve};
pub use pca2d::{draw_scatter, draw_scatter_axes, scatter_marks, scatter_points};
pub use pca3d::{draw_space, draw_space_cube, space_marks, space_points};
pub use silhouette::{BarRow, SilhouetteBars, band_at, bar_rows, draw_silhouettes, silhouette_bars};

impl ChartKind {
    /// The chart as a light SVG document of [`Self::size_px`]. `thumbnails` has data URIs by path.
    ///
    /// # Errors
    /// [`PlotError::Unavailable`] as in [`Self::check`]; [`PlotError::Draw`] where drawing fails.
    pub fn svg(self, data: &ChartData<'_>, thumbnails: &HashMap<String, String>) -> Result<String, PlotError> {
        self.check(data)?;
        let size_px = self.size_px(data);
        let mut document = svg::svg(size_px, |area| self.draw(area, data, PlotStyle::for_export(1.0)))?;
        svg::add_images(&mut document, &self.images(data, size_px), thumbnails);
        Ok(document)
    }
}

/// The names of all charts as an error message lists them: `pca2d, pca3d or contact`.
static ALLOWED: LazyLock<String> = LazyLock::new(|| {
    let names: Vec<&str> = ChartKind::ALL.iter().map(|kind| kind.name()).collect();
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} or {last}", others.join(", ")),
        _ => names.concat(),
    }
});

impl FromStr for ChartKind {
    type Err = OptionError;

    fn from_str(name: &str) -> Result<Self, OptionError> {
        let kind = Self::ALL.iter().find(|kind| kind.name() == name);
        kind.copied().ok_or_else(|| OptionError { name: "kind", value: name.into(), allowed: &ALLOWED })
    }
}
