//! `shoal embed`: features of images, added to a features file.

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;
use shoal::collection::sidecars::FileKind;
use shoal::collection::{Rejection, SidecarIndex};
use shoal_native::embedding::{Embedded, Embedding};
use shoal_native::feature_store::FeatureStore;
use shoal_native::folder::{self, Listed, Listing};
use shoal_native::{NativeError, Observer, Stage};

use crate::arguments::EmbedCommand;
use crate::output::{Outcome, Output, counted};

/// What `embed` reports.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EmbedReport {
    /// The features file.
    pub output: PathBuf,
    /// How many images it has.
    pub images: usize,
    /// How many were embedded by this run.
    pub added: usize,
    /// How many of those that were given it had already.
    pub reused: usize,
    /// The files without features.
    pub rejected: Vec<Rejection>,
    /// How long embedding took, in seconds.
    pub seconds: f64,
    /// Whether Ctrl-C ended the run before its end.
    pub stopped: bool,
}

/// Runs the subcommand.
pub fn run(options: &EmbedCommand, output: &Output, observer: &dyn Observer) -> Result<Outcome, NativeError> {
    let network = options.embedding.network(&options.output)?;
    let embedding = options.embedding.embedding(&network);
    let excluded = [options.output.clone(), FeatureStore::partial_of(&options.output)];
    let listing = folder::list(&options.sources, &excluded)?;
    let report = add(listing, &options.output, &embedding, observer)?;
    output.rejected(&report.rejected);
    output.result(&report, || summary(&report));
    Ok(if report.stopped { Outcome::Stopped } else { Outcome::of(&report.rejected) })
}

fn summary(report: &EmbedReport) -> String {
    let EmbedReport { images, added, reused, seconds, .. } = report;
    let rate = *added as f64 / seconds.max(f64::MIN_POSITIVE);
    let images = counted(*images, "image");
    let stopped = if report.stopped { " Stopped: the same command continues." } else { "" };
    format!(
        "{}: {images}, {added} new ({rate:.0} per second), {reused} known, {} left out.{stopped}",
        report.output.display(),
        report.rejected.len()
    )
}

/// Adds the images of `listing` to the features file at `output`.
///
/// # Errors
/// [`NativeError::NoImages`] if there are none, then and before; those of [`FeatureStore`] and [`Embedding::run`].
pub fn add(
    listing: Listing,
    output: &Path,
    embedding: &Embedding<'_>,
    observer: &dyn Observer,
) -> Result<EmbedReport, NativeError> {
    let Listing { files, mut rejected } = listing;
    let files = candidates(files);
    if files.is_empty() {
        return Err(NativeError::NoImages);
    }
    let spec = embedding.network.spec(embedding.size_px, embedding.features);
    let columns = embedding.network.columns(embedding.size_px, embedding.features);
    let mut store = FeatureStore::open(output, &spec, columns)?;
    let missing = store.missing(&files);
    if !missing.is_empty() {
        store.begin(observer)?;
    }
    let (started, mut done, mut added, mut reused) = (Instant::now(), 0, 0, files.len() - missing.len());
    observer.progress(Stage::Embedding, 0, missing.len());
    let known = store.hashes();
    embedding.run(&files, &missing, &known, observer, |Embedded { index, image }| {
        done += 1;
        match image {
            Ok(image) => {
                *(if image.features.is_some() { &mut added } else { &mut reused }) += 1;
                store.add(&files[index], &image)?;
            }
            Err(rejection) => rejected.push(rejection),
        }
        observer.progress(Stage::Embedding, done, missing.len());
        Ok(())
    })?;
    let seconds = started.elapsed().as_secs_f64();
    let images = store.len();
    store.finish(observer)?;
    if images == 0 && !observer.is_stopped() {
        return Err(NativeError::NoImages);
    }
    rejected.sort_by(|one, other| one.path.cmp(&other.path));
    let stopped = observer.is_stopped();
    Ok(EmbedReport { output: output.to_owned(), images, added, reused, rejected, seconds, stopped })
}

/// The files that may be images of their own: those that are not sidecars of another one.
fn candidates(files: Vec<Listed>) -> Vec<Listed> {
    let images = files.iter().filter(|file| FileKind::of(&file.path) == FileKind::Image);
    let index = SidecarIndex::new(images.map(|file| (file.path.clone(), ())));
    files.into_iter().filter(|file| index.image_of(&file.path).is_none()).collect()
}
