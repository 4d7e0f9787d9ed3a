//! Copying the same files as in the zip into a folder that the user chose. A repeated export continues where it stopped.

use js_sys::{Array, Uint8Array};
use shoal_browser::api_error::{ApiError, thrown_message};
use shoal_browser::blob::bytes_of;
use shoal_protocol::FileUnreadable;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, FileSystemDirectoryHandle};

use super::error::ExportError;
use super::export_set::{ExportFile, ExportSet, check_file};
use super::folder_writer::{FolderWriter, Put};
use super::zip_blob::blob;
use super::{ExportContext, ExportOptions};
use crate::compute::Client;
use crate::events::Stage;
use crate::reports::FolderReport;

/// Checks that `target` is a folder.
///
/// # Errors
/// [`ExportError::NotAFolder`].
pub fn folder_handle(target: JsValue) -> Result<FileSystemDirectoryHandle, ExportError> {
    target.dyn_into().map_err(|_| ExportError::NotAFolder)
}

/// Copies the images of the latest result into a folder per cluster below `target`, with sidecars and tables as in the zip.
/// Nothing is overwritten: a file with the same bytes is skipped, and next to any other file the new one gets a number. A file
/// that cannot be written is skipped. Files that were written before the operation is cancelled stay.
pub async fn export_folder(
    context: &ExportContext<'_>,
    target: JsValue,
    options: ExportOptions,
) -> Result<FolderReport, ApiError> {
    let operation = context.operation;
    let target = folder_handle(target)?;
    let set = ExportSet::of(context, options).await?;
    let client = context.client().await?;
    let tables = set.tables(context)?;
    let mut writer = FolderWriter::new(target, operation);
    let total = set.files.len() + tables.len();
    let mut report = FolderReport { skipped: set.left_out, ..FolderReport::default() };
    operation.progress(Stage::Copying, 0, total);
    for (index, file) in set.files.iter().enumerate() {
        operation.check()?;
        match copy(&mut writer, &client, file).await {
            Ok(Put::Written) => report.written += 1,
            Ok(Put::Present) => report.present += 1,
            Err(error) if error.is_cancelled() => return Err(error),
            Err(error) => report.skipped.push(error.into_rejection(file.placed.path.clone())),
        }
        operation.progress(Stage::Copying, index + 1, total);
    }
    for (index, (name, bytes)) in tables.into_iter().enumerate() {
        let body = blob(&Array::of1(&Uint8Array::from(bytes.as_slice())), "")?;
        let is_same = async |existing: File| {
            let unreadable = |thrown| FileUnreadable(thrown_message(&thrown));
            Ok(bytes_of(&existing).await.map_err(unreadable)?.to_vec() == bytes)
        };
        match writer.put(&name, &body, is_same).await {
            Err(error) if error.is_cancelled() => return Err(error),
            Err(error) => report.skipped.push(error.into_rejection(name)),
            Ok(_) => {}
        }
        operation.progress(Stage::Copying, set.files.len() + index + 1, total);
    }
    Ok(report)
}

async fn copy(writer: &mut FolderWriter<'_>, client: &Client, file: &ExportFile) -> Result<Put, ApiError> {
    check_file(file).await?;
    let is_same = async |existing: File| {
        let source_crc32 = match file.crc32 {
            Some(known) => known,
            None => client.crc32(&file.file).await?,
        };
        Ok(client.crc32(&existing).await? == source_crc32)
    };
    match writer.put(&file.placed.entry_name, &file.file, is_same).await {
        Err(error) if error.is_cancelled() => Err(error),
        // If the source file has changed meanwhile, that is the cause.
        Err(error) => Err(check_file(file).await.err().map_or(error, ApiError::from)),
        put => put,
    }
}
