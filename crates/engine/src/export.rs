//! `exportZip`: one folder a cluster, made of references to the originals, so that memory stays flat.

use futures_util::stream::{self, StreamExt};
use js_sys::{Array, Uint8Array};
use web_sys::Blob;

use crate::export_set::ExportSet;
use crate::{Engine, Event, ExportOptions, Operation, Stage};
use shoal::archive::{Entry, LEFT_OUT_CSV, ZipWriter, left_out_csv};
use shoal_browser::api_error::ApiError;
use shoal_browser::blob::blob_of;
use shoal_browser::pause::Slices;

/// So many entries make a blob of their own: none is put together of so many parts that it would hold the page up.
const ENTRIES_A_BLOB: usize = 256;

impl Engine {
    /// The zip of the latest result: the originals byte for byte in a folder per cluster, their sidecars beside them,
    /// `assignments.csv` and `assignments.json`. A file that has changed or vanished is left out, listed in `left-out.csv`,
    /// and told of in a notice.
    pub async fn export_zip(&self, options: ExportOptions) -> Result<Blob, ApiError> {
        let operation = self.begin().await?;
        let mut export_set = self.export_set(&operation, options).await?;
        // Every file is read a little at the end, those of which nothing is known yet from end to end before.
        let unknown = export_set.files.iter().filter(|file| file.crc32.is_none()).count();
        let total = export_set.files.len() + unknown;
        self.progress(Stage::Exporting, 0, total);
        if unknown > 0 {
            self.checksum(&operation, &mut export_set, total).await?;
        }
        self.look_again(&operation, &mut export_set, |looked| self.progress(Stage::Exporting, unknown + looked, total))
            .await?;
        let mut tables = self.tables(&export_set)?;
        if !export_set.left_out.is_empty() {
            tables.push((LEFT_OUT_CSV.into(), left_out_csv(&export_set.left_out)?));
        }
        let (mut entries, mut bodies): (Vec<Entry>, Vec<Blob>) = export_set
            .files
            .into_iter()
            .map(|file| {
                let (name, byte_size, modified_ms) = (file.placed.entry_name, file.byte_size, file.modified_ms);
                (Entry { name, byte_size, crc32: file.crc32.unwrap_or_default(), modified_ms }, file.file.into())
            })
            .unzip();
        for (name, bytes) in tables {
            let (entry, body) = member(name, &bytes)?;
            entries.push(entry);
            bodies.push(body);
        }
        let zip = zip_of(&operation, &entries, &bodies).await?;
        self.tell_left_out(export_set.left_out.len());
        Ok(zip)
    }

    /// Finds out the checksums of files that were never read as a whole.
    async fn checksum(
        &self,
        operation: &Operation<'_>,
        export_set: &mut ExportSet,
        total: usize,
    ) -> Result<(), ApiError> {
        let (pool, _) = self.pool().await?;
        let unknown: Vec<usize> =
            (0..export_set.files.len()).filter(|&at| export_set.files[at].crc32.is_none()).collect();
        let files: Vec<_> = unknown.iter().map(|&at| export_set.files[at].file.clone()).collect();
        let mut troubles = vec![None; export_set.files.len()];
        let mut sums = stream::iter(files)
            .map(async |file| self.crc32_of(&pool, &file).await)
            .buffered(4 * pool.workers())
            .enumerate();
        while let Some((index, sum)) = sums.next().await {
            operation.check()?;
            match sum {
                Ok(crc32) => export_set.files[unknown[index]].crc32 = Some(crc32),
                Err(failure) if failure.code == "file-unreadable" => {
                    troubles[unknown[index]] = Some(super::export_set::file_changed());
                }
                Err(failure) => return Err(failure),
            }
            self.progress(Stage::Exporting, index + 1, total);
        }
        export_set.leave_out(troubles);
        Ok(())
    }

    fn tell_left_out(&self, count: usize) {
        if count > 0 {
            let files = if count == 1 { "1 file".into() } else { format!("{count} files") };
            let words = format!("{files} could not be taken along: {LEFT_OUT_CSV} in the zip says which, and why");
            self.tell(Event::Notice(ApiError::new("files-left-out", words)));
        }
    }
}

/// A member of a zip made here and now.
pub(super) fn member(name: String, bytes: &[u8]) -> Result<(Entry, Blob), ApiError> {
    let entry =
        Entry { name, byte_size: bytes.len() as u64, crc32: crc32fast::hash(bytes), modified_ms: js_sys::Date::now() };
    Ok((entry, blob_of(&Array::of1(&Uint8Array::from(bytes)), "")?))
}

/// A zip of these entries, whose bodies are referred to rather than copied.
pub(super) async fn zip_of(operation: &Operation<'_>, entries: &[Entry], bodies: &[Blob]) -> Result<Blob, ApiError> {
    let mut writer = ZipWriter::default();
    let parts = Array::new();
    let mut slices = Slices::start();
    for (entries, bodies) in entries.chunks(ENTRIES_A_BLOB).zip(bodies.chunks(ENTRIES_A_BLOB)) {
        let some = Array::new();
        for (entry, body) in entries.iter().zip(bodies) {
            some.push(&Uint8Array::from(writer.begin(entry)?.as_slice()));
            some.push(body);
        }
        let blob = blob_of(&some, "")?;
        parts.push(&blob);
        slices.pause_when_due().await;
        operation.check()?;
    }
    parts.push(&Uint8Array::from(writer.end()?.as_slice()));
    blob_of(&parts, "application/zip")
}
