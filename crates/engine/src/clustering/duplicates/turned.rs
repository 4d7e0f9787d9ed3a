//! Copies that are turned or mirrored. Only one image of each group is compared, the one to keep: the others are near it.

use futures_util::stream::{self, StreamExt};
use js_sys::{Array, Uint32Array};
use shoal::collection::duplicates::{DuplicateKind, KeepReason, Kept, Turn, best};
use shoal::collection::{DuplicateGroup, ImageId};
use shoal_browser::api_error::ApiError;
use shoal_browser::yielding::Slices;
use shoal_protocol::{CompareTurned, HashThumbnails, PairTurned};
use web_sys::Blob;

use super::super::{Clusters, Context};
use super::traits::{Measured, OrientedHashes, Table};
use super::{Group, Progress};

/// How many thumbnails are hashed by one request.
const THUMBNAILS_AT_ONCE: usize = 64;
/// How many numbers the hashes of a thumbnail are.
const HASH_VALUES: usize = 2 * (1 + Turn::SEARCHED.len());

/// An image whose orientations are compared: the one to keep of a group, or one in none.
struct Candidate {
    row: u32,
    hashes: OrientedHashes,
}

/// A copy, and what was done to the image to make it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct TurnedPair {
    image: u32,
    copy: u32,
    turn: Turn,
}

impl Clusters {
    /// The groups with the copies that are turned or mirrored, in the order of their first rows.
    pub(super) async fn with_turned(
        &self,
        progress: &Progress<'_>,
        ids: &[ImageId],
        table: &mut Table,
        groups: Vec<DuplicateGroup>,
        similarity: f32,
    ) -> Result<Vec<Group>, ApiError> {
        let context = progress.context;
        let mut group_of: Vec<Option<usize>> = vec![None; ids.len()];
        let mut is_candidate = vec![true; ids.len()];
        for (index, group) in groups.iter().enumerate() {
            for &row in &group.rows {
                group_of[row as usize] = Some(index);
                is_candidate[row as usize] = row == group.best;
            }
        }
        let rows = (0..ids.len() as u32).filter(|&row| is_candidate[row as usize]).collect();
        let candidates = self.measured.hashed(context, ids, rows).await?;
        progress.advance();
        let pairs = verified(context, ids, paired(context, &candidates).await?, similarity).await?;
        progress.advance();
        let to_measure: Vec<u32> = pairs
            .iter()
            .map(|pair| [pair.image, pair.copy])
            .filter(|rows| table.traits[rows[0] as usize].pixels != table.traits[rows[1] as usize].pixels)
            .flatten()
            .collect();
        self.measured.measure(context, ids, &to_measure, table).await?;

        let mut groups: Vec<Option<Group>> =
            groups.into_iter().map(|found| Some(Group { found, turned: Vec::new() })).collect();
        let mut is_absorbed = vec![false; ids.len()];
        let mut has_absorbed = vec![false; ids.len()];
        for pair in pairs {
            let Some(kept) = best(&table.traits, &[pair.image, pair.copy]) else { continue };
            let pair = if kept.row == pair.image {
                pair
            } else {
                TurnedPair { image: pair.copy, copy: pair.image, turn: pair.turn.inverse() }
            };
            let (image, copy) = (pair.image as usize, pair.copy as usize);
            // Every copy is compared with the image to keep itself.
            if is_absorbed[image] || is_absorbed[copy] || has_absorbed[copy] {
                continue;
            }
            let others = group_of[copy].and_then(|index| groups[index].as_ref());
            let joined = others.map_or(vec![pair.copy], |group| group.found.rows.clone());
            let are_identical = others.is_none_or(|group| group.found.kind == DuplicateKind::Exact);
            if !are_identical && !are_copies(context, ids, pair, &joined, similarity).await? {
                continue;
            }
            is_absorbed[copy] = true;
            has_absorbed[image] = true;
            if let Some(index) = group_of[copy] {
                groups[index] = None;
            }
            let index = *group_of[image].get_or_insert_with(|| {
                let Kept { row, reason } = kept;
                let found = DuplicateGroup { kind: DuplicateKind::Near, rows: vec![row], best: row, reason };
                groups.push(Some(Group { found, turned: Vec::new() }));
                groups.len() - 1
            });
            if let Some(group) = &mut groups[index] {
                group.turned.extend(joined.iter().map(|&row| (row, pair.turn)));
                group.found.rows.extend(joined);
                group.found.rows.sort_unstable();
                group.found.kind = DuplicateKind::Near;
                if group.found.reason == KeepReason::Identical {
                    group.found.reason = kept.reason;
                }
            }
        }
        let mut groups: Vec<Group> = groups.into_iter().flatten().collect();
        groups.sort_unstable_by_key(|group| group.found.rows[0]);
        Ok(groups)
    }
}

