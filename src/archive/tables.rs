//! The clustering as a table for spreadsheets, and as the session that can be opened again; [`super::session`] reads
//! both.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Serialize;

use super::pretty::to_json;
use crate::archive::ArchiveError;
use crate::collection::arrangement::NameOrigin;
use crate::collection::{Arrangement, Assignment, Cluster, Clustering, Collection, CurvePoint, Scores, hex};
use crate::options::{ClusterMethod, Recipe};

/// What a session file says it is.
pub const SESSION_FORMAT: &str = "shoal-session";
/// The version of the session format.
pub const SESSION_VERSION: u32 = 1;

/// The assignments as a table after RFC 4180: UTF-8, lines ended by CR LF, one line a picture under one of titles.
///
/// What is undefined is an empty cell. Text that a spreadsheet would compute is led by an apostrophe.
///
/// # Errors
/// [`ArchiveError::Csv`] when the table cannot be written.
pub fn assignments_csv(clustering: &Clustering) -> Result<Vec<u8>, ArchiveError> {
    let names: HashMap<u32, &str> = clustering.clusters.iter().map(|group| (group.id, group.name.as_str())).collect();
    let mut table = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    table.write_record(["path", "cluster", "cluster_name", "silhouette", "distance", "pca_1", "pca_2", "pca_3"])?;
    for item in &clustering.items {
        let name = item.cluster.and_then(|id| names.get(&id).copied()).unwrap_or_default();
        let cluster = item.cluster.map(|id| id.to_string()).unwrap_or_default();
        let [first, second, third] = item.pca.map(|value| value.to_string());
        table.write_record([
            inert(&item.path).as_ref(),
            &cluster,
            &inert(name),
            &cell(item.silhouette),
            &cell(item.distance),
            &first,
            &second,
            &third,
        ])?;
    }
    table.into_inner().map_err(|error| ArchiveError::Csv(error.into_error().into()))
}

/// A number's cell.
fn cell(value: Option<f32>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Text that no spreadsheet takes for a formula, after OWASP's "CSV Injection".
pub(super) fn inert(text: &str) -> Cow<'_, str> {
    if is_guardable(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text that was made inert.
pub(super) fn without_guard(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_guardable(rest)).unwrap_or(text)
}

/// Whether a spreadsheet would compute `text`, or it looks as if it had been made inert: else both would read the same.
fn is_guardable(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

/// The session: the clustering, with each picture's size and content hash where `collection` has it. `arrangement`, whose
/// clustering it is, says which pictures are held for themselves and where names come from.
///
/// # Errors
/// [`ArchiveError::Json`] when it cannot be written.
pub fn assignments_json(
    clustering: &Clustering,
    collection: &Collection,
    arrangement: &Arrangement,
) -> Result<Vec<u8>, ArchiveError> {
    let items = clustering
        .items
        .iter()
        .map(|item| {
            let known = collection.by_path(&item.path);
            let seen = known.and_then(|(_, picture)| Some((picture.byte_size, picture.seen_sha256()?)));
            SessionAssignment {
                item,
                held: known.is_some_and(|(id, _)| arrangement.is_held_for_itself(id)),
                byte_size: seen.map(|(byte_size, _)| byte_size),
                sha256: seen.map(|(_, sha256)| hex::to_hex(sha256)),
            }
        })
        .collect();
    let name_origin = |group: &Cluster| arrangement.cluster(group.id).map(|cluster| cluster.name_origin);
    // Every field is named, so that one added to the clustering is not forgotten here.
    let Clustering {
        k,
        seed,
        recipe,
        method,
        backend,
        silhouette,
        inertia,
        explained,
        variance_kept,
        scores,
        items: _,
        clusters,
        curve,
        proposals,
    } = clustering;
    Ok(to_json(&Session {
        format: SESSION_FORMAT,
        version: SESSION_VERSION,
        k: *k,
        seed: *seed,
        recipe: *recipe,
        method: *method,
        backend,
        silhouette: *silhouette,
        inertia: *inertia,
        explained: *explained,
        variance_kept: *variance_kept,
        scores,
        clusters: clusters.iter().map(|group| SessionCluster { group, name_origin: name_origin(group) }).collect(),
        curve: curve.as_deref(),
        proposals: proposals.as_deref(),
        items,
    })?)
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Session<'a> {
    format: &'static str,
    version: u32,
    k: usize,
    seed: u32,
    recipe: Recipe,
    method: ClusterMethod,
    backend: &'a str,
    silhouette: Option<f32>,
    inertia: f64,
    explained: [Option<f32>; 3],
    variance_kept: Option<f32>,
    scores: &'a Scores,
    clusters: Vec<SessionCluster<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    curve: Option<&'a [CurvePoint]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proposals: Option<&'a [usize]>,
    items: Vec<SessionAssignment<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionCluster<'a> {
    #[serde(flatten)]
    group: &'a Cluster,
    #[serde(skip_serializing_if = "Option::is_none")]
    name_origin: Option<NameOrigin>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionAssignment<'a> {
    #[serde(flatten)]
    item: &'a Assignment,
    /// Whether the picture is held for itself; `locked` also when only its cluster holds it.
    held: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte_size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
}
