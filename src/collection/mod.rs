//! The collection and what is known of it: plain state, without a browser.
//!
//! [`Collection`] holds the pictures by path, [`rejection`] what could not be taken in, [`mod@classes`] the folders they
//! came from, [`sidecars`] what lies beside them, [`Arrangement`] which cluster each is in, [`duplicates`] which are there
//! twice, [`names`] what a cluster may be called, [`eviction`] what is forgotten first, and [`Clustering`] is the answer to a
//! clustering that the public API gives.

pub mod arrangement;
pub mod classes;
pub mod clustering;
pub mod duplicates;
pub mod eviction;
pub mod folders;
pub mod grid;
pub mod hex;
pub mod images;
pub mod names;
pub mod order;
pub mod rearrange;
pub mod rejection;
pub mod sidecars;
pub mod skip;

pub use arrangement::Arrangement;
pub use classes::classes;
pub use clustering::{
    Assignment, Cluster, ClusterFacts, Clustering, ClusteringParts, Confusion, CurvePoint, RowFacts, Scores, assemble,
};
pub use duplicates::{DuplicateGroup, DuplicateKind};
pub use folders::{Folder, folders};
pub use grid::{GridLayout, Step};
pub use images::{Collection, Image, ImageId, Placement, UNSEEN, file_name};
pub use order::{ClusterOrder, ImageOrder, clusters_in_order, doubtful, matching, members, put_in_order};
pub use rearrange::rearrange;
pub use rejection::{Rejection, RejectionGroup, group_by_code};
pub use sidecars::Owners;
pub use skip::skipped;
