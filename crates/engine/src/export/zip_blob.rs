//! Zips of references to files, so that memory stays flat at any size.

use js_sys::{Array, Uint8Array};
use shoal::archive::{Entry, ZipWriter};
use shoal_browser::api_error::{ApiError, thrown_message};
use shoal_browser::blob::blob_of;
use shoal_browser::yielding::Slices;
use web_sys::Blob;

use super::error::ExportError;
use crate::operation::Operation;

/// How many entries are joined into one blob, since a blob of too many parts blocks the page.
const ENTRIES_PER_BLOB: usize = 256;

/// An entry with these bytes.
pub fn member(name: String, bytes: &[u8]) -> Result<(Entry, Blob), ExportError> {
    let entry =
        Entry { name, byte_size: bytes.len() as u64, crc32: crc32fast::hash(bytes), modified_ms: js_sys::Date::now() };
    Ok((entry, blob(&Array::of1(&Uint8Array::from(bytes)), "")?))
}

/// A zip of these entries. Their bodies are referenced, not copied.
pub async fn zip_of(operation: &Operation, entries: &[Entry], bodies: &[Blob]) -> Result<Blob, ApiError> {
    let mut writer = ZipWriter::new(utc_offset_ms);
    let parts = Array::new();
    let mut slices = Slices::start();
    for (entries, bodies) in entries.chunks(ENTRIES_PER_BLOB).zip(bodies.chunks(ENTRIES_PER_BLOB)) {
        let some = Array::new();
        for (entry, body) in entries.iter().zip(bodies) {
            some.push(&Uint8Array::from(writer.begin(entry)?.as_slice()));
            some.push(body);
        }
        let blob = blob(&some, "")?;
        parts.push(&blob);
        slices.pause_when_due().await;
        operation.check()?;
    }
    parts.push(&Uint8Array::from(writer.end()?.as_slice()));
    Ok(blob(&parts, "application/zip")?)
}

/// How far local time is ahead of UTC at this time, both in milliseconds.
fn utc_offset_ms(time_ms: f64) -> f64 {
    let behind_minutes = js_sys::Date::new(&time_ms.into()).get_timezone_offset();
    // Not a number for a time that is not one.
    if behind_minutes.is_finite() { -behind_minutes * 60_000.0 } else { 0.0 }
}

/// A blob of these parts.
pub fn blob(parts: &Array, media_type: &str) -> Result<Blob, ExportError> {
    blob_of(parts, media_type).map_err(|thrown| ExportError::ZipFailed(thrown_message(&thrown)))
}
