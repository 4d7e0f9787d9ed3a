//! Ward's agglomerative clustering as a [`Method`].

use super::{Fit, FitInput, Method, MethodInfo};
use crate::cluster::ClusterError;
use crate::cluster::ward::ward_for_counts;

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
        nested: true,
        default_recipe: None,
    };

    fn fit(input: &FitInput<'_>) -> Result<Fit, ClusterError> {
        Ok(Self::fit_counts(input, &[input.k_or_zero()])?.swap_remove(0))
    }

    fn fit_counts(input: &FitInput<'_>, counts: &[usize]) -> Result<Vec<Fit>, ClusterError> {
        let all_labels = ward_for_counts(input.points, counts, input.seed)?;
        let fit =
            |(labels, &k): (Vec<u32>, &usize)| Fit { labels: labels.into_iter().map(Some).collect(), k, cost: 0.0 };
        Ok(all_labels.into_iter().zip(counts).map(fit).collect())
    }
}
