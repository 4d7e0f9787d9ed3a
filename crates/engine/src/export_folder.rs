//! `exportFolder`: the same as the zip, copied into a folder that a person chose. Done again, it goes on where it stopped.

use js_sys::{Array, Uint8Array};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{File, FileSystemDirectoryHandle};

use crate::folder_writer::{FolderWriter, Put};
use crate::goods::{Parcel, file_changed, look};
use crate::pool::Pool;
use crate::{Engine, Stage, TakeHome};
use shoal::library::Refusal;
use shoal_browser::blob::{blob_of, bytes_of};
use shoal_browser::failure::Failure;

/// What became of the files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, tsify::Tsify)]
#[serde(rename_all = "camelCase")]
pub struct InFolder {
    /// How many were written, tables not counted.
    pub written: usize,
    /// How many were there already.
    pub present: usize,
    /// Those that were not written, and why.
    pub skipped: Vec<Refusal>,
}

impl Engine {
    /// Copies the pictures of the latest result into a folder per cluster below `target`, with companions and tables as in
    /// the zip. Nothing is written over: what is there already with the same bytes is left, anything else keeps its name and
    /// the newcomer takes a number. A file that cannot be written is skipped; when it is cancelled, what was written stays.
    pub async fn export_folder(&self, target: JsValue, options: TakeHome) -> Result<InFolder, Failure> {
        let target: FileSystemDirectoryHandle = target
            .dyn_into()
            .map_err(|_| Failure::new("bad-option", "exportFolder takes a FileSystemDirectoryHandle"))?;
        let turn = self.begin().await?;
        let goods = self.goods(&turn, options).await?;
        let (pool, _) = self.pool().await?;
        let tables = self.tables(&goods)?;
        let mut writer = FolderWriter::new(target, &turn);
        let mut told = InFolder { skipped: goods.left_out, ..InFolder::default() };
        let total = goods.parcels.len() + tables.len();
        self.progress(Stage::Copying, 0, total);
        for (index, parcel) in goods.parcels.iter().enumerate() {
            turn.check()?;
            match self.copy(&mut writer, &pool, parcel).await {
                Ok(Put::Written) => told.written += 1,
                Ok(Put::Present) => told.present += 1,
                Err(failure) if failure.is_cancelled() => return Err(failure),
                Err(Failure { code, message }) => {
                    told.skipped.push(Refusal { path: parcel.placed.path.clone(), code, reason: message });
                }
            }
            self.progress(Stage::Copying, index + 1, total);
        }
        for (index, (name, bytes)) in tables.into_iter().enumerate() {
            let body = blob_of(&Array::of1(&Uint8Array::from(bytes.as_slice())), "")?;
            let is_same = async |there: File| {
                let unreadable = |thrown| Failure::thrown("unreadable-file", "the file could not be read", &thrown);
                Ok(bytes_of(&there).await.map_err(unreadable)?.to_vec() == bytes)
            };
            match writer.put(&name, &body, is_same).await {
                Err(failure) if failure.is_cancelled() => return Err(failure),
                Err(Failure { code, message }) => told.skipped.push(Refusal { path: name, code, reason: message }),
                Ok(_) => {}
            }
            self.progress(Stage::Copying, goods.parcels.len() + index + 1, total);
        }
        Ok(told)
    }

    async fn copy(&self, writer: &mut FolderWriter<'_>, pool: &Pool, parcel: &Parcel) -> Result<Put, Failure> {
        if let Some(failure) = look(parcel).await {
            return Err(failure);
        }
        let is_same = async |there: File| {
            let own = match parcel.crc32 {
                Some(known) => known,
                None => self.crc32_of(pool, &parcel.file).await?,
            };
            Ok(self.crc32_of(pool, &there).await? == own)
        };
        match writer.put(&parcel.placed.entry_name, &parcel.file, is_same).await {
            Err(failure) if failure.is_cancelled() => Err(failure),
            // Whether the original or its copy is to blame shows in the original.
            Err(failure) => Err(if look(parcel).await.is_some() { file_changed() } else { failure }),
            put => put,
        }
    }
}
