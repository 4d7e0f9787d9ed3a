//! The collection and what is known of it: plain state, without a browser.
//!
//! [`Collection`] holds the pictures by path, [`refusal`] what could not be taken in, [`mod@classes`] the folders they
//! came from, [`companions`] what lies beside them, [`Arrangement`] which cluster each is in, [`duplicates`] which are there
//! twice, [`names`] what a cluster may be called, [`eviction`] what is forgotten first, and [`Outcome`] is the answer to a
//! clustering that the public API gives.

pub mod arrangement;
pub mod classes;
pub mod collection;
pub mod companions;
pub mod duplicates;
pub mod eviction;
pub mod folders;
pub mod grid;
pub mod hex;
pub mod names;
pub mod order;
pub mod outcome;
pub mod rearrange;
pub mod refusal;
pub mod skip;

pub use arrangement::Arrangement;
pub use classes::classes;
pub use collection::{Collection, Picture, PictureId, Placement, UNSEEN, file_name};
pub use companions::Owners;
pub use duplicates::{DuplicateGroup, DuplicateKind};
pub use folders::{Folder, folders};
pub use grid::{GridLayout, Step};
pub use order::{GroupOrder, PictureOrder, doubtful, groups_in_order, matching, members, put_in_order};
pub use outcome::{
    ClusterFacts, Confusion, CurvePoint, Group, Item, Outcome, OutcomeParts, RowFacts, Scores, assemble,
};
pub use rearrange::rearrange;
pub use refusal::{Refusal, RefusalGroup, group_by_code};
pub use skip::skipped;
