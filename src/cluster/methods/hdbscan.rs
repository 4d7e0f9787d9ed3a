//! HDBSCAN as a [`Method`].

use super::{Fit, FitInput, Method, MethodInfo};
use crate::cluster::ClusterError;
use crate::cluster::hdbscan::{default_min_cluster_size, hdbscan};

/// HDBSCAN. Without [`FitInput::min_cluster_size`] it takes [`default_min_cluster_size`] of the number of rows.
pub struct Hdbscan;

impl Method for Hdbscan {
    const INFO: MethodInfo = MethodInfo {
        name: "hdbscan",
        label: "HDBSCAN",
        hint: "dense groups of any shape, as many as there are; leaves out pictures that fit none",
        needs_k: false,
        uses_pinned: false,
        randomised: false,
        nested: false,
        default_recipe: None,
    };

    fn fit(input: &FitInput<'_>) -> Result<Fit, ClusterError> {
        let size = input.min_cluster_size.unwrap_or_else(|| default_min_cluster_size(input.points.rows()));
        let labels = hdbscan(input.points, size)?;
        let k = labels.iter().flatten().max().map_or(0, |&largest| largest as usize + 1);
        Ok(Fit { labels, k, cost: 0.0 })
    }
}
