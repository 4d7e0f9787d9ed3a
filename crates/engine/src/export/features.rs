//! The features as a `.npz`, written in pieces, so that memory stays flat and the page responsive.

use std::collections::HashMap;

use js_sys::{Array, Float32Array, Uint8Array};
use shoal::archive::Entry;
use shoal::archive::npz::{
    Column, Columns, FEATURES_NPY, FeatureSpec, Row, SHOAL_JSON, feature_spec_json, features_header,
};
use shoal::capture::Capture;
use shoal_browser::api_error::ApiError;
use shoal_browser::yielding::Slices;
use web_sys::Blob;

use super::error::ExportError;
use super::zip_blob::{blob, zip_of};
use super::{ExportContext, ExportOptions, Format, FormatInfo, FormatPlace};
use crate::collection::{FeatureOrigin, ImageCollection};
use crate::events::Stage;

/// About how many bytes of features are in this program's memory at once.
const PIECE_BYTES: usize = 4 << 20;
/// How many rows of the other columns are in memory at once.
const COLUMN_ROWS: usize = 2048;

/// The features of all images, computed with the current settings, with paths, clusters, sizes and hashes. An image whose
/// features were computed differently is embedded again.
pub struct Features;

impl Format for Features {
    const INFO: FormatInfo = FormatInfo {
        label: "Save features",
        hint: "What the network computed, as a .npz file that numpy.load opens",
        file_name: "shoal-features.npz",
        place: FormatPlace::BesideOpen,
    };

    async fn export(context: &ExportContext<'_>, _: ExportOptions) -> Result<Blob, ApiError> {
        let ExportContext { operation, collection, .. } = context;
        if collection.is_empty() {
            return Err(ExportError::NoImages.into());
        }
        let origin = context.current_features().await?;
        operation.check()?;
        let (features, rows) = rows(context);
        let mut members = vec![features_member(context, &features).await?.end(FEATURES_NPY)?];
        let columns = Columns::new(rows);
        let mut slices = Slices::start();
        for column in Column::ALL.into_iter().filter(|&column| columns.has(column)) {
            let mut body = MemberBody::new(&columns.header(column))?;
            for start in (0..columns.len()).step_by(COLUMN_ROWS) {
                body.push(&columns.values(column, start..(start + COLUMN_ROWS).min(columns.len())))?;
                slices.pause_when_due().await;
                operation.check()?;
            }
            members.push(body.end(column.member())?);
        }
        if let Some(spec) = spec_of_all(collection, &origin) {
            members.push(MemberBody::new(&feature_spec_json(&spec)?)?.end(SHOAL_JSON)?);
        }
        let (entries, bodies): (Vec<Entry>, Vec<Blob>) = members.into_iter().unzip();
        zip_of(operation, &entries, &bodies).await
    }
}

/// The body of a member that is being written. Its pieces are blobs, which a browser need not keep in memory.
struct MemberBody {
    pieces: Array,
    crc32: crc32fast::Hasher,
    byte_size: u64,
}

impl MemberBody {
    fn new(header: &[u8]) -> Result<Self, ExportError> {
        let mut body = Self { pieces: Array::new(), crc32: crc32fast::Hasher::new(), byte_size: 0 };
        body.push(header)?;
        Ok(body)
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), ExportError> {
        self.crc32.update(bytes);
        self.byte_size += bytes.len() as u64;
        let piece = blob(&Array::of1(&Uint8Array::from(bytes)), "")?;
        self.pieces.push(&piece);
        Ok(())
    }

    fn end(self, name: &str) -> Result<(Entry, Blob), ExportError> {
        let entry = Entry {
            name: name.into(),
            byte_size: self.byte_size,
            crc32: self.crc32.finalize(),
            modified_ms: js_sys::Date::now(),
        };
        Ok((entry, blob(&self.pieces, "")?))
    }
}

/// How the features of all images were computed, by the oldest version among them.
fn spec_of_all(collection: &ImageCollection, origin: &FeatureOrigin) -> Option<FeatureSpec> {
    let images = collection.images();
    let stored = images.collection.in_path_order().filter_map(|(id, _)| images.stored(id));
    let preprocessing = stored.filter_map(|stored| stored.origin.spec()).map(|spec| spec.preprocessing).min()?;
    Some(FeatureSpec { preprocessing, ..origin.spec()?.clone() })
}

/// The features and the other columns of each image, in path order.
fn rows(context: &ExportContext<'_>) -> (Vec<Float32Array>, Vec<Row>) {
    let clustering = context.clusters.result();
    let items = clustering.iter().flat_map(|clustering| &clustering.items);
    let labels: HashMap<&str, u32> = items.filter_map(|item| Some((item.path.as_str(), item.cluster?))).collect();
    let images = context.collection.images();
    let rows = images.collection.in_path_order().filter_map(|(id, image)| {
        let row = Row {
            name: image.path.clone(),
            label: labels.get(image.path.as_str()).copied(),
            byte_size: image.byte_size,
            sha256: image.sha256,
            taken_ms: image.capture.as_ref().and_then(Capture::taken_ms).map(|taken_ms| taken_ms as i64),
        };
        Some((images.stored(id)?.features.clone(), row))
    });
    rows.unzip()
}

async fn features_member(context: &ExportContext<'_>, features: &[Float32Array]) -> Result<MemberBody, ApiError> {
    let columns = features.first().map_or(0, |first| first.length() as usize);
    let mut body = MemberBody::new(&features_header(features.len(), columns))?;
    let mut slices = Slices::start();
    let mut bytes = Vec::new();
    let mut done = 0;
    for piece in features.chunks((PIECE_BYTES / (4 * columns.max(1))).max(1)) {
        bytes.resize(4 * columns * piece.len(), 0);
        for (row, target) in piece.iter().zip(bytes.chunks_exact_mut((4 * columns).max(1))) {
            // Copied without conversion, since every browser runs on little-endian machines.
            let view = Uint8Array::new_with_byte_offset_and_length(&row.buffer(), row.byte_offset(), row.byte_length());
            view.copy_to(target);
        }
        body.push(&bytes)?;
        done += piece.len();
        slices.pause_when_due().await;
        context.operation.check()?;
        context.operation.progress(Stage::Exporting, done, features.len());
    }
    Ok(body)
}
