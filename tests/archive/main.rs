//! Exports and what reads them back: zips, tables, sessions, features files, scripts, reports.

mod features;
mod plan;
mod report;
#[cfg(unix)]
mod scripts;
mod session;
mod tables;
mod zip;
#[path = "../support/zip_segments.rs"]
mod zip_segments;

use shoal::collection::{ClusterFacts, Clustering, ClusteringParts, RowFacts, Scores, assemble};
use shoal::matrix::Matrix;
use shoal::options::{ClusterMethod, Recipe};

/// A clustering with one cluster per name; a row whose label is `None` is in no cluster.
fn clustering(names: &[&str], rows: &[(&str, Option<u32>)]) -> Clustering {
    let pca3 = Matrix::from_rows((0..3 * rows.len()).map(|value| value as f32 - 1.5).collect(), 3).unwrap();
    let clusters = (0..).zip(names).map(|(id, name)| cluster(id, name)).collect();
    let row = |&(path, label): &(&str, Option<u32>)| RowFacts {
        path: path.into(),
        label,
        locked: false,
        silhouette: -0.25,
        next_label: None,
        distance: 0.1,
        capture: None,
    };
    assemble(ClusteringParts {
        clusters,
        seed: 0,
        recipe: Recipe::Spherical,
        method: ClusterMethod::KMeans,
        backend: "cpu".into(),
        rows: rows.iter().map(row).collect(),
        pca3: &pca3,
        representatives: vec![vec![]; names.len()],
        inertia: 1.0,
        explained: [None; 3],
        variance_kept: None,
        scores: Scores::default(),
        curve: None,
        proposals: None,
    })
    .unwrap()
}

fn cluster(id: u32, name: &str) -> ClusterFacts {
    ClusterFacts { id, name: name.into(), suggested: false, locked: false }
}
