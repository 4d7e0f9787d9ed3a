//! Reading a session back: what [`super::tables`] wrote, checked as if anyone had written it.
//!
//! | file | what |
//! | --- | --- |
//! | `json` | `assignments.json`, which says everything |
//! | `table` | `assignments.csv`, or any table of labels |
//! | `bounded` | lists of which only so much is kept |
//! | `check` | what must be true of both |
//! | `matching` | whose pictures these are |

mod bounded;
mod check;
mod error;
mod json;
mod matching;
mod table;

use crate::collection::CurvePoint;
use crate::collection::arrangement::NameOrigin;
use crate::options::{ClusterMethod, Recipe};

pub use error::SessionError;
pub use matching::{Matched, match_session};

/// The most bytes of a file that is read.
pub const SESSION_BYTES_MAX: usize = 256 << 20;
/// The most pictures, and likewise clusters and counts that were tried.
pub const SESSION_ELEMENTS_MAX: usize = 1_000_000;
/// The most bytes of a picture's path.
pub const SESSION_PATH_BYTES_MAX: usize = 1 << 16;
/// The most bytes of a cluster's name as the file has it; what is shown of it is shorter.
pub const SESSION_NAME_BYTES_MAX: usize = 1 << 12;

/// A session as a file tells it. Ids of clusters are distinct and below 2^32 - 1, paths are distinct, and the cluster
/// of every picture is there.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// How the pictures were grouped; `None` when the file is a table, which does not say.
    pub grouping: Option<SessionGrouping>,
    /// The clusters in the file's order, those without pictures included.
    pub clusters: Vec<SessionCluster>,
    /// The pictures in the file's order.
    pub items: Vec<SessionAssignment>,
}

/// How the pictures were grouped.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionGrouping {
    /// How many clusters there are.
    pub k: usize,
    /// Where the random numbers started.
    pub seed: u32,
    /// What was done to the features first.
    pub recipe: Recipe,
    /// How clusters were found.
    pub method: ClusterMethod,
    /// The counts that were tried, with silhouettes from -1 to 1.
    pub curve: Option<Vec<CurvePoint>>,
    /// The counts worth a look, the best first.
    pub proposals: Option<Vec<usize>>,
}

/// A cluster, apart from its pictures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionCluster {
    /// Its id.
    pub id: u32,
    /// Its name, clean.
    pub name: String,
    /// Where the name comes from.
    pub origin: NameOrigin,
    /// Whether it holds all its pictures.
    pub locked: bool,
}

/// A picture and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionAssignment {
    /// The path under which it was.
    pub path: String,
    /// SHA-256 of its bytes.
    pub sha256: Option<[u8; 32]>,
    /// Number of its bytes.
    pub byte_size: Option<u64>,
    /// Its cluster; `None` when it is set aside.
    pub cluster: Option<u32>,
    /// Whether it is held there for itself, whatever its cluster does.
    pub held: bool,
}

/// Reads a session: `assignments.json`, or a table with titles `path` and `cluster_name` or `cluster`.
///
/// A table is UTF-8 after RFC 4180 with any line ends. Each name in it is a cluster; where it has no names, each text
/// under `cluster` is one. An empty cell sets a picture aside. A cluster has the id that its first picture has under
/// `cluster`, when that is a whole number and no earlier cluster has it, else the lowest that is free.
///
/// # Errors
/// [`SessionError::NotASession`] when it is neither, [`SessionError::TooNew`] for a version above
/// [`super::SESSION_VERSION`], [`SessionError::TooLarge`] beyond the limits above, [`SessionError::Damaged`] for all
/// else.
pub fn read_session(bytes: &[u8]) -> Result<Session, SessionError> {
    if bytes.len() > SESSION_BYTES_MAX {
        let most = SESSION_BYTES_MAX >> 20;
        return Err(SessionError::TooLarge(format!("it has {} bytes, and {most} MiB are read at most", bytes.len())));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let session = if bytes.trim_ascii_start().starts_with(b"{") { json::read(bytes) } else { table::read(bytes) }?;
    check::check(&session)?;
    Ok(session)
}
