//! What is compared of the images, and what was measured of some of them.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use futures_util::stream::{self, StreamExt};
use js_sys::{Float64Array, Uint32Array};
use shoal::capture::Capture;
use shoal::collection::ImageId;
use shoal::collection::duplicates::{Traits, is_original_format};
use shoal_browser::api_error::ApiError;
use shoal_browser::yielding::Slices;
use shoal_protocol::{MeasureDetail, hashes_to_wire};

use super::super::Context;
use crate::collection::ImageCollection;

/// How many images are prepared before the page may run something else.
const IMAGES_PER_SLICE: usize = 1024;

/// The hashes of a thumbnail in all orientations: of the thumbnail itself, then as [`Turn::SEARCHED`]; the higher halves first.
///
/// [`Turn::SEARCHED`]: shoal::collection::duplicates::Turn::SEARCHED
pub type OrientedHashes = Rc<[u32]>;

/// What was measured of images, until the collection is emptied: ids of images are not used again.
#[derive(Default)]
pub struct Measured {
    /// The share of an image's pixels that would suffice for its detail; `None` if that cannot be measured.
    details: RefCell<HashMap<ImageId, Option<f32>>>,
    /// The hashes of thumbnails.
    pub hashes: RefCell<HashMap<ImageId, OrientedHashes>>,
}

impl Measured {
    /// Forgets everything.
    pub fn clear(&self) {
        self.details.take();
        self.hashes.take();
    }

    /// Measures the detail of the images in these rows, as far as their source files are present, and adds it to `table`.
    pub async fn measure(
        &self,
        context: Context<'_>,
        ids: &[ImageId],
        rows: &[u32],
        table: &mut Table,
    ) -> Result<(), ApiError> {
        let Context { operation, collection, client, .. } = context;
        let files: Vec<_> = {
            let (images, details) = (collection.images(), self.details.borrow());
            let wanted = rows.iter().filter_map(|&row| ids.get(row as usize));
            let new = wanted.filter(|id| !details.contains_key(*id));
            new.filter_map(|&id| Some((id, images.source_file(id)?.clone()))).collect()
        };
        let mut measured = stream::iter(files)
            .map(async |(id, file)| {
                operation.check()?;
                let request = |memory_bytes| MeasureDetail { file: file.clone(), memory_bytes };
                match client.decode(&file, request).await {
                    Err(error) if error.is_cancelled() => Err(error),
                    // A file that has disappeared decides nothing.
                    detail => Ok((id, detail.unwrap_or(None))),
                }
            })
            .buffer_unordered(2 * client.workers());
        while let Some(detail) = measured.next().await {
            let (id, share) = detail?;
            self.details.borrow_mut().insert(id, share);
        }
        operation.check()?;
        let details = self.details.borrow();
        for &row in rows {
            let share = ids.get(row as usize).and_then(|id| details.get(id).copied().flatten());
            if let (Some(share), Some(traits)) = (share, table.traits.get_mut(row as usize)) {
                traits.detail = Some(share * traits.pixels as f32);
            }
        }
        Ok(())
    }
}

/// The traits and hashes of all images, in path order.
pub struct Table {
    /// The traits, shape `[n]`.
    pub traits: Vec<Traits>,
    hashes: Vec<Option<u64>>,
}

impl Table {
    /// The table of these images, made in slices.
    pub async fn of(collection: &ImageCollection, ids: &[ImageId], measured: &Measured) -> Self {
        let mut table = Self { traits: Vec::with_capacity(ids.len()), hashes: Vec::with_capacity(ids.len()) };
        let mut first_with: HashMap<[u8; 32], u32> = HashMap::with_capacity(ids.len());
        let mut slices = Slices::start();
        for part in ids.chunks(IMAGES_PER_SLICE) {
            {
                let (images, details) = (collection.images(), measured.details.borrow());
                for &id in part {
                    let row = table.traits.len() as u32;
                    let (image, stored) = (images.collection.get(id), images.stored(id));
                    let fingerprint = stored.and_then(|stored| stored.fingerprint);
                    let capture = image.and_then(|image| image.capture.as_ref());
                    let content = image.and_then(|image| image.known_sha256());
                    let pixels = image.map_or(0, |image| u64::from(image.width_px) * u64::from(image.height_px));
                    let share = details.get(&id).copied().flatten();
                    table.hashes.push(fingerprint.map(|fingerprint| fingerprint.dhash));
                    table.traits.push(Traits {
                        content: content.map_or(row, |sha256| *first_with.entry(*sha256).or_insert(row)),
                        pixels,
                        detail: share.map(|share| share * pixels as f32),
                        byte_size: image.map_or(0, |image| image.byte_size),
                        sharpness: fingerprint.map(|fingerprint| fingerprint.sharpness),
                        is_original_format: image.is_some_and(|image| is_original_format(&image.path)),
                        has_exif: capture.is_some_and(|capture| capture.camera.is_some()),
                        captured_ms: capture.and_then(Capture::taken_ms),
                    });
                }
            }
            slices.pause_when_due().await;
        }
        table
    }

    /// The traits for a message.
    pub fn traits(&self) -> Float64Array {
        let rows: Vec<_> = self.traits.iter().map(Traits::to_row).collect();
        Float64Array::from(rows.as_flattened())
    }

    /// The hashes for a message.
    pub fn hashes(&self) -> Uint32Array {
        Uint32Array::from(hashes_to_wire(self.hashes.iter().copied()).as_slice())
    }
}
