//! The charts of an clustering: what the page shows and what is taken home are the same figures.

use std::str::FromStr;

use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::prelude::{DrawingBackend, RGBColor};

use super::{
    Curve, PlotStyle, ScatterPoint, SilhouetteBars, SpacePoint, Viewpoint, draw_curve, draw_scatter, draw_silhouettes,
    draw_space, svg,
};
use crate::collection::Clustering;
use crate::options::OptionError;
use crate::plot::PlotError;

/// The size of a figure that is taken home, in its own pixels.
pub const FIGURE_PX: (u32, u32) = (1200, 900);
/// How much larger than on the page letters and marks are in it.
const FIGURE_SCALE: f32 = 1.5;

/// A chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// The map on the first two principal components.
    Pca2d,
    /// The map on the first three.
    Pca3d,
    /// Every picture's silhouette.
    Silhouette,
    /// The mean silhouette over the number of clusters.
    Curve,
}

impl FromStr for Figure {
    type Err = OptionError;

    fn from_str(name: &str) -> Result<Self, OptionError> {
        Ok(match name {
            "pca2d" => Self::Pca2d,
            "pca3d" => Self::Pca3d,
            "silhouette" => Self::Silhouette,
            "curve" => Self::Curve,
            _ => {
                let allowed = "pca2d, pca3d, silhouette, curve or contact";
                return Err(OptionError { name: "kind", value: name.into(), allowed });
            }
        })
    }
}

impl Figure {
    /// Whether `clustering` has what this is drawn from.
    ///
    /// # Errors
    /// [`PlotError::NoCurve`] for the curve where the count was not left to the program.
    pub fn check(self, clustering: &Clustering) -> Result<(), PlotError> {
        if self == Self::Curve && clustering.curve.is_none() { Err(PlotError::NoCurve) } else { Ok(()) }
    }

    /// Draws it on the whole of `area`; the curve of an clustering without one is empty.
    ///
    /// # Errors
    /// What the drawing backend reports.
    pub fn draw<DB: DrawingBackend>(
        self,
        area: &DrawingArea<DB, Shift>,
        clustering: &Clustering,
        style: PlotStyle,
    ) -> Result<(), DrawingAreaErrorKind<DB::ErrorType>> {
        let style = PlotStyle { explained: clustering.explained, ..style };
        let items = &clustering.items;
        match self {
            Self::Pca2d => {
                let point = |item: &crate::collection::Assignment| ScatterPoint {
                    x: item.pca[0],
                    y: item.pca[1],
                    cluster: item.cluster,
                };
                draw_scatter(area, &items.iter().map(point).collect::<Vec<_>>(), &style)
            }
            Self::Pca3d => {
                let points: Vec<SpacePoint> =
                    items.iter().map(|item| SpacePoint { place: item.pca, cluster: item.cluster }).collect();
                draw_space(area, &points, Viewpoint::default(), &style)
            }
            Self::Silhouette => draw_silhouettes(area, &silhouette_bars(clustering), &style),
            Self::Curve => {
                let points: Vec<_> =
                    clustering.curve.iter().flatten().map(|point| (point.k, point.silhouette)).collect();
                let proposals = clustering.proposals.as_deref().unwrap_or_default();
                draw_curve(area, &Curve { points: &points, chosen: clustering.k, proposals }, &style)
            }
        }
    }

    /// It as an SVG document, light, [`FIGURE_PX`] large.
    ///
    /// # Errors
    /// [`PlotError::NoCurve`] as [`Self::check`] has it; [`PlotError::Draw`].
    pub fn svg(self, clustering: &Clustering) -> Result<String, PlotError> {
        self.check(clustering)?;
        svg(FIGURE_PX, |area| self.draw(area, clustering, figure_style(1.0)))
    }
}

/// How figures look that are taken home: light, `scale` times [`FIGURE_PX`] large.
pub fn figure_style(scale: f32) -> PlotStyle {
    PlotStyle {
        foreground: RGBColor(30, 38, 50),
        background: RGBColor(255, 255, 255),
        muted: RGBColor(180, 187, 197),
        scale: scale * FIGURE_SCALE,
        font_px: 12.0,
        explained: [None; 3],
    }
}

/// Every cluster's silhouettes.
pub fn silhouette_bars(clustering: &Clustering) -> Vec<SilhouetteBars> {
    let mut bars: Vec<SilhouetteBars> = clustering
        .clusters
        .iter()
        .map(|group| SilhouetteBars { cluster: group.id, name: group.name.clone(), silhouettes: Vec::new() })
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
