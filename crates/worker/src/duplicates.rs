//! Handlers that find duplicates.

use std::collections::BTreeSet;

use js_sys::{Float64Array, Uint32Array};
use shoal::cluster::neighbours::{cosines, cosines_with};
use shoal::collection::DuplicateGroup;
use shoal::collection::duplicates::{
    GRID_PX, TRAIT_COLUMNS, Traits, Turn, are_turned_copies, detail_share, group, rows_to_measure, similar_hashes,
    tile_corners, turned_candidates, turned_hash,
};
use shoal::preprocess;
use shoal_browser::api_error::ApiError;
use shoal_browser::blob::bytes_of;
use shoal_browser::worker_scope::Handle;
use shoal_protocol::{
    CompareTurned, Decoding, DuplicatePairs, GroupDuplicates, HashThumbnails, MeasureDetail, PairDuplicates,
    PairTurned, ThumbnailHashes, TurnedPairs, hashes_from_wire, hashes_to_wire,
};
use wasm_bindgen::JsCast;
use web_sys::Blob;

use crate::WorkerState;
use crate::error::{WorkerError, out_of_memory};
use crate::grey::{Bitmap, Squares};

/// How many bytes at the beginning of a file are searched for its size.
const HEADER_BYTES: f64 = 4_194_304.0;
/// How many bytes of memory a decoded pixel takes.
const RGBA_BYTES: u64 = 4;
/// By how much rounding may lower the cosine of equal features.
const ROUNDING: f32 = 1e-5;

impl Handle<PairDuplicates> for WorkerState {
    async fn handle(&self, request: PairDuplicates) -> Result<DuplicatePairs, ApiError> {
        let PairDuplicates { matrix, neighbours, hashes, traits, cosine } = request;
        let traits = traits_of(&traits);
        let count = (neighbours.length() as usize).checked_div(traits.len()).unwrap_or(0).max(1);
        let mut candidates: BTreeSet<[u32; 2]> = BTreeSet::new();
        for (place, other) in neighbours.to_vec().into_iter().enumerate() {
            let row = (place / count) as u32;
            candidates.insert([row.min(other), row.max(other)]);
        }
        let hashes: Vec<Option<u64>> = hashes_from_wire(&hashes.to_vec()).into_iter().map(Some).collect();
        candidates.extend(similar_hashes(&hashes).into_iter().map(|(one, other)| [one, other]));
        let candidates: Vec<[u32; 2]> = candidates.into_iter().collect();
        let found = cosines(self.matrices.borrow().get(matrix)?, &candidates)?;
        let near = candidates.into_iter().zip(found).filter(|(_, found)| is_near(*found, cosine));
        let pairs: Vec<[u32; 2]> = near.map(|(pair, _)| pair).collect();
        Ok(DuplicatePairs {
            to_measure: Uint32Array::from(rows_to_measure(&traits, &pairs).as_slice()),
            pairs: Uint32Array::from(pairs.as_flattened()),
        })
    }
}

impl Handle<GroupDuplicates> for WorkerState {
    async fn handle(&self, request: GroupDuplicates) -> Result<Vec<DuplicateGroup>, ApiError> {
        let GroupDuplicates { matrix, pairs, traits, cosine } = request;
        let (matrices, pairs) = (self.matrices.borrow(), pairs.to_vec());
        let features = matrices.get(matrix)?;
        let traits = traits_of(&traits);
        if traits.len() > features.rows() {
            return Err(WorkerError::MissingFeatures.into());
        }
        let are_near = |row: u32, others: &[u32]| -> Vec<bool> {
            cosines_with(features, row, others).into_iter().map(|found| is_near(found, cosine)).collect()
        };
        Ok(group(&traits, pairs.as_chunks().0, are_near))
    }
}

