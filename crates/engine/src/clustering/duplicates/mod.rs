//! Groups of duplicates. The workers search, measure and group; the page only passes on numbers.
//!
//! | file | what |
//! | --- | --- |
//! | `traits` | what is compared of the images, and the detail of some |
//! | `turned` | copies that are turned or mirrored |

mod traits;
mod turned;

use std::cell::Cell;

use js_sys::Uint32Array;
use serde::{Deserialize, Serialize};
use shoal::collection::duplicates::{DuplicateKind, KeepReason, Turn};
use shoal::collection::{DuplicateGroup, ImageId};
use shoal_browser::api_error::ApiError;
use shoal_protocol::{DuplicatePairs, GroupDuplicates, PairDuplicates};

use super::error::ClusteringError;
use super::refine::{NeighbourSearch, find_neighbours};
use super::transform::features_of;
use super::{Clusters, Context};
use crate::collection::ImageCollection;
use crate::compute::{EVALUATED, FEATURES};
use crate::events::Stage;
pub use traits::Measured;
use traits::Table;

/// The cosine from which images count as near duplicates by default.
pub const DEFAULT_COSINE: f32 = 0.98;
/// How many nearest images of each image are compared. An image with more copies is linked to the others through these.
const NEAREST: usize = 8;
/// How many steps of progress the search for duplicates has.
const STEPS: usize = 30;

/// Images that are duplicates of the one to keep.
#[derive(Clone, Debug, PartialEq, Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Duplicates {
    /// How similar they are.
    pub kind: DuplicateKind,
    /// Their paths, in path order.
    pub paths: Vec<String>,
    /// The path of the one to keep, to which all others are similar.
    pub best: String,
    /// Why it is the one to keep.
    pub reason: KeepReason,
    /// Those that are turned or mirrored, as seen from the one to keep.
    pub turned: Vec<TurnedCopy>,
}

/// A copy that is turned or mirrored.
#[derive(Clone, Debug, PartialEq, Serialize, tsify::Tsify)]
pub struct TurnedCopy {
    /// Its path.
    pub path: String,
    /// What was done to the image to keep to make this copy.
    pub turn: Turn,
}

/// The options of a call of `duplicates`.
#[derive(Clone, Copy, Debug, Default, Deserialize, tsify::Tsify)]
#[tsify(rename = "DuplicatesOptions")]
#[serde(rename_all = "camelCase", default)]
pub struct DuplicatesCall {
    cosine: Option<f32>,
}

impl DuplicatesCall {
    /// A call with this cosine, from which images count as near duplicates.
    pub fn with_cosine(cosine: f32) -> Self {
        Self { cosine: Some(cosine) }
    }

    /// The cosine from which images count as near duplicates.
    ///
    /// # Errors
    /// `bad-option`.
    pub fn cosine(self) -> Result<f32, ClusteringError> {
        let cosine = self.cosine.unwrap_or(DEFAULT_COSINE);
        if (0.0..=1.0).contains(&cosine) {
            return Ok(cosine);
        }
        Err(ClusteringError::OutOfRange { name: "cosine", value: cosine.into(), allowed: "from 0 to 1" })
    }
}

/// A group of duplicates, with its copies that are turned.
struct Group {
    /// The group.
    found: DuplicateGroup,
    /// Rows that are turned, as seen from the one to keep.
    turned: Vec<(u32, Turn)>,
}

/// Counts steps, and emits progress.
struct Progress<'a> {
    context: Context<'a>,
    done: Cell<usize>,
}

impl Progress<'_> {
    fn advance(&self) {
        self.done.set(self.done.get() + 1);
        self.context.operation.progress(Stage::Matching, self.done.get().min(STEPS - 1), STEPS);
    }
}

impl Clusters {
    /// Groups of duplicates: files with the same bytes, or images that are nearly the same.
    pub async fn duplicates(&self, context: Context<'_>, cosine: f32) -> Result<Vec<Duplicates>, ApiError> {
        context.operation.progress(Stage::Matching, 0, STEPS);
        let progress = Progress { context, done: Cell::new(0) };
        let ids = context.collection.ids();
        let mut table = Table::of(context.collection, &ids, &self.measured).await;
        let groups = self.near_groups(&progress, &ids, &mut table, cosine).await;
        context.client.free_matrices();
        let mut groups = self.with_turned(&progress, &ids, &mut table, groups?, cosine).await?;
        groups.retain(|group| !self.is_kept(context, &ids, &group.found.rows));
        Ok(as_paths(context, &ids, groups))
    }

    /// Whether the user has kept all images of a group before.
    fn is_kept(&self, context: Context<'_>, ids: &[ImageId], rows: &[u32]) -> bool {
        let kept = self.kept_duplicates();
        !kept.is_empty() && {
            let ids = rows.iter().filter_map(|&row| ids.get(row as usize).copied());
            contents(context.collection, ids).is_some_and(|contents| kept.covers(&contents))
        }
    }

    /// The groups of upright duplicates.
    async fn near_groups(
        &self,
        progress: &Progress<'_>,
        ids: &[ImageId],
        table: &mut Table,
        cosine: f32,
    ) -> Result<Vec<DuplicateGroup>, ApiError> {
        let Context { operation, collection, client, .. } = progress.context;
        let transform = self.transform(progress.context, ids, self.params().recipe).await?;
        transform.evaluated.put_everywhere(operation, client, EVALUATED).await?;
        let rows = transform.evaluated.rows();
        let search =
            NeighbourSearch { matrix: EVALUATED, rows, count: NEAREST, cells: Uint32Array::new_with_length(0) };
        let found = find_neighbours(operation, client, search, || progress.advance()).await?;
        features_of(collection, ids).put(operation, client, FEATURES, &[0]).await?;
        let (neighbours, hashes) = (found.rows, table.hashes());
        let request = PairDuplicates { matrix: FEATURES, neighbours, hashes, traits: table.traits(), cosine };
        let DuplicatePairs { pairs, to_measure } = client.call_on(0, request).await?;
        operation.check()?;
        self.measured.measure(progress.context, ids, &to_measure.to_vec(), table).await?;
        progress.advance();
        let request = GroupDuplicates { matrix: FEATURES, pairs, traits: table.traits(), cosine };
        let groups = client.call_on(0, request).await?;
        operation.check()?;
        Ok(groups)
    }
}

/// The contents of these images; `None` if one of them is unknown.
pub fn contents(collection: &ImageCollection, ids: impl IntoIterator<Item = ImageId>) -> Option<Vec<[u8; 32]>> {
    let images = collection.images();
    ids.into_iter().map(|id| images.collection.get(id)?.known_sha256().copied()).collect()
}

fn as_paths(context: Context<'_>, ids: &[ImageId], groups: Vec<Group>) -> Vec<Duplicates> {
    let images = context.collection.images();
    let path_of = |row: u32| {
        let image = ids.get(row as usize).and_then(|&id| images.collection.get(id));
        image.map(|image| image.path.clone()).unwrap_or_default()
    };
    let duplicates = groups.into_iter().map(|Group { found, turned }| Duplicates {
        kind: found.kind,
        best: path_of(found.best),
        reason: found.reason,
        paths: found.rows.into_iter().map(path_of).collect(),
        turned: turned.into_iter().map(|(row, turn)| TurnedCopy { path: path_of(row), turn }).collect(),
    });
    duplicates.collect()
}
