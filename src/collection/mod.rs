//! The collection of images and its clusters: plain state, independent of the browser.
//!
//! | module | contents |
//! | --- | --- |
//! | [`images`] | the images by path |
//! | [`ignored_files`], [`rejection`] | files that are ignored or rejected |
//! | [`sidecars`] | files that belong to an image |
//! | [`content_hash`] | content hashes as text |
//! | [`mod@classes`], [`mod@folders`] | the folders that images came in, as classes and as clusters |
//! | [`arrangement`] | which image is in which cluster, with editing and undo |
//! | [`clustering`] | a clustering as the public API returns it |
//! | [`mod@rearrange`] | a clustering after an edit |
//! | [`duplicates`] | exact and near duplicates |
//! | [`label_suggestion`] | suggested cluster names |
//! | [`order`], [`grid`] | sorting, searching and laying out images |
//! | [`eviction`] | least-recently-used eviction for the cache |

pub mod arrangement;
pub mod classes;
pub mod clustering;
pub mod content_hash;
pub mod duplicates;
pub mod eviction;
pub mod folders;
pub mod grid;
pub mod ignored_files;
pub mod images;
pub mod label_suggestion;
mod numbered_paths;
pub mod order;
pub mod rearrange;
pub mod rejection;
pub mod sidecars;

pub use arrangement::Arrangement;
pub use classes::classes;
pub use clustering::{
    Assignment, Cluster, ClusterFacts, Clustering, ClusteringParts, Confusion, CurvePoint, RowFacts, Scores, assemble,
    scores_against_folders,
};
pub use duplicates::{DuplicateGroup, DuplicateKind};
pub use folders::{Folder, folders};
pub use grid::{GridLayout, Step};
pub use ignored_files::{is_ignored, is_ignored_folder, is_in_cloud};
pub use images::{Collection, Image, ImageId, Placement, UNKNOWN_SHA256, file_name};
pub use order::{ClusterOrder, ImageOrder, clusters_in_order, doubtful, matching, members, put_in_order};
pub use rearrange::rearrange;
pub use rejection::{Rejection, RejectionGroup, group_by_code};
pub use sidecars::SidecarIndex;
