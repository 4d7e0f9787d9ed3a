//! How well clusters agree with the folders that the images came in.

use shoal::cluster::ClusterError;
use shoal::cluster::auto_k;
use shoal::cluster::kmeans::{KMeansParams, kmeans};
use shoal::cluster::metrics::{accuracy, ari, nmi};
use shoal::cluster::neighbours::nearest_rows;
use shoal::cluster::silhouette::{mean, silhouette_rows};
use shoal::matrix::Matrix;
use shoal::options::{DEFAULT_RESTARTS, Recipe};
use shoal::reduce::umap::{Layout, UmapParams};
use shoal::reduce::{prepare, smooth};

/// The seeds whose scores are averaged; the page's default comes first.
pub const SEEDS: [u32; 5] = [0, 1, 2, 3, 4];
/// The automatic choice of k is not measured with more dimensions than this, where it would take minutes.
const AUTOMATIC_COLUMNS_MAX: usize = 64;

/// Scores of `k` clusters for `k` classes, each the mean over [`SEEDS`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores {
    /// Normalised mutual information, 0 to 1.
    pub nmi: f64,
    /// Adjusted Rand index, -0.5 to 1.
    pub ari: f64,
    /// The share of images in the cluster that is best matched with their class, 0 to 1.
    pub accuracy: f64,
    /// The mean silhouette in the space in which clusters are evaluated, -1 to 1; `None` when it is undefined.
    pub silhouette: Option<f64>,
    /// Normalised mutual information with the first seed alone, 0 to 1.
    pub nmi_first_seed: f64,
    /// Scores with the automatic choice of k; `None` where it is not measured.
    pub automatic: Option<Automatic>,
}

/// Means over [`SEEDS`] with the k of the highest mean silhouette.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Automatic {
    /// The number of clusters.
    pub k: f64,
    /// Normalised mutual information, 0 to 1.
    pub nmi: f64,
}

/// The space in which clusters are found, and the one in which they are evaluated.
struct Spaces {
    points: Matrix,
    evaluated: Matrix,
}

/// Clusters `features`, shape `[n, d]`, into `k` clusters and compares them with `labels`, shape `[n]`.
///
/// # Errors
/// Those of [`prepare`] and [`kmeans`].
pub fn score(features: &Matrix, recipe: Recipe, labels: &[u32], k: usize) -> Result<Scores, ClusterError> {
    let spaces = spaces(features, recipe)?;
    let runs = SEEDS.iter().map(|seed| one_seed(&spaces, labels, k, *seed)).collect::<Result<Vec<_>, _>>()?;
    let average = |value: fn(&Scores) -> f64| runs.iter().map(value).sum::<f64>() / runs.len() as f64;
    let silhouettes: Option<Vec<f64>> = runs.iter().map(|run| run.silhouette).collect();
    Ok(Scores {
        nmi: average(|run| run.nmi),
        ari: average(|run| run.ari),
        accuracy: average(|run| run.accuracy),
        silhouette: silhouettes.map(|values| values.iter().sum::<f64>() / values.len() as f64),
        nmi_first_seed: runs[0].nmi,
        automatic: automatic(&spaces, labels)?,
    })
}

fn spaces(features: &Matrix, recipe: Recipe) -> Result<Spaces, ClusterError> {
    let prepared = prepare(features, recipe)?;
    let evaluated = prepared.evaluated.unwrap_or_else(|| prepared.points.clone());
    let points = match recipe {
        Recipe::Umap => umap(&prepared.points)?,
        Recipe::Smooth => {
            let points = &prepared.points;
            smooth::smooth(points, &nearest_rows(points, 0..points.rows(), smooth::NEIGHBOURS)?)?
        }
        _ => prepared.points,
    };
    Ok(Spaces { points, evaluated })
}

fn umap(points: &Matrix) -> Result<Matrix, ClusterError> {
    let params = UmapParams::new();
    let neighbours = nearest_rows(points, 0..points.rows(), params.others())?;
    let mut layout = Layout::new(points, &neighbours, &params)?;
    while layout.epochs_done() < layout.epochs() {
        layout.run(100);
    }
    Ok(layout.finish())
}

fn one_seed(spaces: &Spaces, labels: &[u32], k: usize, seed: u32) -> Result<Scores, ClusterError> {
    let clusters = kmeans(&spaces.points, &KMeansParams::new(k), seed, DEFAULT_RESTARTS)?.labels;
    let nmi = nmi(labels, &clusters)?;
    Ok(Scores {
        nmi,
        ari: ari(labels, &clusters)?,
        accuracy: accuracy(labels, &clusters)?.0,
        silhouette: silhouette(&spaces.evaluated, &clusters, k)?.map(f64::from),
        nmi_first_seed: nmi,
        automatic: None,
    })
}

fn silhouette(points: &Matrix, clusters: &[u32], k: usize) -> Result<Option<f32>, ClusterError> {
    let labels: Vec<Option<u32>> = clusters.iter().copied().map(Some).collect();
    let rows = silhouette_rows(points, &labels, 0..points.rows(), None)?;
    Ok(mean(&rows.iter().map(|row| row.value).collect::<Vec<_>>(), k, points.rows()))
}

fn automatic(spaces: &Spaces, labels: &[u32]) -> Result<Option<Automatic>, ClusterError> {
    let Spaces { points, evaluated } = spaces;
    let Some(candidates) = auto_k::candidates(points.rows()).filter(|_| points.columns() <= AUTOMATIC_COLUMNS_MAX)
    else {
        return Ok(None);
    };
    let (mut ks, mut nmis) = (0.0, 0.0);
    for seed in SEEDS {
        let mut curve = Vec::new();
        let mut found = Vec::new();
        for k in candidates.clone() {
            let clusters = kmeans(points, &KMeansParams::new(k), seed, DEFAULT_RESTARTS)?.labels;
            curve.push((k, silhouette(evaluated, &clusters, k)?));
            found.push((k, clusters));
        }
        let Some(best) = auto_k::best(&curve) else { return Ok(None) };
        for (_, clusters) in found.iter().filter(|(k, _)| *k == best) {
            ks += best as f64;
            nmis += nmi(labels, clusters)?;
        }
    }
    Ok(Some(Automatic { k: ks / SEEDS.len() as f64, nmi: nmis / SEEDS.len() as f64 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separate_clusters_are_found_in_any_order() {
        let places = [[0.0, 1.0], [9.0, 1.0], [0.0, 9.0]];
        let labels: Vec<u32> = (0..30).map(|row| row % 3).collect();
        let values = (0..30).flat_map(|row: usize| places[row % 3].map(|value| value + row as f32 / 100.0));
        let features = Matrix::from_rows(values.collect(), 2).unwrap();
        let found = score(&features, Recipe::Plain, &labels, 3).unwrap();
        assert!((found.nmi - 1.0).abs() < 1e-9 && (found.ari - 1.0).abs() < 1e-9, "{found:?}");
        assert_eq!((found.accuracy, found.nmi_first_seed), (1.0, found.nmi));
        assert!(found.silhouette.unwrap() > 0.9);
        let automatic = found.automatic.unwrap();
        assert!(automatic.k == 3.0 && (automatic.nmi - 1.0).abs() < 1e-9, "{automatic:?}");
        // Halves that are independent of the places.
        let halves: Vec<u32> = (0..30).map(|row| u32::from(row < 15)).collect();
        let chance = score(&features, Recipe::Plain, &halves, 2).unwrap();
        assert!(chance.nmi < 0.1 && chance.ari < 0.1 && chance.accuracy < 0.7, "{chance:?}");
    }
}
