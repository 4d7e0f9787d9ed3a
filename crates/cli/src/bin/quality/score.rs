//! How well groups agree with the folders that the pictures came in.

use shoal::cluster::ClusterError;
use shoal::cluster::kmeans::{KMeansParams, kmeans};
use shoal::cluster::metrics::{accuracy, ari, nmi};
use shoal::cluster::silhouette::{mean, silhouette_rows};
use shoal::matrix::Matrix;
use shoal::options::{DEFAULT_RESTARTS, Recipe};
use shoal::reduce::prepare;

/// The seeds whose scores are averaged; the first is the one that the page begins with.
pub const SEEDS: [u32; 5] = [0, 1, 2, 3, 4];

/// Scores of `k` groups for `k` classes, each the mean over [`SEEDS`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores {
    /// Normalised mutual information, 0 to 1.
    pub nmi: f64,
    /// Adjusted Rand index, -0.5 to 1.
    pub ari: f64,
    /// The share of pictures in the group that is best matched with their class, 0 to 1.
    pub accuracy: f64,
    /// The mean silhouette in the space that was grouped, -1 to 1; `None` when it is undefined.
    pub silhouette: Option<f64>,
    /// Normalised mutual information with the first seed alone, 0 to 1.
    pub nmi_first_seed: f64,
}

/// Groups `features`, shape `[n, d]`, into `k` groups and compares them with `labels`, shape `[n]`.
///
/// # Errors
/// Those of [`prepare`] and [`kmeans`].
pub fn score(features: &Matrix, recipe: Recipe, labels: &[u32], k: usize) -> Result<Scores, ClusterError> {
    let points = prepare(features, recipe)?.points;
    let runs = SEEDS.iter().map(|seed| one_seed(&points, labels, k, *seed)).collect::<Result<Vec<_>, _>>()?;
    let average = |value: fn(&Scores) -> f64| runs.iter().map(value).sum::<f64>() / runs.len() as f64;
    let silhouettes: Option<Vec<f64>> = runs.iter().map(|run| run.silhouette).collect();
    Ok(Scores {
        nmi: average(|run| run.nmi),
        ari: average(|run| run.ari),
        accuracy: average(|run| run.accuracy),
        silhouette: silhouettes.map(|values| values.iter().sum::<f64>() / values.len() as f64),
        nmi_first_seed: runs[0].nmi,
    })
}

fn one_seed(points: &Matrix, labels: &[u32], k: usize, seed: u32) -> Result<Scores, ClusterError> {
    let groups = kmeans(points, &KMeansParams::new(k), seed, DEFAULT_RESTARTS)?.labels;
    let nmi = nmi(labels, &groups)?;
    let own: Vec<Option<u32>> = groups.iter().copied().map(Some).collect();
    let found = silhouette_rows(points, &own, 0..points.rows(), None)?;
    let silhouettes: Vec<f32> = found.iter().map(|one| one.value).collect();
    Ok(Scores {
        nmi,
        ari: ari(labels, &groups)?,
        accuracy: accuracy(labels, &groups)?.0,
        silhouette: mean(&silhouettes, k, points.rows()).map(f64::from),
        nmi_first_seed: nmi,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_that_lie_apart_are_found_whatever_their_order() {
        let places = [[0.0, 1.0], [9.0, 1.0], [0.0, 9.0]];
        let labels: Vec<u32> = (0..30).map(|row| row % 3).collect();
        let values = (0..30).flat_map(|row: usize| places[row % 3].map(|value| value + row as f32 / 100.0));
        let features = Matrix::from_rows(values.collect(), 2).unwrap();
        let found = score(&features, Recipe::Plain, &labels, 3).unwrap();
        assert!((found.nmi - 1.0).abs() < 1e-9 && (found.ari - 1.0).abs() < 1e-9, "{found:?}");
        assert_eq!((found.accuracy, found.nmi_first_seed), (1.0, found.nmi));
        assert!(found.silhouette.unwrap() > 0.9);
        // Halves that say nothing of the places.
        let halves: Vec<u32> = (0..30).map(|row| u32::from(row < 15)).collect();
        let chance = score(&features, Recipe::Plain, &halves, 2).unwrap();
        assert!(chance.nmi < 0.1 && chance.ari < 0.1 && chance.accuracy < 0.7, "{chance:?}");
    }
}
