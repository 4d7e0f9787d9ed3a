//! UMAP: places for rows in a few dimensions, in which those that are near each other in many stay together.
//!
//! McInnes, Healy and Melville, "UMAP: Uniform Manifold Approximation and Projection for Dimension Reduction", 2018, as their
//! library umap-learn does it. What it finds is for grouping: distances between groups, and densities, mean little.
//!
//! ```
//! use shoal::cluster::neighbours::nearest_rows;
//! use shoal::matrix::Matrix;
//! use shoal::reduce::umap::{Layout, UmapParams};
//!
//! let points = Matrix::from_rows((0..40).map(|value| value as f32).collect(), 2)?;
//! let params = UmapParams::new().with_dimensions(2);
//! let neighbours = nearest_rows(&points, 0..points.rows(), params.others())?;
//! let mut layout = Layout::new(&points, &neighbours, &params)?;
//! while layout.epochs_done() < layout.epochs() {
//!     layout.run(100);
//! }
//! assert_eq!(layout.finish().columns(), 2);
//! # Ok::<(), crate::cluster::ClusterError>(())
//! ```

mod curve;
mod elementary;
mod forces;
mod generator;
mod graph;
mod layout;
mod start;

pub use layout::Layout;

use std::fmt::Display;

use crate::error::OptionError;

/// The most dimensions of a layout.
const MOST_DIMENSIONS: usize = 64;

/// What UMAP is to do.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UmapParams {
    /// The dimensions of the layout, 1 to 64.
    pub dimensions: usize,
    /// How many rows count as near a row, itself included, as in umap-learn; at least 2. All, where there are fewer.
    pub neighbours: usize,
    /// The distance that rows of a layout should keep, 0 to 1; at 0 they may lie as densely as their group is.
    pub min_dist: f32,
    /// Where the random numbers start.
    pub seed: u32,
    /// How many epochs there are; when nothing is said, 500 up to 10,000 rows, and 200 above.
    pub epochs: Option<u32>,
}

impl Default for UmapParams {
    fn default() -> Self {
        Self::new()
    }
}

impl UmapParams {
    /// A layout for grouping: 8 dimensions, 15 neighbours, no distance to keep, seed 0 and the usual epochs.
    pub fn new() -> Self {
        Self { dimensions: 8, neighbours: 15, min_dist: 0.0, seed: 0, epochs: None }
    }

    /// Sets the dimensions.
    pub fn with_dimensions(self, dimensions: usize) -> Self {
        Self { dimensions, ..self }
    }

    /// Sets how many rows count as near a row, itself included.
    pub fn with_neighbours(self, neighbours: usize) -> Self {
        Self { neighbours, ..self }
    }

    /// Sets the distance that rows should keep.
    pub fn with_min_dist(self, min_dist: f32) -> Self {
        Self { min_dist, ..self }
    }

    /// Sets where the random numbers start.
    pub fn with_seed(self, seed: u32) -> Self {
        Self { seed, ..self }
    }

    /// Sets how many epochs there are.
    pub fn with_epochs(self, epochs: u32) -> Self {
        Self { epochs: Some(epochs), ..self }
    }

    /// How many nearest rows to ask for: [`Self::neighbours`] without the row itself.
    pub fn others(&self) -> usize {
        self.neighbours.saturating_sub(1)
    }

    /// Checks the parameters' ranges.
    fn check(&self) -> Result<(), OptionError> {
        let refuse = |name, value: &dyn Display, allowed| Err(OptionError { name, value: value.to_string(), allowed });
        if !(1..=MOST_DIMENSIONS).contains(&self.dimensions) {
            return refuse("dimensions", &self.dimensions, "1 to 64");
        }
        if self.neighbours < 2 {
            return refuse("neighbours", &self.neighbours, "at least 2");
        }
        // NaN is in no range.
        if !(0.0..=1.0).contains(&self.min_dist) {
            return refuse("min_dist", &self.min_dist, "0 to 1");
        }
        Ok(())
    }
}