impl Measured {
    /// The images in these rows that have thumbnails, with their hashes.
    async fn hashed(&self, context: Context<'_>, ids: &[ImageId], rows: Vec<u32>) -> Result<Vec<Candidate>, ApiError> {
        let Context { operation, collection, client, .. } = context;
        let new: Vec<(ImageId, Blob)> = {
            let (images, known) = (collection.images(), self.hashes.borrow());
            let ids = rows.iter().map(|&row| ids[row as usize]).filter(|id| !known.contains_key(id));
            ids.filter_map(|id| Some((id, images.stored(id)?.thumbnail.clone()?))).collect()
        };
        let mut hashed = stream::iter(new.chunks(THUMBNAILS_AT_ONCE))
            .map(async |part| {
                operation.check()?;
                let thumbnails: Array = part.iter().map(|(_, thumbnail)| thumbnail.clone()).collect();
                Ok::<_, ApiError>((part, client.call(HashThumbnails { thumbnails }).await?.hashes.to_vec()))
            })
            .buffer_unordered(2 * client.workers());
        while let Some(part) = hashed.next().await {
            let (part, hashes) = part?;
            let mut known = self.hashes.borrow_mut();
            for ((id, _), hashes) in part.iter().zip(hashes.chunks_exact(HASH_VALUES)) {
                known.insert(*id, hashes.into());
            }
        }
        drop(hashed);
        operation.check()?;
        let known = self.hashes.borrow();
        let candidates = rows.into_iter().filter_map(|row| {
            let hashes = known.get(&ids[row as usize])?.clone();
            Some(Candidate { row, hashes })
        });
        Ok(candidates.collect())
    }
}

/// Pairs of candidates whose hashes say that one is the other turned.
async fn paired(context: Context<'_>, candidates: &[Candidate]) -> Result<Vec<TurnedPair>, ApiError> {
    let Context { operation, client, .. } = context;
    let mut slices = Slices::start();
    let mut columns: Vec<Vec<u32>> = vec![Vec::with_capacity(2 * candidates.len()); 1 + Turn::SEARCHED.len()];
    for part in candidates.chunks(THUMBNAILS_AT_ONCE) {
        for (column, values) in columns.iter_mut().enumerate() {
            values.extend(part.iter().flat_map(|one| &one.hashes[2 * column..2 * column + 2]));
        }
        slices.pause_when_due().await;
    }
    let hashes: Vec<Uint32Array> = columns.iter().map(|values| Uint32Array::from(values.as_slice())).collect();
    let mut found = stream::iter(Turn::SEARCHED.into_iter().enumerate())
        .map(async |(index, turn)| {
            operation.check()?;
            let request = PairTurned { upright: hashes[0].clone(), turned: hashes[index + 1].clone() };
            Ok::<_, ApiError>((turn, client.call(request).await?.pairs.to_vec()))
        })
        .buffered(client.workers());
    let mut pairs = Vec::new();
    while let Some(turned) = found.next().await {
        let (turn, rows) = turned?;
        // The first is the second turned.
        pairs.extend(rows.as_chunks::<2>().0.iter().map(|rows| {
            let [copy, image] = rows.map(|row| candidates[row as usize].row);
            // Most turns undo themselves, so that a pair is found from both of its images.
            let is_swapped = copy < image && turn.inverse() == turn;
            if is_swapped { TurnedPair { image: copy, copy: image, turn } } else { TurnedPair { image, copy, turn } }
        }));
    }
    operation.check()?;
    pairs.sort_unstable();
    pairs.dedup();
    Ok(pairs)
}

/// The pairs whose thumbnails agree once they are aligned, by row.
async fn verified(
    context: Context<'_>,
    ids: &[ImageId],
    pairs: Vec<TurnedPair>,
    similarity: f32,
) -> Result<Vec<TurnedPair>, ApiError> {
    let mut compared = stream::iter(pairs)
        .map(async |pair| Ok::<_, ApiError>((pair, is_turned_copy(context, ids, pair, similarity).await?)))
        .buffered(2 * context.client.workers());
    let mut verified = Vec::new();
    while let Some(one) = compared.next().await {
        let (pair, is_copy) = one?;
        verified.extend(is_copy.then_some(pair));
    }
    verified.sort_by_key(|pair| (pair.image.min(pair.copy), pair.image.max(pair.copy)));
    Ok(verified)
}

async fn is_turned_copy(
    context: Context<'_>,
    ids: &[ImageId],
    pair: TurnedPair,
    similarity: f32,
) -> Result<bool, ApiError> {
    context.operation.check()?;
    let [image, copy] = {
        let images = context.collection.images();
        [pair.image, pair.copy].map(|row| images.stored(ids[row as usize]).and_then(|stored| stored.thumbnail.clone()))
    };
    let (Some(image), Some(copy)) = (image, copy) else { return Ok(false) };
    context.client.call(CompareTurned { image, copy, turn: pair.turn, similarity }).await
}

/// Whether all these rows, which are near the copy of `pair`, are copies of its image in the same way.
async fn are_copies(
    context: Context<'_>,
    ids: &[ImageId],
    pair: TurnedPair,
    rows: &[u32],
    similarity: f32,
) -> Result<bool, ApiError> {
    for &copy in rows {
        if !is_turned_copy(context, ids, TurnedPair { copy, ..pair }, similarity).await? {
            return Ok(false);
        }
    }
    Ok(true)
}
