//! Reading a saved session: the files that [`super::tables`] writes, treated as untrusted input.
//!
//! | file | contents |
//! | --- | --- |
//! | `json` | reading `assignments.json`, the complete session |
//! | `table` | reading `assignments.csv`, or any table of labels |
//! | `bounded` | lists of bounded length |
//! | `check` | validation of both |
//! | `matching` | matching to the images of the collection |

mod bounded;
mod check;
mod error;
mod json;
mod matching;
mod table;

use crate::collection::CurvePoint;
use crate::collection::arrangement::NameOrigin;
use crate::collection::duplicates::KeptGroups;
use crate::options::{ClusterMethod, Recipe};

pub use error::SessionError;
pub use matching::{Matched, match_session};

/// The most bytes of a session file.
pub const SESSION_BYTES_MAX: usize = 256 << 20;
/// The most images, and likewise clusters and tried numbers of clusters.
pub const SESSION_ELEMENTS_MAX: usize = 1_000_000;
/// The most bytes of an image's path.
pub const SESSION_PATH_BYTES_MAX: usize = 1 << 16;
/// The most bytes of a cluster's name in the file; the arrangement keeps a shorter name.
pub const SESSION_NAME_BYTES_MAX: usize = 1 << 12;

/// The contents of a session file. Cluster ids are distinct and below 2^32 - 1, paths are distinct, and the cluster of every
/// image exists.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// How the images were clustered; `None` for a table, which does not say.
    pub parameters: Option<SessionParameters>,
    /// The clusters in the file's order, including empty ones.
    pub clusters: Vec<SessionCluster>,
    /// The images in the file's order.
    pub items: Vec<SessionAssignment>,
    /// Groups of duplicates that are not offered again.
    pub kept_duplicates: KeptGroups,
}

/// How the images were clustered.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionParameters {
    /// The number of clusters.
    pub k: usize,
    /// The seed of the random numbers.
    pub seed: u32,
    /// The feature transform.
    pub recipe: Recipe,
    /// The clustering method.
    pub method: ClusterMethod,
    /// The numbers of clusters that were tried, with silhouettes from -1 to 1.
    pub curve: Option<Vec<CurvePoint>>,
    /// The most promising numbers of clusters, best first.
    pub proposals: Option<Vec<usize>>,
}

/// A cluster without its images.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionCluster {
    /// The id.
    pub id: u32,
    /// The cleaned name.
    pub name: String,
    /// Where the name comes from.
    pub origin: NameOrigin,
    /// Whether the cluster pins all its images.
    pub locked: bool,
}

/// An image and its cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionAssignment {
    /// The path when the session was saved.
    pub path: String,
    /// SHA-256 of the bytes.
    pub sha256: Option<[u8; 32]>,
    /// The number of bytes.
    pub byte_size: Option<u64>,
    /// The cluster; `None` if the image is in no cluster.
    pub cluster: Option<u32>,
    /// Whether the image is pinned individually.
    pub pinned: bool,
}

/// Reads a session: `assignments.json`, or a table with the columns `path` and `cluster_name` or `cluster`.
///
/// A table is UTF-8 according to RFC 4180, with any line endings. Each distinct `cluster_name` is a cluster; without that
/// column, each distinct value of `cluster` is one. An empty cell leaves an image in no cluster. A cluster's id is the value of
/// `cluster` for its first image, if that is an integer that no earlier cluster has, otherwise the lowest free id.
///
/// # Errors
/// [`SessionError::NotASession`] if the file is neither, [`SessionError::TooNew`] for a version above
/// [`super::SESSION_VERSION`], [`SessionError::TooLarge`] beyond the limits above, [`SessionError::Damaged`] for any other
/// problem.
pub fn read_session(bytes: &[u8]) -> Result<Session, SessionError> {
    if bytes.len() > SESSION_BYTES_MAX {
        let max_mib = SESSION_BYTES_MAX >> 20;
        return Err(SessionError::TooLarge(format!(
            "it has {} bytes, but at most {max_mib} MiB are read",
            bytes.len()
        )));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let session = if bytes.trim_ascii_start().starts_with(b"{") { json::read(bytes) } else { table::read(bytes) }?;
    check::check(&session)?;
    Ok(session)
}
