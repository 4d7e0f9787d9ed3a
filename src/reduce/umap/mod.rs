//! UMAP: an embedding in few dimensions that keeps neighbours together.
//!
//! McInnes, Healy and Melville, "UMAP: Uniform Manifold Approximation and Projection for Dimension Reduction", 2018, as in their
//! library umap-learn. The result is meant for clustering: its densities and its distances between clusters mean little.
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
//! # Ok::<(), shoal::cluster::ClusterError>(())
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

/// The maximum number of dimensions of a layout.
const MAX_DIMENSIONS: usize = 64;

/// The parameters of UMAP.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UmapParams {
    /// The number of dimensions of the layout, 1 to 64.
    pub dimensions: usize,
    /// The number of neighbours of a row, itself included as in umap-learn; at least 2. All rows if there are fewer.
    pub neighbours: usize,
    /// The minimum distance between rows of the layout, 0 to 1. At 0, clusters become as dense as possible.
    pub min_dist: f32,
    /// The seed of all random numbers.
    pub seed: u32,
    /// The number of epochs; `None` for 500 up to 10,000 rows and 200 above.
    pub epochs: Option<u32>,
}

impl Default for UmapParams {
    fn default() -> Self {
        Self::new()
    }
}

impl UmapParams {
    /// Parameters for clustering: 8 dimensions, 15 neighbours, minimum distance 0, seed 0 and the default number of epochs.
    pub fn new() -> Self {
        Self { dimensions: 8, neighbours: 15, min_dist: 0.0, seed: 0, epochs: None }
    }

    /// Sets the number of dimensions.
    pub fn with_dimensions(self, dimensions: usize) -> Self {
        Self { dimensions, ..self }
    }

    /// Sets the number of neighbours, the row itself included.
    pub fn with_neighbours(self, neighbours: usize) -> Self {
        Self { neighbours, ..self }
    }

    /// Sets the minimum distance between rows.
    pub fn with_min_dist(self, min_dist: f32) -> Self {
        Self { min_dist, ..self }
    }

    /// Sets the seed.
    pub fn with_seed(self, seed: u32) -> Self {
        Self { seed, ..self }
    }

    /// Sets the number of epochs.
    pub fn with_epochs(self, epochs: u32) -> Self {
        Self { epochs: Some(epochs), ..self }
    }

    /// The number of nearest rows to search for: [`Self::neighbours`] without the row itself.
    pub fn others(&self) -> usize {
        self.neighbours.saturating_sub(1)
    }

    /// Checks the parameters' ranges.
    fn check(&self) -> Result<(), OptionError> {
        let reject = |name, value: &dyn Display, allowed| Err(OptionError { name, value: value.to_string(), allowed });
        if !(1..=MAX_DIMENSIONS).contains(&self.dimensions) {
            return reject("dimensions", &self.dimensions, "1 to 64");
        }
        if self.neighbours < 2 {
            return reject("neighbours", &self.neighbours, "at least 2");
        }
        // Also rejects NaN.
        if !(0.0..=1.0).contains(&self.min_dist) {
            return reject("min_dist", &self.min_dist, "0 to 1");
        }
        Ok(())
    }
}
