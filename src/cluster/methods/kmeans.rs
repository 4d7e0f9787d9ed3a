//! KMeans as a [`Method`]: one restart, with pinned rows as seeds.

use super::{Fit, FitInput, Method, MethodInfo};
use crate::cluster::ClusterError;
use crate::cluster::kmeans::{KMeansParams, fit_restart, fit_restart_pinned, renumber};
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
        default_recipe: Some(Recipe::Smooth),
    };

    fn fit(input: &FitInput<'_>) -> Result<Fit, ClusterError> {
        let &FitInput { points, seed, restart, pinned, .. } = input;
        let k = input.k_or_zero();
        let params = KMeansParams::new(k);
        let fit = if pinned.is_empty() {
            renumber(fit_restart(points, &params, seed, restart)?)
        } else {
            fit_restart_pinned(points, &params, pinned, seed, restart)?
        };
        Ok(Fit { labels: fit.labels.into_iter().map(Some).collect(), k, cost: fit.inertia })
    }
}
