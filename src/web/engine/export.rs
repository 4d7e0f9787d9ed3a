//! `exportZip`: one folder a cluster, made of references to the originals, so that memory stays flat.

use js_sys::{Array, Uint8Array};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag};

use crate::archive::{
    ASSIGNMENTS_CSV, ASSIGNMENTS_JSON, Entry, Segment, assignments_csv, assignments_json, plan, zip_segments,
};
use crate::web::engine::{Engine, Stage};
use crate::web::failure::Failure;

impl Engine {
    /// The zip of the latest result: the originals byte for byte in a folder per cluster, `assignments.csv` and
    /// `assignments.json`.
    pub async fn export_zip(&self) -> Result<Blob, Failure> {
        let turn = self.begin().await?;
        let outcome =
            self.outcome().ok_or_else(|| Failure::new("nothing-clustered", "there are no groups to take home yet"))?;
        let mut entries = Vec::new();
        let mut bodies: Vec<Blob> = Vec::new();
        let placed = plan(&outcome);
        self.originals(&self.known(&outcome.items.iter().map(|item| item.path.clone()).collect::<Vec<_>>())?)?;
        let total = placed.len();
        for (index, place) in placed.into_iter().enumerate() {
            let (file, byte_size, crc32, modified_ms) = {
                let store = self.0.store.borrow();
                let known = store.collection.by_path(&place.path);
                let known = known.and_then(|(id, picture)| Some((picture, store.file_of(id)?)));
                let Some((picture, file)) = known else { continue };
                (file.clone(), picture.byte_size, picture.crc32, picture.modified_ms)
            };
            if file.size() as u64 != byte_size || !is_readable(&file).await {
                let message = format!("{} has changed or vanished since it was added; drop it again", place.path);
                return Err(Failure::new("file-changed", message));
            }
            turn.check()?;
            entries.push(Entry { name: place.entry_name, byte_size, crc32, modified_ms });
            bodies.push(file.into());
            self.progress(Stage::Exporting, index + 1, total);
        }
        let tables = [
            (ASSIGNMENTS_CSV, assignments_csv(&outcome)?),
            (
                ASSIGNMENTS_JSON,
                assignments_json(&outcome, &self.0.store.borrow().collection, &self.0.arrangement.borrow())?,
            ),
        ];
        for (name, bytes) in tables {
            entries.push(Entry {
                name: name.into(),
                byte_size: bytes.len() as u64,
                crc32: crc32fast::hash(&bytes),
                modified_ms: js_sys::Date::now(),
            });
            bodies.push(blob_of(&Array::of1(&Uint8Array::from(bytes.as_slice())), "")?);
        }
        zip_of(&entries, &bodies)
    }
}

/// A zip of these entries, whose bodies are referred to rather than copied.
pub(super) fn zip_of(entries: &[Entry], bodies: &[Blob]) -> Result<Blob, Failure> {
    let parts = Array::new();
    for segment in zip_segments(entries)? {
        match segment {
            Segment::Bytes(bytes) => parts.push(&Uint8Array::from(bytes.as_slice())),
            Segment::Body(index) => parts.push(&bodies[index]),
        };
    }
    blob_of(&parts, "application/zip")
}

/// A blob of these parts, of this media type.
pub(super) fn blob_of(parts: &Array, kind: &str) -> Result<Blob, Failure> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    Blob::new_with_blob_sequence_and_options(parts, &options)
        .map_err(|thrown| Failure::thrown("zip-failed", "the zip could not be put together", &thrown))
}

async fn is_readable(file: &Blob) -> bool {
    match file.slice_with_i32_and_i32(0, 1) {
        Ok(start) => JsFuture::from(start.array_buffer()).await.is_ok(),
        Err(_) => false,
    }
}
