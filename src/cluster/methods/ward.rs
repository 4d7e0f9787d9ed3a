//! Ward's agglomerative clustering as a [`Method`].

use super::{Fit, FitInput, Method, MethodInfo};
use crate::cluster::ClusterError;
use crate::cluster::ward::ward;

/// Ward's method. The seed matters only above [`WARD_ROWS`](crate::cluster::ward::WARD_ROWS) rows.
pub struct Ward;

impl Method for Ward {
    const INFO: MethodInfo = MethodInfo {
        name: "ward",
        label: "Ward",
        hint: "merges the nearest groups step by step; every picture is in one",
        needs_k: true,
        uses_pinned: false,
        randomised: false,
        default_recipe: None,
    };

    fn fit(input: &FitInput<'_>) -> Result<Fit, ClusterError> {
        let k = input.k_or_zero();
        let labels = ward(input.points, k, input.seed)?;
        Ok(Fit { labels: labels.into_iter().map(Some).collect(), k, cost: 0.0 })
    }
}
