//! Duplicate detection: identical files, and files that show nearly the same image, also turned or mirrored.
//!
//! | file | contents |
//! | --- | --- |
//! | `difference_hash` | perceptual hashes, and pairs of images with near hashes |
//! | `groups` | from pairs of near images to groups around the image to keep |
//! | `best` | the image of a group to keep, and why |
//! | `kept` | groups of which the user kept every image |
//! | `traits` | the properties by which images are compared |
//! | `detail` | how much detail the pixels of an image really show |
//! | `turn` | copies that are turned by quarters or mirrored |
//! | `sets` | merging pairs into connected sets |

mod best;
mod detail;
mod difference_hash;
mod groups;
mod kept;
mod sets;
mod traits;
mod turn;

use serde::{Deserialize, Serialize};

pub use best::{DETAIL_SHARE, KeepReason, Kept, SHARP_SHARE, best};
pub use detail::{TILE_PX, detail_share, tile_corners};
pub use difference_hash::{HAMMING_LIMIT, HASH_HEIGHT, HASH_WIDTH, LEAST_BITS, dhash, similar_hashes};
pub use groups::{group, rows_to_measure};
pub use kept::KeptGroups;
pub use traits::{TRAIT_COLUMNS, Traits, is_original_format};
pub use turn::{GRID_PX, Turn, are_turned_copies, turned_candidates, turned_hash};

/// How similar the images of a group are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(tsify::Tsify))]
#[serde(rename_all = "lowercase")]
pub enum DuplicateKind {
    /// All files have the same bytes.
    Exact,
    /// The images look the same, or nearly so.
    Near,
}

/// Images that are duplicates of the one to keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DuplicateGroup {
    /// How similar they are.
    pub kind: DuplicateKind,
    /// The rows of at least two images, ascending.
    pub rows: Vec<u32>,
    /// The row to keep, as [`best()`] chooses it.
    pub best: u32,
    /// Why it is kept.
    pub reason: KeepReason,
}
