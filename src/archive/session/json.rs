//! Reading `assignments.json`. Unknown fields are ignored, since a newer version may have added them.

use std::collections::HashMap;

use serde::Deserialize;

use super::SessionError;
use super::bounded::Bounded;
use super::check::{check_name, check_path, excerpt};
use super::{Session, SessionAssignment, SessionCluster, SessionParameters};
use crate::archive::tables::{SESSION_FORMAT, SESSION_VERSION};
use crate::collection::arrangement::{NameOrigin, clean_name};
use crate::collection::clustering::is_default_name;
use crate::collection::duplicates::KeptGroups;
use crate::collection::{CurvePoint, content_hash};
use crate::options::{ClusterMethod, Recipe};

/// The fields that every version of the format has.
#[derive(Deserialize)]
struct Header {
    format: String,
    version: f64,
}

// Integers are read as u32, not usize, so that the same files are rejected on every platform.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    k: u32,
    seed: u32,
    recipe: Recipe,
    #[serde(default)]
    method: ClusterMethod,
    clusters: Bounded<FileCluster>,
    items: Bounded<FileItem>,
    curve: Option<Bounded<FileCurvePoint>>,
    proposals: Option<Bounded<u32>>,
    #[serde(default)]
    kept_duplicates: KeptGroups,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileCluster {
    id: u32,
    name: String,
    #[serde(default)]
    suggested: bool,
    #[serde(default)]
    locked: bool,
    name_origin: Option<NameOrigin>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FileItem {
    path: String,
    cluster: Option<u32>,
    #[serde(default)]
    locked: bool,
    #[serde(rename = "held")]
    pinned: Option<bool>,
    byte_size: Option<u64>,
    sha256: Option<String>,
}

#[derive(Deserialize)]
struct FileCurvePoint {
    k: u32,
    silhouette: Option<f64>,
}

/// Reads a file that begins like a JSON object.
pub(super) fn read(bytes: &[u8]) -> Result<Session, SessionError> {
    let header: Header = serde_json::from_slice(bytes).map_err(|error| {
        // Only a file that contains the format's name can be a damaged session.
        let is_session = bytes.windows(SESSION_FORMAT.len()).any(|window| window == SESSION_FORMAT.as_bytes());
        let kind = if is_session { SessionError::Damaged } else { SessionError::NotASession };
        kind(excerpt(error))
    })?;
    if header.format != SESSION_FORMAT {
        return Err(SessionError::NotASession("it is JSON of another format".into()));
    }
    // The cast saturates; a minor version would follow the decimal point.
    let version = header.version as u64;
    if version > u64::from(SESSION_VERSION) {
        return Err(SessionError::TooNew { version, known: SESSION_VERSION });
    }
    let file: File = serde_json::from_slice(bytes).map_err(|error| SessionError::Damaged(excerpt(error)))?;
    let clusters: Vec<SessionCluster> =
        file.clusters.all("clusters")?.into_iter().map(cluster).collect::<Result<_, _>>()?;
    let locked: HashMap<u32, bool> = clusters.iter().map(|cluster| (cluster.id, cluster.locked)).collect();
    let items = file.items.all("pictures")?.into_iter().map(|one| item(one, &locked)).collect::<Result<_, _>>()?;
    let curve = file.curve.map(|curve| curve.all("counts")?.into_iter().map(curve_point).collect()).transpose()?;
    let proposals = file.proposals.map(|proposals| proposals.all("counts")).transpose()?;
    let parameters = SessionParameters {
        k: file.k as usize,
        seed: file.seed,
        recipe: file.recipe,
        method: file.method,
        curve,
        proposals: proposals.map(|counts| counts.into_iter().map(|k| k as usize).collect()),
    };
    Ok(Session { parameters: Some(parameters), clusters, items, kept_duplicates: file.kept_duplicates })
}

fn cluster(file: FileCluster) -> Result<SessionCluster, SessionError> {
    let FileCluster { id, name, suggested, locked, name_origin } = file;
    check_name(&name)?;
    let name = clean_name(&name).ok_or_else(|| SessionError::Damaged(format!("the name of cluster {id} is empty")))?;
    let guessed = match suggested {
        true => NameOrigin::Suggested,
        false if is_default_name(&name) => NameOrigin::Default,
        false => NameOrigin::Given,
    };
    Ok(SessionCluster { id, name, origin: name_origin.unwrap_or(guessed), locked })
}

fn item(file: FileItem, locked_clusters: &HashMap<u32, bool>) -> Result<SessionAssignment, SessionError> {
    let FileItem { path, cluster, locked, pinned, byte_size, sha256 } = file;
    check_path(&path)?;
    let sha256 = match sha256 {
        None => None,
        Some(digits) => match content_hash::from_hex(&digits) {
            None => return Err(SessionError::Damaged(format!("the SHA-256 of {path} is invalid"))),
            read => read,
        },
    };
    let by_cluster = cluster.and_then(|id| locked_clusters.get(&id).copied()).unwrap_or_default();
    Ok(SessionAssignment { path, sha256, byte_size, cluster, pinned: pinned.unwrap_or(locked && !by_cluster) })
}

fn curve_point(file: FileCurvePoint) -> Result<CurvePoint, SessionError> {
    if let Some(silhouette) = file.silhouette.filter(|value| !(-1.0..=1.0).contains(value)) {
        return Err(SessionError::Damaged(format!("a silhouette of {silhouette} is outside -1 to 1")));
    }
    Ok(CurvePoint { k: file.k as usize, silhouette: file.silhouette.map(|value| value as f32) })
}
