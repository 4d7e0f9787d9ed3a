//! KMeans as a [`Method`]: one restart, with pinned rows as seeds.

use super::{Fit, FitInput, Method, MethodInfo};
use crate::cluster::ClusterError;
use crate::cluster::kmeans::{KMeansFit, KMeansParams, fit_restart_for_counts, renumber};
use crate::recipe::Recipe;

/// KMeans. The cost is the inertia.
///
/// Without pinned rows, clusters are numbered by size, the largest first. With pinned rows they keep the numbers that those
/// give them.
pub struct KMeans;

impl Method for KMeans {
    const INFO: MethodInfo = MethodInfo {
        name: "kmeans",
        label: "KMeans",
        hint: "round groups of similar spread; every picture is in one",
        needs_k: true,
        uses_pinned: true,
        randomised: true,
        nested: false,
        default_recipe: Some(Recipe::Smooth),
    };

    fn fit(input: &FitInput<'_>) -> Result<Fit, ClusterError> {
        Ok(Self::fit_counts(input, &[input.k_or_zero()])?.swap_remove(0))
    }

    fn fit_counts(input: &FitInput<'_>, counts: &[usize]) -> Result<Vec<Fit>, ClusterError> {
        let &FitInput { points, seed, restart, pinned, .. } = input;
        let fits = fit_restart_for_counts(points, &KMeansParams::new(1), counts, pinned, seed, restart)?;
        let numbered = fits.into_iter().map(|fit| if pinned.is_empty() { renumber(fit) } else { fit });
        let fit = |(fit, &k): (KMeansFit, &usize)| Fit {
            labels: fit.labels.into_iter().map(Some).collect(),
            k,
            cost: fit.inertia,
        };
        Ok(numbered.zip(counts).map(fit).collect())
    }
}
