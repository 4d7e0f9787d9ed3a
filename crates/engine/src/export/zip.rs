//! The zip: one folder per cluster, sidecars, and tables.

use futures_util::stream::{self, StreamExt};
use shoal::archive::{Entry, LEFT_OUT_CSV, left_out_csv};
use shoal_browser::api_error::ApiError;
use shoal_protocol::FileUnreadable;
use web_sys::{Blob, File};

use super::error::ExportError;
use super::export_set::ExportSet;
use super::zip_blob::{member, zip_of};
use super::{ExportContext, ExportOptions, Format, FormatInfo, FormatPlace};
use crate::events::{Event, Stage};

/// The zip: the source files byte for byte in a folder per cluster, with their sidecars, `assignments.csv` and
/// `assignments.json`. A file that has changed or vanished is left out, listed in `left-out.csv`, and reported by a notice.
pub struct Zip;

impl Format for Zip {
    const INFO: FormatInfo = FormatInfo {
        label: "Download zip",
        hint: "One folder per group, with tables of the assignments",
        file_name: "shoal.zip",
        place: FormatPlace::Primary,
    };

    async fn export(context: &ExportContext<'_>, options: ExportOptions) -> Result<Blob, ApiError> {
        let operation = context.operation;
        let mut set = ExportSet::of(context, options).await?;
        // Files without a checksum are read first; then every file is checked.
        let unknown = set.files.iter().filter(|file| file.crc32.is_none()).count();
        let total = set.files.len() + unknown;
        operation.progress(Stage::Exporting, 0, total);
        if unknown > 0 {
            add_checksums(context, &mut set, total).await?;
        }
        set.check_files(context, |checked| operation.progress(Stage::Exporting, unknown + checked, total)).await?;
        let mut tables = set.tables(context)?;
        if !set.left_out.is_empty() {
            tables.push((LEFT_OUT_CSV.into(), left_out_csv(&set.left_out)?));
        }
        let (mut entries, mut bodies): (Vec<Entry>, Vec<Blob>) = set
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
        let zip = zip_of(operation, &entries, &bodies).await?;
        if !set.left_out.is_empty() {
            operation.emit(Event::Notice(ExportError::FilesLeftOut { count: set.left_out.len() }.into()));
        }
        Ok(zip)
    }
}

/// Computes the checksums of files that have never been read.
async fn add_checksums(context: &ExportContext<'_>, set: &mut ExportSet, total: usize) -> Result<(), ApiError> {
    let client = context.client().await?;
    let unknown: Vec<usize> = (0..set.files.len()).filter(|&at| set.files[at].crc32.is_none()).collect();
    let files: Vec<File> = unknown.iter().map(|&at| set.files[at].file.clone()).collect();
    let mut errors = vec![None; set.files.len()];
    let mut checksums =
        stream::iter(files).map(async |file| client.crc32(&file).await).buffered(4 * client.workers()).enumerate();
    while let Some((index, checksum)) = checksums.next().await {
        context.operation.check()?;
        match checksum {
            Ok(crc32) => set.files[unknown[index]].crc32 = Some(crc32),
            Err(error) if error.code == FileUnreadable::CODE => errors[unknown[index]] = Some(ExportError::FileChanged),
            Err(error) => return Err(error),
        }
        context.operation.progress(Stage::Exporting, index + 1, total);
    }
    set.leave_out(errors);
    Ok(())
}