impl Handle<MeasureDetail> for WorkerState {
    async fn handle(
        &self,
        MeasureDetail { file, memory_bytes }: MeasureDetail,
    ) -> Result<Decoding<Option<f32>>, ApiError> {
        let header = file.slice_with_f64_and_f64(0.0, HEADER_BYTES.min(file.size()));
        let header = header.map_err(|thrown| out_of_memory(&thrown))?;
        let Ok(header) = bytes_of(&header).await else { return Ok(Decoding::Done(None)) };
        let Ok(Some((width, height))) = preprocess::probe(&header.to_vec()) else { return Ok(Decoding::Done(None)) };
        let bytes = u64::from(width) * u64::from(height) * RGBA_BYTES;
        if bytes > memory_bytes {
            return Ok(Decoding::NeedsMemory { bytes });
        }
        let Some(bitmap) = Bitmap::decode(&file).await else { return Ok(Decoding::Done(None)) };
        let (width, height) = bitmap.size();
        let Some((corners, side)) = tile_corners(width, height) else { return Ok(Decoding::Done(None)) };
        let squares = Squares::new(side, corners.len() as u32)?;
        for (square, &corner) in (0..).zip(&corners) {
            squares.draw(square, &bitmap, corner, (side, side))?;
        }
        Ok(Decoding::Done(Some(detail_share(&squares.read()?, side))))
    }
}

impl Handle<HashThumbnails> for WorkerState {
    async fn handle(&self, HashThumbnails { thumbnails }: HashThumbnails) -> Result<ThumbnailHashes, ApiError> {
        let blobs: Vec<Blob> = thumbnails.iter().map(JsCast::unchecked_into).collect();
        let greys = greys(&blobs).await?;
        let hashes = greys.into_iter().flat_map(|grey| {
            let orientations = [None].into_iter().chain(Turn::SEARCHED.map(Some));
            orientations.map(move |turn| grey.as_ref().map(|grey| turned_hash(grey, turn))).collect::<Vec<_>>()
        });
        Ok(ThumbnailHashes { hashes: Uint32Array::from(hashes_to_wire(hashes).as_slice()) })
    }
}

impl Handle<PairTurned> for WorkerState {
    async fn handle(&self, PairTurned { upright, turned }: PairTurned) -> Result<TurnedPairs, ApiError> {
        let [upright, turned] = [upright, turned].map(|hashes| hashes_from_wire(&hashes.to_vec()));
        let pairs = turned_candidates(&upright, &turned);
        Ok(TurnedPairs { pairs: Uint32Array::from(pairs.as_flattened()) })
    }
}

impl Handle<CompareTurned> for WorkerState {
    async fn handle(&self, request: CompareTurned) -> Result<bool, ApiError> {
        let CompareTurned { image, copy, turn, similarity } = request;
        Ok(match greys(&[image, copy]).await?.as_slice() {
            [Some(image), Some(copy)] => are_turned_copies(image, copy, turn, similarity),
            _ => false,
        })
    }
}

/// Images, stretched to squares with the side [`GRID_PX`]; `None` for one that the browser cannot decode.
async fn greys(images: &[Blob]) -> Result<Vec<Option<Vec<u8>>>, ApiError> {
    let squares = Squares::new(GRID_PX as u32, images.len() as u32)?;
    let mut is_decoded = Vec::with_capacity(images.len());
    for (square, image) in (0..).zip(images) {
        let bitmap = Bitmap::decode(image).await;
        if let Some(bitmap) = &bitmap {
            squares.draw(square, bitmap, (0, 0), bitmap.size())?;
        }
        is_decoded.push(bitmap.is_some());
    }
    let greys = squares.read()?.into_iter().zip(is_decoded);
    Ok(greys.map(|(grey, is_decoded)| is_decoded.then_some(grey)).collect())
}

fn traits_of(values: &Float64Array) -> Vec<Traits> {
    values.to_vec().as_chunks::<TRAIT_COLUMNS>().0.iter().map(Traits::from_row).collect()
}

fn is_near(found: f32, least: f32) -> bool {
    found >= least - ROUNDING
}
