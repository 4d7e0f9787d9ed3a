//! `shoal sort`: images into folders, one per cluster, with the tables and the features beside them.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use shoal::archive::{ASSIGNMENTS_CSV, ASSIGNMENTS_JSON, LEFT_OUT_CSV, assignments_csv, left_out_csv};
use shoal::collection::{Clustering, Rejection};
use shoal::options::OptionError;
use shoal_native::folder::{self, Listing};
use shoal_native::result::read_clustering;
use shoal_native::sorting::{self, SortOptions, SortReport};
use shoal_native::{NativeError, Observer, features_file, write_new};

use crate::arguments::SortCommand;
use crate::cluster::cluster;
use crate::embed::{self, EmbedReport};
use crate::output::{Outcome, Output, counted};

/// The features file beside the folders.
const FEATURES: &str = "features.npz";

/// What `sort` reports.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Report {
    output: PathBuf,
    images: usize,
    k: usize,
    written: usize,
    present: usize,
    rejected: Vec<Rejection>,
    stopped: bool,
}

/// Runs the subcommand.
pub fn run(options: &SortCommand, output: &Output, observer: &dyn Observer) -> Result<Outcome, NativeError> {
    let target = &options.to;
    fs::create_dir_all(target).map_err(NativeError::unwritable(target))?;
    if options.sources.iter().any(|source| folder::is_within(source, target)) {
        let (value, allowed) = (target.display().to_string(), "a folder that has none of the sources in it");
        return Err(OptionError { name: "to", value, allowed }.into());
    }
    let listing = folder::list(&options.sources, std::slice::from_ref(target))?;
    let files = listing.files.clone();
    let (clustering, mut rejected) = match clusters(options, listing, observer)? {
        Some(found) => found,
        None => return Ok(Outcome::Stopped),
    };
    let how = SortOptions { moves: options.moves, keep_folders: options.keep_folders };
    let SortReport { written, present, left_out, is_stopped } =
        sorting::sort(&clustering, &files, target, how, observer)?;
    rejected.extend(left_out);
    write_rejected(target, &rejected)?;
    let (images, k) = (clustering.items.len(), clustering.k);
    let report = Report { output: target.clone(), images, k, written, present, rejected, stopped: is_stopped };
    output.rejected(&report.rejected);
    output.result(&report, || {
        let (images, clusters) = (counted(images, "image"), counted(k, "cluster"));
        let moved = if options.moves { "moved" } else { "copied" };
        format!("{}: {images} in {clusters}, {written} files {moved}, {present} there already.", target.display())
    });
    Ok(if is_stopped { Outcome::Stopped } else { Outcome::of(&report.rejected) })
}

/// The clusters: those of an interrupted run, or else new ones. `None` if the observer stopped the work.
fn clusters(
    options: &SortCommand,
    listing: Listing,
    observer: &dyn Observer,
) -> Result<Option<(Clustering, Vec<Rejection>)>, NativeError> {
    let target = &options.to;
    let (features, session) = (target.join(FEATURES), target.join(ASSIGNMENTS_JSON));
    let saved = if session.exists() { Some(read_clustering(&session)?) } else { None };
    let paths: HashSet<String> = listing.files.iter().map(|file| file.path.clone()).collect();
    let network = options.embedding.network(&features)?;
    let embedded = embed::add(listing, &features, &options.embedding.embedding(&network), observer);
    let rejected = match embedded {
        Ok(EmbedReport { stopped: true, .. }) => return Ok(None),
        Ok(EmbedReport { rejected, .. }) => rejected,
        // All of them were moved by an earlier run.
        Err(NativeError::NoImages) if saved.is_some() => Vec::new(),
        Err(error) => return Err(error),
    };
    if let Some(clustering) = saved {
        let head = features_file::open(&features)?;
        let is_other = |name: &String| paths.contains(name) && clustering.item(name).is_none();
        if head.head().names.iter().any(is_other) {
            return Err(NativeError::SortedOthers(target.clone()));
        }
        return Ok(Some((clustering, rejected)));
    }
    // An interrupted run may have been given other sources as well.
    let clustered = cluster(&features, &options.clustering, |path| paths.contains(path), observer);
    let sorted = match clustered {
        Err(NativeError::Stopped) => return Ok(None),
        clustered => clustered?,
    };
    write_once(&target.join(ASSIGNMENTS_CSV), &assignments_csv(&sorted.clustering)?)?;
    // Last, since it is what an interrupted run continues with.
    write_new(&session, &sorted.session()?)?;
    Ok(Some((sorted.clustering, rejected)))
}

/// Writes a file, unless an interrupted run has written the same.
fn write_once(path: &Path, bytes: &[u8]) -> Result<(), NativeError> {
    match fs::read(path) {
        Ok(present) if present == bytes => Ok(()),
        _ => write_new(path, bytes),
    }
}

/// Writes the table of files that were left out, in place of that of an earlier run.
fn write_rejected(target: &Path, rejected: &[Rejection]) -> Result<(), NativeError> {
    let path = target.join(LEFT_OUT_CSV);
    let table = left_out_csv(rejected)?;
    let titles = table.split(|&byte| byte == b'\n').next().unwrap_or_default();
    if fs::read(&path).is_ok_and(|before| before.starts_with(titles)) {
        fs::remove_file(&path).map_err(NativeError::unwritable(&path))?;
    }
    if rejected.is_empty() { Ok(()) } else { write_new(&path, &table) }
}
