//! `exportFeatures`: a `.npz` put together piece by piece, so that memory stays flat and the page alive.

use std::collections::HashMap;

use js_sys::{Array, Float32Array, Uint8Array};
use web_sys::Blob;

use crate::export::zip_of;
use crate::{Engine, Operation, Stage};
use shoal::archive::Entry;
use shoal::archive::npz::{Column, Columns, FEATURES_NPY, Row, SHOAL_JSON, feature_spec_json, features_header};
use shoal_browser::api_error::ApiError;
use shoal_browser::blob::blob_of;
use shoal_browser::pause::Slices;

/// About so many bytes of features are in this program's memory at once.
const PIECE_BYTES: usize = 4 << 20;
/// So many rows of the other columns are.
const COLUMN_ROWS: usize = 2048;

/// A member on its way into the file. Its pieces are blobs, which a browser need not keep in memory.
struct Body {
    pieces: Array,
    crc32: crc32fast::Hasher,
    byte_size: u64,
}

impl Body {
    fn new(header: &[u8]) -> Result<Self, ApiError> {
        let mut body = Self { pieces: Array::new(), crc32: crc32fast::Hasher::new(), byte_size: 0 };
        body.push(header)?;
        Ok(body)
    }

    fn push(&mut self, bytes: &[u8]) -> Result<(), ApiError> {
        self.crc32.update(bytes);
        self.byte_size += bytes.len() as u64;
        let piece = blob_of(&Array::of1(&Uint8Array::from(bytes)), "")?;
        self.pieces.push(&piece);
        Ok(())
    }

    fn end(self, name: &str) -> Result<(Entry, Blob), ApiError> {
        let entry = Entry {
            name: name.into(),
            byte_size: self.byte_size,
            crc32: self.crc32.finalize(),
            modified_ms: js_sys::Date::now(),
        };
        Ok((entry, blob_of(&self.pieces, "")?))
    }
}

impl Engine {
    /// The features of all pictures as the settings want them, with paths, clusters, sizes and hashes: a `.npz`. A picture
    /// whose features were made otherwise is embedded anew before.
    pub async fn export_features(&self) -> Result<Blob, ApiError> {
        let operation = self.begin().await?;
        if self.is_empty() {
            return Err(ApiError::new("no-pictures", "there are no pictures whose features could be saved"));
        }
        let embedder = self.fresh(&operation).await?;
        let made = self.feature_origin(embedder.pool()).await?;
        operation.check()?;
        let (features, rows) = self.rows_to_export();
        let mut members = vec![self.features_body(&operation, &features).await?.end(FEATURES_NPY)?];
        let columns = Columns::new(rows);
        let mut slices = Slices::start();
        // Sizes and hashes are of all pictures or of none.
        let all_seen =
            self.0.store.borrow().collection.in_path_order().all(|(_, picture)| picture.known_sha256().is_some());
        let told = |column: &Column| all_seen || matches!(column, Column::Names | Column::Labels);
        for column in Column::ALL.into_iter().filter(told) {
            let mut body = Body::new(&columns.header(column))?;
            for start in (0..columns.len()).step_by(COLUMN_ROWS) {
                body.push(&columns.values(column, start..(start + COLUMN_ROWS).min(columns.len())))?;
                slices.pause_when_due().await;
                operation.check()?;
            }
            members.push(body.end(column.member())?);
        }
        if let Some(made) = made.made() {
            members.push(Body::new(&feature_spec_json(made)?)?.end(SHOAL_JSON)?);
        }
        let (entries, bodies): (Vec<Entry>, Vec<Blob>) = members.into_iter().unzip();
        zip_of(&operation, &entries, &bodies).await
    }

    /// The features and what else is said of each picture, in path order.
    fn rows_to_export(&self) -> (Vec<Float32Array>, Vec<Row>) {
        let clustering = self.clustering();
        let items = clustering.iter().flat_map(|clustering| &clustering.items);
        let labels: HashMap<&str, u32> = items.filter_map(|item| Some((item.path.as_str(), item.cluster?))).collect();
        let store = self.0.store.borrow();
        let pictures = store.collection.in_path_order();
        let rows = pictures.filter_map(|(id, picture)| {
            let row = Row {
                name: picture.path.clone(),
                label: labels.get(picture.path.as_str()).copied(),
                byte_size: picture.byte_size,
                sha256: picture.sha256,
            };
            Some((store.stored(id)?.features.clone(), row))
        });
        rows.unzip()
    }

    async fn features_body(&self, operation: &Operation<'_>, features: &[Float32Array]) -> Result<Body, ApiError> {
        let columns = features.first().map_or(0, |first| first.length() as usize);
        let mut body = Body::new(&features_header(features.len(), columns))?;
        let mut slices = Slices::start();
        let mut bytes = Vec::new();
        let mut done = 0;
        for piece in features.chunks((PIECE_BYTES / (4 * columns.max(1))).max(1)) {
            bytes.resize(4 * columns * piece.len(), 0);
            for (row, target) in piece.iter().zip(bytes.chunks_exact_mut((4 * columns).max(1))) {
                // The bytes as they lie there: no browser runs on a machine that would have them the other way round.
                let view =
                    Uint8Array::new_with_byte_offset_and_length(&row.buffer(), row.byte_offset(), row.byte_length());
                view.copy_to(target);
            }
            body.push(&bytes)?;
            done += piece.len();
            slices.pause_when_due().await;
            operation.check()?;
            self.progress(Stage::Exporting, done, features.len());
        }
        Ok(body)
    }
}
