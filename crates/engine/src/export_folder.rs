//! `exportFolder`: the same as the zip, copied into a folder that a person chose. Done again, it goes on where it stopped.

use js_sys::{Array, Uint8Array};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, FileSystemDirectoryHandle};

use crate::export_set::{ExportFile, file_changed, look};
use crate::folder_writer::{FolderWriter, Put};
use crate::pool::Pool;
use crate::{Engine, ExportOptions, Stage};
use shoal::collection::Rejection;
use shoal_browser::api_error::ApiError;
use shoal_browser::blob::{blob_of, bytes_of};

/// What became of the files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct FolderReport {
    /// How many were written, tables not counted.
    pub written: usize,
    /// How many were there already.
    pub present: usize,
    /// Those that were not written, and why.
    pub skipped: Vec<Rejection>,
}

impl Engine {
    /// Copies the pictures of the latest result into a folder per cluster below `target`, with sidecars and tables as in
    /// the zip. Nothing is written over: what is there already with the same bytes is left, anything else keeps its name and
    /// the newcomer takes a number. A file that cannot be written is skipped; when it is cancelled, what was written stays.
    pub async fn export_folder(&self, target: JsValue, options: ExportOptions) -> Result<FolderReport, ApiError> {
        let target: FileSystemDirectoryHandle = target
            .dyn_into()
            .map_err(|_| ApiError::new("bad-option", "exportFolder takes a FileSystemDirectoryHandle"))?;
        let operation = self.begin().await?;
        let export_set = self.export_set(&operation, options).await?;
        let (pool, _) = self.pool().await?;
        let tables = self.tables(&export_set)?;
        let mut writer = FolderWriter::new(target, &operation);
        let mut told = FolderReport { skipped: export_set.left_out, ..FolderReport::default() };
        let total = export_set.files.len() + tables.len();
        self.progress(Stage::Copying, 0, total);
        for (index, file) in export_set.files.iter().enumerate() {
            operation.check()?;
            match self.copy(&mut writer, &pool, file).await {
                Ok(Put::Written) => told.written += 1,
                Ok(Put::Present) => told.present += 1,
                Err(failure) if failure.is_cancelled() => return Err(failure),
                Err(ApiError { code, message }) => {
                    told.skipped.push(Rejection { path: file.placed.path.clone(), code, reason: message });
                }
            }
            self.progress(Stage::Copying, index + 1, total);
        }
        for (index, (name, bytes)) in tables.into_iter().enumerate() {
            let body = blob_of(&Array::of1(&Uint8Array::from(bytes.as_slice())), "")?;
            let is_same = async |there: File| {
                let unreadable = |thrown| ApiError::thrown("file-unreadable", "the file could not be read", &thrown);
                Ok(bytes_of(&there).await.map_err(unreadable)?.to_vec() == bytes)
            };
            match writer.put(&name, &body, is_same).await {
                Err(failure) if failure.is_cancelled() => return Err(failure),
                Err(ApiError { code, message }) => told.skipped.push(Rejection { path: name, code, reason: message }),
                Ok(_) => {}
            }
            self.progress(Stage::Copying, export_set.files.len() + index + 1, total);
        }
        Ok(told)
    }

    async fn copy(&self, writer: &mut FolderWriter<'_>, pool: &Pool, file: &ExportFile) -> Result<Put, ApiError> {
        if let Some(failure) = look(file).await {
            return Err(failure);
        }
        let is_same = async |there: File| {
            let own = match file.crc32 {
                Some(known) => known,
                None => self.crc32_of(pool, &file.file).await?,
            };
            Ok(self.crc32_of(pool, &there).await? == own)
        };
        match writer.put(&file.placed.entry_name, &file.file, is_same).await {
            Err(failure) if failure.is_cancelled() => Err(failure),
            // Whether the original or its copy is to blame shows in the original.
            Err(failure) => Err(if look(file).await.is_some() { file_changed() } else { failure }),
            put => put,
        }
    }
}
