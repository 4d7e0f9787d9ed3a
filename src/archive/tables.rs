//! The clustering as a table for spreadsheets and as a session file; [`super::session`] reads both.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::Serialize;

use super::ArchiveError;
use super::pretty_json::to_json;
use crate::capture::CaptureSource;
use crate::collection::arrangement::NameOrigin;
use crate::collection::duplicates::KeptGroups;
use crate::collection::{Arrangement, Assignment, Cluster, Clustering, Collection, CurvePoint, Scores, content_hash};
use crate::options::{ClusterMethod, Recipe};

/// The format name in a session file.
pub const SESSION_FORMAT: &str = "shoal-session";
/// The current version of the session format.
pub const SESSION_VERSION: u32 = 1;

/// The assignments as a table according to RFC 4180: UTF-8, CR LF line endings, a header line, and one line per image.
///
/// Undefined values are empty cells. Everything but numbers is quoted, and text that a spreadsheet would evaluate as a formula is
/// prefixed with an apostrophe.
///
/// # Errors
/// [`ArchiveError::Csv`] if the table cannot be written.
pub fn assignments_csv(clustering: &Clustering) -> Result<Vec<u8>, ArchiveError> {
    let names: HashMap<u32, &str> =
        clustering.clusters.iter().map(|cluster| (cluster.id, cluster.name.as_str())).collect();
    let mut table = table_writer();
    table.write_record([
        "path",
        "cluster",
        "cluster_name",
        "silhouette",
        "distance",
        "pca_1",
        "pca_2",
        "pca_3",
        "taken",
        "taken_from",
        "camera",
    ])?;
    for item in &clustering.items {
        let name = item.cluster.and_then(|id| names.get(&id).copied()).unwrap_or_default();
        let cluster = item.cluster.map(|id| id.to_string()).unwrap_or_default();
        let capture = item.capture.as_ref();
        let taken = capture.and_then(|capture| capture.taken.as_deref()).unwrap_or_default();
        let source = capture.and_then(|capture| capture.source).map_or("", CaptureSource::name);
        let camera = capture.and_then(|capture| capture.camera.as_deref()).unwrap_or_default();
        let [first, second, third] = item.pca.map(|value| value.to_string());
        table.write_record([
            guarded(&item.path).as_ref(),
            &cluster,
            &guarded(name),
            &cell(item.silhouette),
            &cell(item.distance),
            &first,
            &second,
            &third,
            taken,
            source,
            &guarded(camera),
        ])?;
    }
    table.into_inner().map_err(|error| ArchiveError::Csv(error.into_error().into()))
}

/// A writer of tables. Text is always quoted: where a spreadsheet separates cells by semicolons, what follows one in a name
/// could otherwise be a formula.
pub(super) fn table_writer() -> csv::Writer<Vec<u8>> {
    csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .quote_style(csv::QuoteStyle::NonNumeric)
        .from_writer(Vec::new())
}

/// The cell of a number.
fn cell(value: Option<f32>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Prefixes text that a spreadsheet would take for a formula with an apostrophe, following OWASP, "CSV Injection".
pub(super) fn guarded(text: &str) -> Cow<'_, str> {
    if needs_guard(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// Removes the prefix that [`guarded`] adds.
pub(super) fn without_guard(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| needs_guard(rest)).unwrap_or(text)
}

/// Whether `text` needs the prefix: a spreadsheet would evaluate it, or it already looks guarded and would be read back without
/// its own apostrophe.
fn needs_guard(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

/// The session file: the clustering, with each image's size and content hash if `collection` knows them. `arrangement`, which
/// the clustering describes, says which images are pinned individually and where the clusters' names come from, and
/// `kept_duplicates` which groups of duplicates are not offered again.
///
/// # Errors
/// [`ArchiveError::Json`] if the file cannot be written.
pub fn assignments_json(
    clustering: &Clustering,
    collection: &Collection,
    arrangement: &Arrangement,
    kept_duplicates: &KeptGroups,
) -> Result<Vec<u8>, ArchiveError> {
    let items = clustering
        .items
        .iter()
        .map(|item| {
            let known = collection.by_path(&item.path);
            let content = known.and_then(|(_, image)| Some((image.byte_size, image.known_sha256()?)));
            SessionAssignment {
                item,
                pinned: known.is_some_and(|(id, _)| arrangement.is_pinned_individually(id)),
                byte_size: content.map(|(byte_size, _)| byte_size),
                sha256: content.map(|(_, sha256)| content_hash::to_hex(sha256)),
            }
        })
        .collect();
    let name_origin = |cluster: &Cluster| arrangement.cluster(cluster.id).map(|cluster| cluster.name_origin);
    // Destructured in full, so that a new field cannot be forgotten here.
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
        clusters: clusters
            .iter()
            .map(|cluster| SessionCluster { cluster, name_origin: name_origin(cluster) })
            .collect(),
        curve: curve.as_deref(),
        proposals: proposals.as_deref(),
        kept_duplicates: Some(kept_duplicates).filter(|kept| !kept.is_empty()),
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
    #[serde(skip_serializing_if = "Option::is_none")]
    kept_duplicates: Option<&'a KeptGroups>,
    items: Vec<SessionAssignment<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionCluster<'a> {
    #[serde(flatten)]
    cluster: &'a Cluster,
    #[serde(skip_serializing_if = "Option::is_none")]
    name_origin: Option<NameOrigin>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SessionAssignment<'a> {
    #[serde(flatten)]
    item: &'a Assignment,
    /// Whether the image is pinned individually; `locked` is also true if only its cluster is locked.
    #[serde(rename = "held")]
    pinned: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte_size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
}
