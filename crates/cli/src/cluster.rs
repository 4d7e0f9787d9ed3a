//! `shoal cluster`: from a features file to a session file.

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;
use shoal::collection::Clustering;
use shoal_native::result::Sorted;
use shoal_native::{NativeError, Observer, clustering, features_file, names, write_new};

use crate::arguments::{ClusterCommand, ClusteringArguments};
use crate::output::{Outcome, Output, counted};

/// What `cluster` reports.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ClusterReport {
    output: PathBuf,
    images: usize,
    /// How many clusters there are.
    k: usize,
    /// The mean silhouette, from -1 to 1.
    silhouette: Option<f32>,
    clusters: Vec<ClusterSummary>,
    /// Other good numbers of clusters, best first; only with automatic k.
    #[serde(skip_serializing_if = "Option::is_none")]
    proposals: Option<Vec<usize>>,
    /// How long reading and clustering took, in seconds.
    seconds: f64,
}

#[derive(Serialize)]
struct ClusterSummary {
    id: u32,
    name: String,
    size: usize,
}

/// Runs the subcommand.
pub fn run(options: &ClusterCommand, output: &Output, observer: &dyn Observer) -> Result<Outcome, NativeError> {
    let started = Instant::now();
    // Not only after the work.
    if options.output.exists() {
        return Err(NativeError::OutputExists(options.output.clone()));
    }
    let sorted = cluster(&options.features, &options.clustering, |_| true, observer)?;
    write_new(&options.output, &sorted.session()?)?;
    let Clustering { items, k, silhouette, clusters, proposals, .. } = sorted.clustering;
    let clusters = clusters.into_iter().map(|one| ClusterSummary { id: one.id, name: one.name, size: one.size });
    let report = ClusterReport {
        output: options.output.clone(),
        images: items.len(),
        k,
        silhouette,
        clusters: clusters.collect(),
        proposals,
        seconds: started.elapsed().as_secs_f64(),
    };
    output.result(&report, || {
        let ClusterReport { output, images, k, seconds, .. } = &report;
        let (images, clusters) = (counted(*images, "image"), counted(*k, "cluster"));
        format!("{}: {images} in {clusters}, in {seconds:.1} s.", output.display())
    });
    Ok(Outcome::Done)
}

/// Clusters those images of a features file whose path is `wanted`, and suggests names.
///
/// # Errors
/// Those of [`features_file::read`] and [`clustering::cluster`].
pub fn cluster(
    features: &Path,
    arguments: &ClusteringArguments,
    wanted: impl Fn(&str) -> bool,
    observer: &dyn Observer,
) -> Result<Sorted, NativeError> {
    let mut features = features_file::read(features, observer)?;
    features.retain(|row| wanted(&row.name))?;
    let options = arguments.options();
    let classifier = if arguments.no_names { None } else { names::classifier(&features) };
    let named = classifier.map(|classifier| (classifier, features.values.clone()));
    let found = clustering::cluster(features.values, &options, observer)?;
    let names = match &named {
        Some((classifier, values)) => names::suggest(classifier, values, &found.labels, found.k)?,
        None => Vec::new(),
    };
    Sorted::new(&features.rows, found, &options, names)
}
